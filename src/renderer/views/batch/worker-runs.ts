import type { RunRecord } from '../../../shared/model/run.ts';

/** The run that each worker does now, or did last; by worker. */
export function workerRuns(runs: readonly RunRecord[]): readonly RunRecord[] {
  const latest = new Map<number, RunRecord>();
  for (const run of runs) {
    const known = latest.get(run.worker);
    if (known === undefined || run.startedAt >= known.startedAt) latest.set(run.worker, run);
  }
  const all = [...latest.values()].toSorted((a, b) => a.worker - b.worker);
  const live = all.filter((run) => run.endedAt === null);
  // While something runs, a worker that has nothing left to do is no news.
  return live.length > 0 ? live : all;
}

/** The colour of a worker's lines. */
export function workerColor(worker: number): string {
  return `var(--series-${((worker - 1) % 6) + 1})`;
}
