import type { BatchRecord, Change } from '../../shared/model/batch.ts';
import type { ExperimentRecord, RunRecord } from '../../shared/model/run.ts';
import type { Db } from './database.ts';
import { createShelves, type Shelf } from './record-shelves.ts';
import { sameBut, sameValue } from './same-value.ts';

/**
 * The tables of batches, experiments and runs, with what was written last in memory: a record that stays the same
 * costs no statement. What changes all the time (live facts, progress) is kept in memory only.
 */
export interface RecordTable {
  /** Takes one change, and writes it unless only live facts differ. Returns whether anything differs. */
  write(change: Change): boolean;
  /** After a transaction that failed: what is in memory may be newer than what was kept. */
  forget(changes: readonly Change[]): void;
  /** Newest first. */
  batches(): BatchRecord[];
  batch(id: string): BatchRecord | null;
  experiments(batch: string): ExperimentRecord[];
  runs(batch: string): RunRecord[];
  /** The attempts at one experiment, oldest first. */
  runsOf(batch: string, index: number): readonly RunRecord[];
  clear(): void;
}

export function createRecordTable(db: Db): RecordTable {
  const putBatch = db.prepare('INSERT OR REPLACE INTO batches VALUES (?, ?, ?)');
  const allBatches = db.prepare('SELECT value FROM batches');
  const putExperiment = db.prepare('INSERT OR REPLACE INTO experiments VALUES (?, ?, ?, ?)');
  const allExperiments = db.prepare('SELECT value FROM experiments WHERE batch = ?');
  const putRun = db.prepare('INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?)');
  const allRuns = db.prepare('SELECT value FROM runs WHERE batch = ?');
  const removals = [
    'batches WHERE id',
    'experiments WHERE batch',
    'runs WHERE batch',
    'results WHERE batch',
    'rows WHERE batch',
  ].map((place) => db.prepare(`DELETE FROM ${place} = ?`));

  /** All of them: they are few. Null = to be read. */
  let known: Map<string, BatchRecord> | null = null;
  const shelves = createShelves((batch) => ({
    experiments: allExperiments.all(batch).map((row) => parse<ExperimentRecord>(row.value)),
    runs: allRuns.all(batch).map((row) => parse<RunRecord>(row.value)),
  }));

  function batchMap(): Map<string, BatchRecord> {
    known ??= new Map(
      allBatches.all().map((row) => {
        const record = parse<BatchRecord>(row.value);
        return [record.id, record];
      }),
    );
    return known;
  }

  function writeBatch(value: BatchRecord): boolean {
    const before = batchMap().get(value.id);
    batchMap().set(value.id, value);
    if (before && sameBut(before, value, 'progress')) return !sameValue(before.progress, value.progress);
    putBatch.run(value.id, value.createdAt, JSON.stringify(value));
    return true;
  }

  function writeExperiment(shelf: Shelf, value: ExperimentRecord): boolean {
    const before = shelf.experiment(value.index);
    if (before === value) return false;
    shelf.putExperiment(value);
    if (before && sameBut(before, value, 'live')) return !sameValue(before.live, value.live);
    putExperiment.run(value.batch, value.index, value.order, JSON.stringify({ ...value, live: null }));
    return true;
  }

  function writeRun(shelf: Shelf, value: RunRecord): boolean {
    const before = shelf.run(value.index, value.attempt);
    if (before && sameValue(before, value)) return false;
    shelf.putRun(value);
    putRun.run(value.batch, value.index, value.attempt, JSON.stringify(value));
    return true;
  }

  return {
    write(change) {
      switch (change.kind) {
        case 'batch':
          return writeBatch(change.value);
        case 'batch-removed':
          batchMap().delete(change.id);
          shelves.forget(change.id);
          for (const removal of removals) removal.run(change.id);
          return true;
        case 'experiment':
          return writeExperiment(shelves.of(change.value.batch), change.value);
        case 'run':
          return writeRun(shelves.of(change.value.batch), change.value);
      }
    },
    forget(changes) {
      known = null;
      for (const change of changes)
        if (change.kind === 'experiment' || change.kind === 'run') shelves.forget(change.value.batch);
    },
    batches: () =>
      [...batchMap().values()].toSorted((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1)),
    batch: (id) => batchMap().get(id) ?? null,
    experiments: (batch) => shelves.of(batch).experiments(),
    runs: (batch) => shelves.of(batch).runs(),
    runsOf: (batch, index) => shelves.of(batch).runsOf(index),
    clear() {
      known = null;
      shelves.clear();
      db.exec(
        'DELETE FROM batches; DELETE FROM experiments; DELETE FROM runs; DELETE FROM results; DELETE FROM rows',
      );
    },
  };
}

/** Text that only this file's own functions have written. */
function parse<T>(text: unknown): T {
  return JSON.parse(String(text)) as T;
}
