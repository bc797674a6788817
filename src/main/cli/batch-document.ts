import { join } from 'node:path';
import type { Client } from '../../shared/client.ts';
import type { BatchDetail } from '../../shared/model/batch.ts';
import type { ExperimentRecord, RunRecord } from '../../shared/model/run.ts';
import type { Warnings } from './batch-warnings.ts';
import { byIndex } from './plan-text.ts';

/** Runs of other batches whose results stand for skipped experiments, by batch. */
export type OtherRuns = ReadonlyMap<string, readonly RunRecord[]>;

export interface BatchOutcome {
  readonly workspace: string;
  readonly detail: BatchDetail;
  readonly others: OtherRuns;
  readonly warnings: Warnings;
}

/** The document of `run`, `resume` and `retry` with `--json`. Folders are absolute, null = nothing was started. */
export function batchDocument({ workspace, detail, others, warnings }: BatchOutcome): unknown {
  const { batch, runs } = detail;
  const { workSeconds, wallSeconds, speedup } = batch.progress;
  return {
    batch: batch.id,
    succeeded: batch.counts.succeeded,
    failed: batch.counts.failed,
    skipped: batch.counts.skipped,
    stopped: batch.counts.stopped,
    postponed: batch.counts.postponed,
    workSeconds: toMilli(workSeconds),
    wallSeconds: toMilli(wallSeconds),
    speedup: speedup === null ? null : toMilli(speedup),
    warnings: warnings.batch,
    runs: byIndex(detail.experiments).map((experiment) => {
      const run = findRun(experiment, runs, others);
      return {
        index: experiment.index,
        name: experiment.name,
        state: experiment.state.kind,
        attempt: run?.attempt ?? null,
        folder: run === undefined ? null : join(workspace, run.folder),
        warnings: warnings.runs.get(experiment.index) ?? [],
      };
    }),
  };
}

/** Three decimals: what lies behind them is noise of the clock and of binary sums. */
function toMilli(value: number): number {
  return Math.round(value * 1000) / 1000;
}

/** A skipped experiment points at the run whose result stands for it. */
function findRun(
  { index, attempt, state }: ExperimentRecord,
  runs: readonly RunRecord[],
  others: OtherRuns,
): RunRecord | undefined {
  if (state.kind !== 'skipped') return runs.find((run) => run.index === index && run.attempt === attempt);
  return others.get(state.batch)?.find((run) => run.index === state.index && run.attempt === state.attempt);
}

/** Asked while the connection lives: the process that holds the workspace may end together with its batch. */
export async function runsOfOthers(client: Client, { experiments }: BatchDetail): Promise<OtherRuns> {
  const batches = new Set(
    experiments.flatMap(({ state }) => (state.kind === 'skipped' ? [state.batch] : [])),
  );
  const found = new Map<string, readonly RunRecord[]>();
  for (const batch of batches) {
    const { detail } = await client.call('batches.get', { batch });
    found.set(batch, detail.runs);
  }
  return found;
}
