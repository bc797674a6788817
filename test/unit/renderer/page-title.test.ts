import { expect, it } from 'vitest';
import { pageTitle } from '../../../src/renderer/state/page-title.ts';
import type { BatchRecord } from '../../../src/shared/model/batch.ts';

function batch(kind: BatchRecord['state']['kind'], fraction: number, total: number, failed = 0): BatchRecord {
  return {
    title: 'Hex full',
    state: { kind },
    progress: { fraction },
    counts: { total, failed },
  } as BatchRecord;
}

it('the title of the page says how far the work is, whether it is paused and whether something failed', () => {
  expect(pageTitle([batch('finished', 1, 3)])).toBe('Minibatch');
  expect(pageTitle([batch('running', 0.63, 3)])).toBe('63\u2009% · Hex full · Minibatch');
  expect(pageTitle([batch('paused', 0.5, 3, 1)])).toBe(
    'Paused at 50\u2009% · 1 failed · Hex full · Minibatch',
  );
  expect(pageTitle([batch('running', 0.5, 1), batch('paused', 1, 3)])).toBe(
    '88\u2009% · 2 batches · Minibatch',
  );
});
