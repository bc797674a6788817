import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../../src/main/platform/clock.ts';
import { createStore } from '../../../src/main/store/sqlite-store.ts';
import type { Store, StoredResult } from '../../../src/main/store/store.ts';
import type { ChangeSet } from '../../../src/shared/model/batch.ts';
import type { ExperimentRecord, LiveFacts } from '../../../src/shared/model/run.ts';

let workspace: string;
let store: Store;
beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'minibatch-store-'));
  store = createStore({ workspace, clock: systemClock });
});
afterEach(() => {
  store.close();
  rmSync(workspace, { recursive: true, force: true });
});

const live: LiveFacts = {
  worker: 1,
  phase: null,
  progress: null,
  rate: null,
  remainingSeconds: null,
  memoryMb: 1,
  peakMb: 1,
  cpuPercent: null,
  metric: null,
  lastOutputAt: null,
};

function experiment(index: number, change: Partial<ExperimentRecord> = {}): ExperimentRecord {
  return {
    batch: 'b',
    index,
    order: index,
    name: `n${index}`,
    identity: String(index).repeat(64),
    seed: 1,
    parameters: {},
    facts: {},
    estimate: { memoryMb: 1, seconds: 1, source: 'formula' },
    phase: 'main',
    queue: 'main',
    state: { kind: 'queued' },
    attempt: 0,
    live: null,
    summary: null,
    ...change,
  };
}

function commit(...values: ExperimentRecord[]): void {
  store.commit(values.map((value) => ({ kind: 'experiment', value })));
}

function result(change: Partial<StoredResult>): StoredResult {
  const folder = join(workspace, 'runs', `${change.batch ?? 'b'}-${change.attempt ?? 1}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'result.json'), '{}');
  return {
    identity: 'a'.repeat(64),
    workload: 'tiny',
    workloadVersion: 1,
    batch: 'b',
    index: 0,
    attempt: 1,
    name: 'n',
    parameters: { width: 1 },
    facts: {},
    device: 'cpu',
    threads: 1,
    endedAt: 10,
    seconds: 5,
    peakMb: 7,
    summary: {},
    folder,
    ...change,
  };
}

describe('the change feed', () => {
  it('announces a commit once, after it can be read', () => {
    const seen: { set: ChangeSet; stored: number }[] = [];
    const stop = store.changes.subscribe((set) => seen.push({ set, stored: store.experiments('b').length }));
    const before = store.changes.seq;
    commit(experiment(0), experiment(1));
    stop();
    commit(experiment(2));
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({ stored: 2, set: { seq: before + 1 } });
    expect(seen[0]?.set.changes).toHaveLength(2);
  });

  it('says nothing about a commit that changes nothing', async () => {
    commit(experiment(0, { live }));
    await vi.waitFor(() => expect(store.changes.since(store.changes.seq - 1)?.[0]?.changes).toHaveLength(1));
    const sets: ChangeSet[] = [];
    store.changes.subscribe((set) => sets.push(set));
    commit(experiment(0, { live }));
    commit(experiment(1, { live }));
    await vi.waitFor(() => expect(sets.length).toBeGreaterThan(0));
    expect(
      sets.flatMap((set) => set.changes).map((change) => change.kind === 'experiment' && change.value.index),
    ).toEqual([1]);
  });

  it('keeps live facts in memory only', () => {
    commit(experiment(0));
    const sets: ChangeSet[] = [];
    store.changes.subscribe((set) => sets.push(set));
    commit(experiment(0, { live: { ...live, memoryMb: 50 } }));
    expect(store.experiments('b')[0]?.live?.memoryMb).toBe(50);
    expect(sets.map((set) => set.changes)).toEqual([
      [{ kind: 'experiment', value: experiment(0, { live: { ...live, memoryMb: 50 } }) }],
    ]);
    store.close();
    store = createStore({ workspace, clock: systemClock });
    expect(store.experiments('b')).toEqual([experiment(0)]);
  });

  it('knows whether anybody looks', () => {
    const stopAside = store.changes.subscribe(() => undefined, { aside: true });
    expect(store.changes.watched).toBe(false);
    const stop = store.changes.subscribe(() => undefined);
    expect(store.changes.watched).toBe(true);
    stop();
    stop();
    stopAside();
    expect(store.changes.watched).toBe(false);
  });

  it('gives what came after a moment, and nothing where its memory ends', () => {
    const { seq } = store.changes;
    for (let index = 0; index < 2_100; index += 1) commit(experiment(index));
    expect(store.changes.since(store.changes.seq)).toEqual([]);
    expect(store.changes.since(store.changes.seq - 2)?.map((set) => set.seq)).toEqual([
      store.changes.seq - 1,
      store.changes.seq,
    ]);
    expect(store.changes.since(seq)).toBeNull();
    expect(store.changes.since(store.changes.seq + 1)).toBeNull();
  });

  it('begins above the last seq of an earlier process', () => {
    for (let index = 0; index < 5; index += 1) commit(experiment(index));
    const { seq } = store.changes;
    store.close();
    store = createStore({ workspace, clock: { ...systemClock, now: () => systemClock.now() + 1 } });
    expect(store.changes.seq).toBeGreaterThan(seq);
    expect(store.changes.since(seq)).toBeNull();
  });
});

describe('results', () => {
  it('gives the newest result of an identity whose file still exists', () => {
    const older = result({ batch: 'one', endedAt: 10 });
    const newer = result({ batch: 'two', endedAt: 20 });
    store.addResult(older, [{ n: 1 }]);
    store.addResult(newer, [{ n: 2 }, { n: 'NaN' }]);
    expect(store.findResults([newer.identity, 'unknown']).get(newer.identity)).toEqual(newer);
    expect(store.rows(newer)).toEqual([{ n: 2 }, { n: 'NaN' }]);
    rmSync(newer.folder, { recursive: true });
    expect(store.findResults([newer.identity]).get(newer.identity)).toEqual(older);
    expect(store.results({ workload: 'tiny' })).toEqual([older]);
    expect(store.results({ workload: 'tiny', batches: ['two'] })).toEqual([]);
    expect(store.resultCounts()).toEqual([{ workload: 'tiny', results: 1, batches: 1 }]);
  });

  it('replaces the rows of a result that is added again', () => {
    const one = result({});
    store.addResult(one, [{ n: 1 }, { n: 2 }]);
    store.addResult(one, [{ n: 3 }]);
    expect(store.rows(one)).toEqual([{ n: 3 }]);
    expect(store.measurements('tiny')).toEqual([
      { identity: one.identity, parameters: { width: 1 }, device: 'cpu', threads: 1, seconds: 5, peakMb: 7 },
    ]);
  });
});
