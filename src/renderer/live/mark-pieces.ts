import type { TerminalSpan, TerminalStyle } from '../../shared/domain/ansi.ts';
import type { MatchRange } from '../../shared/domain/search.ts';

/** A stretch of a line with one style, inside or outside a match. `start` = where it begins in the plain text. */
export interface MarkedPiece {
  readonly text: string;
  readonly style: TerminalStyle;
  readonly marked: boolean;
  readonly start: number;
}

/** Cuts styled spans at the ends of matches, which may lie across spans. Ranges rise and do not overlap. */
export function markPieces(
  spans: readonly TerminalSpan[],
  ranges: readonly MatchRange[],
): readonly MarkedPiece[] {
  const pieces: MarkedPiece[] = [];
  let offset = 0;
  for (const span of spans) {
    const end = offset + span.text.length;
    const cuts = new Set([offset, end]);
    for (const range of ranges) {
      for (const cut of [range.start, range.end]) if (cut > offset && cut < end) cuts.add(cut);
    }
    const sorted = [...cuts].toSorted((a, b) => a - b);
    for (const [at, start] of sorted.entries()) {
      const stop = sorted[at + 1];
      if (stop === undefined) break;
      const marked = ranges.some((range) => range.start <= start && range.end >= stop);
      pieces.push({ text: span.text.slice(start - offset, stop - offset), style: span.style, marked, start });
    }
    offset = end;
  }
  return pieces;
}
