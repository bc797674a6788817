import { type CSSProperties, memo } from 'react';
import { parseSpans, type TerminalColor, type TerminalStyle } from '../../../shared/domain/ansi.ts';
import { createMatcher, type SearchPattern } from '../../../shared/domain/search.ts';
import { type MarkedPiece, markPieces } from '../../live/mark-pieces.ts';

interface LogLineProps {
  /** From 0; null = not counted yet. */
  readonly number: number | null;
  /** Null = on its way. */
  readonly text: string | null;
  readonly hit: boolean;
  readonly current: boolean;
  readonly search: SearchPattern | null;
}

/**
 * One line of a terminal: its number, then its text in the terminal's colours. Text nodes only, never HTML. While a log
 * grows only its last lines differ, and only they are drawn again.
 */
export const LogLine = memo(function LogLine({ number, text, hit, current, search }: LogLineProps) {
  const ranges = hit && search !== null && text !== null ? createMatcher(search)(text) : [];
  return (
    <div className="log-line" data-current={current || undefined}>
      <span className="log-number" aria-hidden="true">
        {number === null ? '' : number + 1}
      </span>
      <span className="log-text">
        {text === null || text === '' ? '\u00a0' : markPieces(parseSpans(text), ranges).map(pieceElement)}
      </span>
    </div>
  );
});

function pieceElement(piece: MarkedPiece) {
  const style = cssOf(piece.style);
  if (piece.marked) {
    return (
      <mark key={piece.start} style={style}>
        {piece.text}
      </mark>
    );
  }
  return style === undefined ? (
    piece.text
  ) : (
    <span key={piece.start} style={style}>
      {piece.text}
    </span>
  );
}

const names = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const;

function cssColor(color: TerminalColor | null): string | undefined {
  if (color === null) return undefined;
  if (typeof color === 'string') return color;
  return `var(--ansi-${names[color % 8] ?? 'white'})`;
}

/** Undefined for plain text, which then needs no element of its own. */
function cssOf(style: TerminalStyle): CSSProperties | undefined {
  const front = style.inverse ? (cssColor(style.background) ?? 'var(--card)') : cssColor(style.foreground);
  const back = style.inverse ? (cssColor(style.foreground) ?? 'var(--text)') : cssColor(style.background);
  const css: CSSProperties = {
    ...(front ? { color: front } : {}),
    ...(back ? { background: back } : {}),
    ...(style.bold ? { fontWeight: 700 } : {}),
    ...(style.dim ? { opacity: 0.65 } : {}),
    ...(style.italic ? { fontStyle: 'italic' } : {}),
    ...(style.underline ? { textDecoration: 'underline' } : {}),
  };
  return Object.keys(css).length === 0 ? undefined : css;
}
