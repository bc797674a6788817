import type { BatchDetail, BatchRecord, Change, ChangeSet } from '../../shared/model/batch.ts';
import type { ExperimentRecord, RunRecord } from '../../shared/model/run.ts';

/** A batch as a screen needs it. `seq` is the last commit it contains. */
export interface DetailMirror {
  readonly seq: number;
  readonly experiments: readonly ExperimentRecord[];
  readonly runs: readonly RunRecord[];
}

/** One batch's detail: on its way (with the changes that arrived meanwhile), here, or refused. */
export type DetailState =
  | {
      readonly kind: 'loading';
      readonly shown: DetailMirror | null;
      readonly meanwhile: readonly ChangeSet[];
    }
  | { readonly kind: 'ready'; readonly shown: DetailMirror }
  | { readonly kind: 'failed'; readonly sentence: string };

export type BatchMap = Readonly<Record<string, BatchRecord>>;

/** Batches after one commit. Each change holds the whole new value. */
export function applyToBatches(batches: BatchMap, changes: readonly Change[]): BatchMap {
  let next = batches;
  for (const change of changes) {
    if (change.kind === 'batch') next = { ...next, [change.value.id]: change.value };
    if (change.kind === 'batch-removed') {
      const { [change.id]: _removed, ...rest } = next;
      next = rest;
    }
  }
  return next;
}

/** A batch's experiments and runs after one commit; commits it already contains leave it as it is. */
export function applyToDetail(batch: string, mirror: DetailMirror, set: ChangeSet): DetailMirror {
  if (set.seq <= mirror.seq) return mirror;
  const experiments = new Map<number, ExperimentRecord>();
  const runs = new Map<string, RunRecord>();
  for (const change of set.changes) {
    if (change.kind === 'experiment' && change.value.batch === batch)
      experiments.set(change.value.index, change.value);
    if (change.kind === 'run' && change.value.batch === batch) runs.set(runKey(change.value), change.value);
  }
  if (experiments.size === 0 && runs.size === 0) return mirror;
  return {
    seq: set.seq,
    experiments:
      experiments.size === 0
        ? mirror.experiments
        : replaced(mirror.experiments, experiments, (row) => row.index),
    runs: runs.size === 0 ? mirror.runs : replaced(mirror.runs, runs, runKey),
  };
}

/** The detail that a reply brought, brought up to date with the commits that overtook it. */
export function arrivedDetail(
  seq: number,
  detail: BatchDetail,
  meanwhile: readonly ChangeSet[],
): DetailMirror {
  const mirror: DetailMirror = { seq, experiments: detail.experiments, runs: detail.runs };
  return meanwhile.reduce((current, set) => applyToDetail(detail.batch.id, current, set), mirror);
}

function runKey(run: RunRecord): string {
  return `${run.index}/${run.attempt}`;
}

/** `rows` with the new values in their old places and the unknown ones behind. Empties `fresh`. */
function replaced<Row, Key>(
  rows: readonly Row[],
  fresh: Map<Key, Row>,
  key: (row: Row) => Key,
): readonly Row[] {
  const next = rows.map((row) => {
    const value = fresh.get(key(row));
    if (value === undefined) return row;
    fresh.delete(key(row));
    return value;
  });
  return fresh.size === 0 ? next : [...next, ...fresh.values()];
}
