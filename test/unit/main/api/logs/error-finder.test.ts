import { describe, expect, it } from 'vitest';
import { createErrorFinder } from '../../../../../src/main/api/logs/error-finder.ts';

/** The line found when the text comes in pieces of a size, with line numbers as the index counts them. */
function found(text: string, size: number): number | null {
  const bytes = Buffer.from(text);
  const finder = createErrorFinder();
  for (let at = 0; at < bytes.length; at += size) {
    const line = bytes.subarray(0, at).toString('latin1').split('\n').length - 1;
    finder.take(bytes.subarray(at, at + size), line);
  }
  return finder.line;
}

describe('the first error', () => {
  const traceback = 'one\ntwo\nTraceback (most recent call last):\n  File "x"\nValueError: bad\n';

  it('is found whatever the pieces are', () => {
    for (const size of [1, 2, 3, 7, 20, 1_000]) expect([size, found(traceback, size)]).toEqual([size, 2]);
  });

  it('is found behind a long line', () => {
    const text = `${'x'.repeat(5_000)} RuntimeError: no\n`;
    for (const size of [64, 65, 4_999, 5_010]) expect([size, found(`a\n${text}`, size)]).toEqual([size, 1]);
  });

  it('is the first of several', () => {
    expect(found('a\nSegmentation fault\nTraceback (most recent call last)\n', 5)).toBe(1);
  });

  it('is no measurement', () => {
    expect(found('val Error: 0.3\nerror: 0.2\nErrors: none\n', 1_000)).toBeNull();
  });
});
