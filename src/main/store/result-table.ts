import { existsSync } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';
import type { Db } from './database.ts';
import type { Row } from './attempt-events.ts';
import type { Measurement, StoredResult } from './store.ts';

/** Results and their rows. Folders are stored relative to the workspace, so that it can be moved. */
export interface ResultTable {
  add(result: StoredResult, rows: readonly Row[]): void;
  find(identities: readonly string[]): Map<string, StoredResult>;
  select(selection: { workload: string; batches?: readonly string[] }): StoredResult[];
  counts(): { workload: string; results: number; batches: number }[];
  rows(result: StoredResult): Row[];
  measurements(workload: string): Measurement[];
}

export function createResultTable(db: Db, workspace: string): ResultTable {
  const put = db.prepare('INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?, ?, ?, ?)');
  const putRow = db.prepare('INSERT INTO rows VALUES (?, ?, ?, ?, ?)');
  const dropRows = db.prepare('DELETE FROM rows WHERE batch = ? AND idx = ? AND attempt = ?');
  const byIdentity = db.prepare(
    'SELECT value FROM results WHERE identity = ? ORDER BY ended_at DESC, batch DESC, attempt DESC',
  );
  const byWorkload = db.prepare(
    'SELECT value FROM results WHERE workload = ? ORDER BY ended_at DESC, batch DESC, attempt DESC',
  );
  const allResults = db.prepare('SELECT value FROM results ORDER BY workload');
  const getRows = db.prepare(
    'SELECT value FROM rows WHERE batch = ? AND idx = ? AND attempt = ? ORDER BY number',
  );

  function restore(text: unknown): StoredResult {
    const stored = JSON.parse(String(text)) as StoredResult;
    return { ...stored, folder: join(workspace, stored.folder) };
  }

  /** The folder is the truth: a result whose file is gone is no result, whatever the index says. */
  function stillThere(result: StoredResult): boolean {
    return existsSync(join(result.folder, 'result.json'));
  }

  function newestPerIdentity(results: readonly StoredResult[]): StoredResult[] {
    const newest = new Map<string, StoredResult>();
    for (const result of results) if (!newest.has(result.identity)) newest.set(result.identity, result);
    return [...newest.values()];
  }

  function ofWorkload(workload: string): StoredResult[] {
    return byWorkload
      .all(workload)
      .map((row) => restore(row.value))
      .filter(stillThere);
  }

  return {
    add(result, rows) {
      const key = [result.batch, result.index, result.attempt] as const;
      const folder = isAbsolute(result.folder) ? relative(workspace, result.folder) : result.folder;
      db.transaction(() => {
        put.run(
          ...key,
          result.identity,
          result.workload,
          result.endedAt,
          JSON.stringify({ ...result, folder }),
        );
        dropRows.run(...key);
        for (const [number, row] of rows.entries()) putRow.run(...key, number, JSON.stringify(row));
      });
    },
    find(identities) {
      const found = new Map<string, StoredResult>();
      for (const identity of identities) {
        const result = byIdentity
          .all(identity)
          .map((row) => restore(row.value))
          .find(stillThere);
        if (result) found.set(identity, result);
      }
      return found;
    },
    select({ workload, batches }) {
      const wanted = batches && new Set(batches);
      return newestPerIdentity(ofWorkload(workload).filter((result) => !wanted || wanted.has(result.batch)));
    },
    counts() {
      const groups = Map.groupBy(
        allResults
          .all()
          .map((row) => restore(row.value))
          .filter(stillThere),
        (result) => result.workload,
      );
      return [...groups].map(([workload, all]) => ({
        workload,
        results: new Set(all.map((result) => result.identity)).size,
        batches: new Set(all.map((result) => result.batch)).size,
      }));
    },
    rows: (result) =>
      getRows
        .all(result.batch, result.index, result.attempt)
        .map((row) => JSON.parse(String(row.value)) as Row),
    measurements: (workload) =>
      ofWorkload(workload).map(({ identity, parameters, device, threads, seconds, peakMb }) => ({
        identity,
        parameters,
        device,
        threads,
        seconds,
        peakMb,
      })),
  };
}
