import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Change } from '../../shared/model/batch.ts';
import { ExpectedError } from '../../shared/model/error.ts';
import type { Clock } from '../platform/clock.ts';
import { damagedBatch, listBatchFolders, type RebuiltBatch, rebuildBatch } from './batch-folder.ts';
import { createChangeFeed } from './change-feed.ts';
import { DamagedDatabase, type Db, openDatabase } from './database.ts';
import { migrate } from './migrations.ts';
import { createRecordTable } from './record-table.ts';
import { createResultTable } from './result-table.ts';
import type { ReindexReport, Store } from './store.ts';

export interface StoreOptions {
  /** Absolute path of a folder that exists. */
  readonly workspace: string;
  readonly clock: Clock;
  /** Told when the index had to be rebuilt, and of every damaged batch found then. */
  readonly notice?: (level: 'info' | 'warning' | 'error', text: string) => void;
}

/**
 * Opens the workspace's index. A missing, damaged or newer one is rebuilt from the folders; a damaged file is
 * kept beside the new one. Throws ExpectedError for a disk that cannot be written.
 */
export function createStore(options: StoreOptions): Store {
  const { workspace, clock } = options;
  const notice = options.notice ?? (() => undefined);
  const { db, rebuild } = openIndex(workspace, notice);
  const records = createRecordTable(db);
  const results = createResultTable(db, workspace);
  // Milliseconds of the start: commits come more slowly than that, so a later process begins higher up.
  const feed = createChangeFeed(Math.floor(clock.now() * 1000));

  /** What is new is announced after the transaction; whoever commits live facts decides how often. */
  function commit(changes: readonly Change[]): void {
    let fresh: Change[] = [];
    try {
      fresh = db.transaction(() => changes.filter(records.write));
    } catch (error) {
      records.forget(changes);
      throw error;
    }
    if (fresh.length > 0) feed.announce(fresh);
  }

  function store(rebuilt: RebuiltBatch): string[] {
    if (rebuilt.kind === 'damaged') {
      commit([
        { kind: 'batch-removed', id: rebuilt.id },
        { kind: 'batch', value: damagedBatch(rebuilt) },
      ]);
      return [rebuilt.sentence];
    }
    const { batch, experiments, runs } = rebuilt.detail;
    for (const { result, rows } of rebuilt.results) results.add(result, rows);
    commit([
      { kind: 'batch', value: batch },
      ...experiments.map((value) => ({ kind: 'experiment' as const, value })),
      ...runs.map((value) => ({ kind: 'run' as const, value })),
    ]);
    return [...rebuilt.problems];
  }

  function reindexBatch(id: string): string[] {
    return store(rebuildBatch(workspace, id));
  }

  function reindex(): ReindexReport {
    const before = records.batches().map((batch) => batch.id);
    records.clear();
    const found = listBatchFolders(workspace);
    const problems = found.flatMap(reindexBatch);
    const gone = before.filter((id) => !found.includes(id));
    if (gone.length > 0) feed.announce(gone.map((id) => ({ kind: 'batch-removed', id })));
    const runs = found.reduce((sum, id) => sum + records.runs(id).length, 0);
    return { batches: found.length, runs, problems };
  }

  // An empty index beside batches: an earlier rebuild did not come to its end.
  const unfilled = records.batches().length === 0 && listBatchFolders(workspace).length > 0;
  if (rebuild || unfilled) for (const problem of reindex().problems) notice('warning', problem);

  return {
    workspace,
    changes: feed,
    commit,
    reindex,
    reindexBatch,
    batches: records.batches,
    batch: records.batch,
    detail(id) {
      const batch = records.batch(id);
      return batch && { batch, experiments: records.experiments(id), runs: records.runs(id) };
    },
    experiments: records.experiments,
    runs: records.runs,
    runsOf: records.runsOf,
    addResult: results.add,
    findResults: results.find,
    results: results.select,
    resultCounts: results.counts,
    rows: results.rows,
    measurements: results.measurements,
    close: () => db.close(),
  };
}

function openIndex(
  workspace: string,
  notice: NonNullable<StoreOptions['notice']>,
): { db: Db; rebuild: boolean } {
  const folder = join(workspace, '.minibatch');
  const path = join(folder, 'index.sqlite');
  mkdirSync(folder, { recursive: true });
  const sound = openIfSound(path);
  if (sound) return sound;
  const kept = moveAside(path);
  notice(
    'warning',
    `The index of the workspace was damaged and has been rebuilt from the run folders. The old file is kept as ${kept}.`,
  );
  const fresh = openIfSound(path);
  if (!fresh)
    throw new ExpectedError(
      'workspace-unusable',
      `The index ${path} cannot be created. Check the disk, or use another workspace.`,
    );
  return fresh;
}

function openIfSound(path: string): { db: Db; rebuild: boolean } | null {
  let db: Db | null = null;
  try {
    db = openDatabase(path);
    const form = migrate(db);
    if (form !== 'newer') return { db, rebuild: form === 'older' };
    db.close();
    return null;
  } catch (error) {
    db?.close();
    if (error instanceof DamagedDatabase) return null;
    throw error;
  }
}

/** Keeps the damaged file under a free name; its journal files belong to it. */
function moveAside(path: string): string {
  let number = 1;
  while (existsSync(`${path}.damaged-${number}`)) number += 1;
  const kept = `${path}.damaged-${number}`;
  renameSync(path, kept);
  for (const suffix of ['-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true });
  return kept;
}
