import { describe, expect, it } from 'vitest';
import { logWindow, WINDOW_LINES } from '../../../src/renderer/live/log-window.ts';

describe('the window of a long log', () => {
  it('is the whole of a log that a browser can show', () => {
    expect(logWindow(1_234, null, null)).toEqual({ start: 0, count: 1_234 });
    expect(logWindow(0, null, null)).toEqual({ start: 0, count: 0 });
  });

  it('ends with the log, and moves in steps while it grows', () => {
    const at = logWindow(2_060_000, null, null);
    expect(at.start + at.count).toBe(2_060_000);
    expect(at.count).toBeLessThanOrEqual(WINDOW_LINES);
    expect(logWindow(2_060_001, null, null).start).toBe(at.start);
  });

  it('goes to the match that is looked at, and back to what was asked for', () => {
    for (const found of [0, 700_000, 2_059_999]) {
      const { start, count } = logWindow(2_060_000, found, null);
      expect(found).toBeGreaterThanOrEqual(start);
      expect(found).toBeLessThan(start + count);
    }
    expect(logWindow(2_060_000, null, 0)).toEqual({ start: 0, count: WINDOW_LINES });
  });
});
