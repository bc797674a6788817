import { describe, expect, it } from 'vitest';
import {
  applyToBatches,
  applyToDetail,
  arrivedDetail,
  type DetailMirror,
} from '../../../src/renderer/state/batches.ts';
import { createAppStore } from '../../../src/renderer/state/store.ts';
import type { ChangeSet } from '../../../src/shared/model/batch.ts';
import { batch, experiment, run } from './records.ts';

const empty: DetailMirror = { seq: 5, experiments: [experiment(0), experiment(1)], runs: [] };

function changed(seq: number, index: number, state: 'running' | 'succeeded'): ChangeSet {
  return { seq, changes: [{ kind: 'experiment', value: experiment(index, state) }] };
}

describe('changes', () => {
  it('replace a batch, add an unknown one and remove one', () => {
    const before = { a: batch('a'), b: batch('b') };
    const after = applyToBatches(before, [
      { kind: 'batch', value: { ...batch('a'), workers: 3 } },
      { kind: 'batch', value: batch('c') },
      { kind: 'batch-removed', id: 'b' },
    ]);
    expect(Object.keys(after)).toEqual(['a', 'c']);
    expect(after['a']?.workers).toBe(3);
    expect(before.a.workers).toBe(2);
  });

  it('replace rows of a detail in place and put new runs behind', () => {
    const after = applyToDetail('a', empty, {
      seq: 6,
      changes: [
        { kind: 'experiment', value: experiment(1, 'running') },
        { kind: 'run', value: run(1) },
        { kind: 'experiment', value: { ...experiment(0, 'running'), batch: 'another' } },
      ],
    });
    expect(after.experiments.map((row) => row.state.kind)).toEqual(['queued', 'running']);
    expect(after.runs).toEqual([run(1)]);
    expect(after.seq).toBe(6);
  });

  it('that a detail already contains leave it alone', () => {
    expect(applyToDetail('a', empty, changed(5, 0, 'running'))).toBe(empty);
  });
});

describe('a detail on its way', () => {
  it('loses no change that overtakes the reply, and takes none twice', () => {
    const detail = { batch: batch('a'), experiments: [experiment(0, 'running')], runs: [] };
    const mirror = arrivedDetail(7, detail, [changed(6, 0, 'succeeded'), changed(8, 0, 'succeeded')]);
    expect(mirror.experiments[0]?.state.kind).toBe('succeeded');
    const early = arrivedDetail(7, detail, [changed(6, 0, 'succeeded')]);
    expect(early.experiments[0]?.state.kind).toBe('running');
  });

  it('keeps what was shown until the newer one is here', () => {
    const store = createAppStore();
    const detail = { batch: batch('a'), experiments: [experiment(0, 'running')], runs: [] };
    store.getState().detailRequested('a');
    store.getState().changesArrived(changed(9, 0, 'succeeded'));
    store.getState().detailArrived(8, detail);
    expect(store.getState().details['a']).toMatchObject({ kind: 'ready', shown: { seq: 9 } });
    store.getState().detailRequested('a');
    expect(store.getState().details['a']).toMatchObject({ kind: 'loading', shown: { seq: 9 } });
    store.getState().detailReleased('a');
    store.getState().detailArrived(10, detail);
    expect(store.getState().details).toEqual({});
  });
});
