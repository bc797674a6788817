import { describe, expect, it } from 'vitest';
import { PANE_SHARE, readPaneShare } from '../../../src/renderer/state/pane-share.ts';

describe('the share of a pane', () => {
  it.each([
    [0.3, 0.3],
    [0, PANE_SHARE.least],
    [7, PANE_SHARE.most],
    [Number.NaN, PANE_SHARE.usual],
    ['0.3', PANE_SHARE.usual],
    [null, PANE_SHARE.usual],
  ])('%s is read as %s', (kept, expected) => expect(readPaneShare(kept)).toBe(expected));
});
