import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Db, openDatabase } from '../../../src/main/store/database.ts';
import { migrate } from '../../../src/main/store/migrations.ts';
import { createRecordTable } from '../../../src/main/store/record-table.ts';
import type { ExperimentRecord, RunRecord } from '../../../src/shared/model/run.ts';

let folder: string;
let db: Db;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'minibatch-records-'));
  db = openDatabase(join(folder, 'index.sqlite'));
  migrate(db);
});
afterEach(() => {
  db.close();
  rmSync(folder, { recursive: true, force: true });
});

function experiment(batch: string, index: number, order: number): ExperimentRecord {
  return {
    batch,
    index,
    order,
    name: `n${index}`,
    identity: '0'.repeat(64),
    seed: 1,
    parameters: { width: index },
    facts: {},
    estimate: { memoryMb: 1, seconds: 1, source: 'formula' },
    phase: 'main',
    queue: 'main',
    state: { kind: 'queued' },
    attempt: 0,
    live: null,
    summary: null,
  };
}

function run(index: number, attempt: number): RunRecord {
  return {
    batch: 'b',
    index,
    attempt,
    folder: 'f',
    worker: 1,
    device: 'cpu',
    threads: 1,
    state: { kind: 'starting', since: 1 },
    startedAt: 1,
    endedAt: null,
    startupSeconds: null,
    peakMb: null,
    cpuSeconds: null,
    standby: false,
  };
}

describe('records in memory', () => {
  it('say the same as a table that is read anew', () => {
    const table = createRecordTable(db);
    for (const index of [2, 0, 1])
      table.write({ kind: 'experiment', value: experiment('b', index, 2 - index) });
    for (const [index, attempt] of [
      [1, 2],
      [0, 1],
      [1, 1],
    ] as const)
      table.write({ kind: 'run', value: run(index, attempt) });
    table.write({ kind: 'experiment', value: experiment('b', 0, -1) });
    const again = createRecordTable(db);
    for (const one of [table, again]) {
      expect(one.experiments('b').map(({ index }) => index)).toEqual([0, 2, 1]);
      expect(one.runs('b').map(({ index, attempt }) => [index, attempt])).toEqual([
        [0, 1],
        [1, 1],
        [1, 2],
      ]);
      expect(one.runsOf('b', 1).map(({ attempt }) => attempt)).toEqual([1, 2]);
      expect(one.runsOf('b', 7)).toEqual([]);
    }
    expect(again.experiments('b')).toEqual(table.experiments('b'));
    expect(again.runs('b')).toEqual(table.runs('b'));
  });

  it('are not believed after a transaction that failed', () => {
    const table = createRecordTable(db);
    table.write({ kind: 'experiment', value: experiment('b', 0, 0) });
    const change = { kind: 'experiment', value: { ...experiment('b', 0, 0), attempt: 1 } } as const;
    expect(() =>
      db.transaction(() => {
        table.write(change);
        throw new Error('no room');
      }),
    ).toThrow('no room');
    table.forget([change]);
    expect(table.experiments('b')[0]?.attempt).toBe(0);
    expect(table.write(change)).toBe(true);
    expect(createRecordTable(db).experiments('b')[0]?.attempt).toBe(1);
  });

  it('are let go of where there are too many, and read again when they are asked for', () => {
    const table = createRecordTable(db);
    db.transaction(() => {
      for (const batch of ['a', 'b', 'c'])
        for (let index = 0; index < 9_000; index += 1)
          table.write({ kind: 'experiment', value: { ...experiment(batch, index, index), live: LIVE } });
    });
    expect(table.experiments('another')).toEqual([]);
    // The first batch gave way, and its live facts with it: they stand in no table.
    expect(table.experiments('c')[0]?.live).toEqual(LIVE);
    expect(table.experiments('a')[0]).toEqual(experiment('a', 0, 0));
    expect(table.experiments('a')).toHaveLength(9_000);
  });
});

const LIVE: ExperimentRecord['live'] = {
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
