import { describe, expect, it } from 'vitest';
import { fileName } from '../../../src/renderer/live/log-download.ts';
import { markPieces } from '../../../src/renderer/live/mark-pieces.ts';
import { sparklinePath } from '../../../src/renderer/live/sparkline-path.ts';
import { matchesShortcut } from '../../../src/renderer/commands.ts';
import { parseSpans } from '../../../src/shared/domain/ansi.ts';

describe('a match', () => {
  it('is marked across stretches of different colour', () => {
    const pieces = markPieces(parseSpans('ab\u001b[31mcd\u001b[0mef'), [{ start: 1, end: 3 }]);
    expect(pieces.map((piece) => [piece.text, piece.marked, piece.style.foreground])).toEqual([
      ['a', false, null],
      ['b', true, null],
      ['c', true, 1],
      ['d', false, 1],
      ['ef', false, null],
    ]);
  });
});

describe('a sparkline', () => {
  it('breaks where the metric is not finite', () => {
    expect(sparklinePath([0, Number.NaN, 1, 0.5], 30, 10)).toBe('M0.0 8.5M20.0 1.5L30.0 5.0');
  });

  it('of nothing finite is empty, and of a constant a flat line', () => {
    expect(sparklinePath([Number.NaN, Infinity], 30, 10)).toBe('');
    expect(sparklinePath([2, 2], 30, 10)).toBe('M0.0 5.0L30.0 5.0');
  });
});

describe('a file name', () => {
  it('fits every file system', () => {
    expect(fileName('20261123 3 [32, 32] 🙂/..')).toBe('20261123-3-32-32-..');
    expect(fileName('x'.repeat(500))).toHaveLength(120);
  });
});

describe('a shortcut', () => {
  const key = (init: Partial<KeyboardEvent>) =>
    ({ key: '', metaKey: false, ctrlKey: false, altKey: false, shiftKey: false, ...init }) as KeyboardEvent;

  it('means Command on a Mac and Control elsewhere, and nothing more', () => {
    expect(matchesShortcut(key({ key: 'k', metaKey: true }), 'mod+k', true)).toBe(true);
    expect(matchesShortcut(key({ key: 'k', metaKey: true }), 'mod+k', false)).toBe(false);
    expect(matchesShortcut(key({ key: 'K', ctrlKey: true, shiftKey: true }), 'mod+k', false)).toBe(false);
    expect(matchesShortcut(key({ key: 'k' }), 'mod+k', true)).toBe(false);
    expect(matchesShortcut(key({ key: '?', shiftKey: true }), '?', false)).toBe(true);
  });
});
