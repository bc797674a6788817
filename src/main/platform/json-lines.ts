import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { codeOf } from './atomic-file.ts';

/** Longer lines are counted as bad and skipped; they are never held in memory. */
export const MAX_LINE_BYTES = 1024 * 1024;
/** Read at a time, so that a file of any size costs this much memory. */
const PIECE_BYTES = 256 * 1024;
const NEWLINE = 0x0a;

/** One for all readers: making one costs more than most files take to read, and between whole lines it remembers nothing. */
const UTF8 = new TextDecoder('utf-8', { fatal: true });

export interface LinesRead {
  readonly values: readonly unknown[];
  /** Lines that were too long, not UTF-8 or not JSON. */
  readonly bad: number;
  /** More was there than `limitBytes` allowed: read again. */
  readonly more: boolean;
}

/**
 * Follows a file of JSON lines that somebody else appends to. A torn last line is left for the next call.
 * Synchronous: a call reads what has come since the last one, which is little.
 */
export interface JsonLinesReader {
  /** Behind the last line that is done with; reading can resume here in another process. */
  readonly offset: number;
  read(limitBytes?: number): LinesRead;
}

export function createJsonLinesReader(path: string, from = 0): JsonLinesReader {
  let lineStart = from;
  let position = from;
  let partial: Buffer[] = [];
  let partialBytes = 0;
  let skipping = false;

  function keep(piece: Buffer): void {
    if (skipping) return;
    partialBytes += piece.length;
    if (partialBytes > MAX_LINE_BYTES) {
      skipping = true;
      partial = [];
    } else if (piece.length > 0) {
      partial.push(Buffer.from(piece));
    }
  }

  /** Gives up the line at hand; undefined = an empty line. */
  function finishLine(): { value: unknown } | 'bad' | undefined {
    const bytes = partial.length === 1 && partial[0] ? partial[0] : Buffer.concat(partial);
    const tooLong = skipping;
    partial = [];
    partialBytes = 0;
    skipping = false;
    if (tooLong) return 'bad';
    if (bytes.length === 0) return undefined;
    try {
      return { value: JSON.parse(UTF8.decode(bytes)) };
    } catch {
      return 'bad';
    }
  }

  function read(limitBytes = 8 * 1024 * 1024): LinesRead {
    const values: unknown[] = [];
    let bad = 0;
    const file = openOrNull(path);
    if (file === null) return { values, bad, more: false };
    try {
      // A file shorter than what was read has been replaced; what it holds now is not ours to guess.
      const end = fstatSync(file).size;
      const stop = Math.min(end, position + limitBytes);
      const piece = Buffer.allocUnsafe(Math.max(1, Math.min(PIECE_BYTES, stop - position)));
      while (position < stop) {
        const count = readSync(file, piece, 0, Math.min(piece.length, stop - position), position);
        if (count === 0) break;
        let start = 0;
        while (start < count) {
          const newline = piece.subarray(0, count).indexOf(NEWLINE, start);
          if (newline < 0) break;
          keep(piece.subarray(start, newline));
          const line = finishLine();
          if (line === 'bad') bad += 1;
          else if (line) values.push(line.value);
          start = newline + 1;
          lineStart = position + start;
        }
        keep(piece.subarray(start, count));
        position += count;
      }
      return { values, bad, more: position < end };
    } catch (error) {
      // A volume that fails for a moment, or a folder in the file's place: what was read counts, the rest may come.
      if (codeOf(error) === '') throw error;
      return { values, bad, more: false };
    } finally {
      closeSync(file);
    }
  }

  return {
    get offset() {
      return lineStart;
    },
    read,
  };
}

function openOrNull(path: string): number | null {
  try {
    return openSync(path, 'r');
  } catch (error) {
    if (codeOf(error) !== '') return null;
    throw error;
  }
}
