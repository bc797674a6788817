/**
 * Lines listed at once. A browser cuts an element off at about 33.5 million pixels, which is 1.86 million lines of
 * 18 pixels, so a longer log is listed in windows.
 */
export const WINDOW_LINES = 1_000_000;

/** The start of the last window moves in steps, so that a growing log does not shift under the reader's eyes. */
const STEP = 100_000;

/** A stretch of consecutive lines. */
export interface LogWindow {
  /** Number of the first line listed. */
  readonly start: number;
  readonly count: number;
}

/**
 * The window to list: the one that holds the match looked at, else the one that was asked for, else the end.
 * `found` and `asked` are line numbers, null = none.
 */
export function logWindow(totalLines: number, found: number | null, asked: number | null): LogWindow {
  const last = Math.max(0, Math.ceil((totalLines - WINDOW_LINES) / STEP) * STEP);
  const preferred = Math.min(asked ?? last, last);
  const holds = found === null || (found >= preferred && found < preferred + WINDOW_LINES);
  const start = holds ? preferred : Math.min(last, Math.max(0, found - WINDOW_LINES / 2));
  return { start, count: Math.max(0, Math.min(WINDOW_LINES, totalLines - start)) };
}
