import { expect, it } from 'vitest';
import { endedBatch } from '../../../src/main/ended-batch.ts';
import type { BatchRecord, BatchState } from '../../../src/shared/model/batch.ts';

const counts = {
  total: 5,
  succeeded: 3,
  failed: 1,
  skipped: 1,
  postponed: 0,
  live: 0,
  queued: 0,
  stopped: 0,
};

function batch(state: BatchState, more: Partial<typeof counts> = {}): BatchRecord {
  const progress = { wallSeconds: 1_560 };
  return { id: 'b', title: 'Hex full', state, counts: { ...counts, ...more }, progress } as BatchRecord;
}

it('a finished batch is told with its outcome', () => {
  expect(endedBatch(batch({ kind: 'finished' }))).toEqual({
    batch: 'b',
    title: 'Hex full finished, 1 run failed',
    body: '3 succeeded, 1 failed, 1 skipped in 26\u2009min.',
  });
  expect(endedBatch(batch({ kind: 'finished' }, { failed: 0 }))?.title).toBe('Hex full finished');
});

it('a batch that rests because something failed says why', () => {
  const sentence = 'Nothing new was started after run 3 failed, as asked.';
  expect(endedBatch(batch({ kind: 'interrupted', cause: 'failure', sentence }))).toEqual({
    batch: 'b',
    title: 'Hex full rests after a failure',
    body: sentence,
  });
  const smoke = endedBatch(batch({ kind: 'interrupted', cause: 'smoke-run', sentence }));
  expect(smoke?.title).toBe('Hex full was not started');
});

it('a batch that a person stopped needs no word', () => {
  expect(endedBatch(batch({ kind: 'interrupted', sentence: 'Stopped as asked.' }))).toBeNull();
});
