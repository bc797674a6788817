import type { BatchRecord, Change } from '../../shared/model/batch.ts';
import type { ExperimentRecord, RunRecord } from '../../shared/model/run.ts';
import type { Db } from './database.ts';

export type Written = 'written' | 'live' | 'same';

/**
 * The tables of batches, experiments and runs. What changes several times a second (live facts, progress) is
 * kept in memory only and laid over what was stored.
 */
export interface RecordTable {
  /** Writes one change. `live`: only live facts differ, so nothing was written. `same`: nothing differs. */
  write(change: Change): Written;
  batches(): BatchRecord[];
  batch(id: string): BatchRecord | null;
  experiments(batch: string): ExperimentRecord[];
  runs(batch: string): RunRecord[];
  clear(): void;
}

export function createRecordTable(db: Db): RecordTable {
  const putBatch = db.prepare('INSERT OR REPLACE INTO batches VALUES (?, ?, ?)');
  const getBatch = db.prepare('SELECT value FROM batches WHERE id = ?');
  const allBatches = db.prepare('SELECT value FROM batches ORDER BY created_at DESC, id DESC');
  const putExperiment = db.prepare('INSERT OR REPLACE INTO experiments VALUES (?, ?, ?, ?)');
  const getExperiment = db.prepare('SELECT value FROM experiments WHERE batch = ? AND idx = ?');
  const allExperiments = db.prepare('SELECT value FROM experiments WHERE batch = ? ORDER BY ord');
  const putRun = db.prepare('INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?)');
  const getRun = db.prepare('SELECT value FROM runs WHERE batch = ? AND idx = ? AND attempt = ?');
  const allRuns = db.prepare('SELECT value FROM runs WHERE batch = ? ORDER BY idx, attempt');
  const removals = [
    'batches WHERE id',
    'experiments WHERE batch',
    'runs WHERE batch',
    'results WHERE batch',
    'rows WHERE batch',
  ].map((place) => db.prepare(`DELETE FROM ${place} = ?`));
  const live = new Map<string, ExperimentRecord['live']>();
  const progress = new Map<string, BatchRecord['progress']>();
  const liveKey = (batch: string, index: number): string => `${batch}/${index}`;

  function overlay(record: ExperimentRecord): ExperimentRecord {
    return { ...record, live: live.get(liveKey(record.batch, record.index)) ?? null };
  }

  function withProgress(record: BatchRecord): BatchRecord {
    return { ...record, progress: progress.get(record.id) ?? record.progress };
  }

  function writeBatch(value: BatchRecord): Written {
    const stored = getBatch.get(value.id);
    const before = progress.get(value.id);
    progress.set(value.id, value.progress);
    if (stored && sameBut(parse<BatchRecord>(stored.value), value, 'progress')) {
      return JSON.stringify(before) === JSON.stringify(value.progress) ? 'same' : 'live';
    }
    putBatch.run(value.id, value.createdAt, JSON.stringify(value));
    return 'written';
  }

  function writeExperiment(value: ExperimentRecord): Written {
    const key = liveKey(value.batch, value.index);
    const before = live.get(key) ?? null;
    if (value.live) live.set(key, value.live);
    else live.delete(key);
    const text = JSON.stringify({ ...value, live: null });
    if (getExperiment.get(value.batch, value.index)?.value === text) {
      return JSON.stringify(before) === JSON.stringify(value.live) ? 'same' : 'live';
    }
    putExperiment.run(value.batch, value.index, value.order, text);
    return 'written';
  }

  function writeRun(value: RunRecord): Written {
    const text = JSON.stringify(value);
    if (getRun.get(value.batch, value.index, value.attempt)?.value === text) return 'same';
    putRun.run(value.batch, value.index, value.attempt, text);
    return 'written';
  }

  function forget(id: string): void {
    progress.delete(id);
    for (const key of [...live.keys()]) if (key.startsWith(`${id}/`)) live.delete(key);
  }

  return {
    write(change) {
      switch (change.kind) {
        case 'batch':
          return writeBatch(change.value);
        case 'batch-removed':
          forget(change.id);
          for (const removal of removals) removal.run(change.id);
          return 'written';
        case 'experiment':
          return writeExperiment(change.value);
        case 'run':
          return writeRun(change.value);
      }
    },
    batches: () => allBatches.all().map((row) => withProgress(parse(row.value))),
    batch(id) {
      const row = getBatch.get(id);
      return row ? withProgress(parse(row.value)) : null;
    },
    experiments: (batch) => allExperiments.all(batch).map((row) => overlay(parse(row.value))),
    runs: (batch) => allRuns.all(batch).map((row) => parse(row.value)),
    clear() {
      live.clear();
      progress.clear();
      db.exec(
        'DELETE FROM batches; DELETE FROM experiments; DELETE FROM runs; DELETE FROM results; DELETE FROM rows',
      );
    },
  };
}

function sameBut<T extends object>(a: T, b: T, field: keyof T): boolean {
  return JSON.stringify({ ...a, [field]: null }) === JSON.stringify({ ...b, [field]: null });
}

/** Text that only this file's own functions have written. */
function parse<T>(text: unknown): T {
  return JSON.parse(String(text)) as T;
}
