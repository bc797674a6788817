import { join } from 'node:path';
import type { Client } from '../../shared/client.ts';
import type { BatchDetail } from '../../shared/model/batch.ts';
import type { ExperimentRecord, RunRecord } from '../../shared/model/run.ts';
import { byIndex } from './plan-text.ts';

/** The document of `run`, `resume` and `retry` with `--json`. Folders are absolute, null = nothing was started. */
export async function batchDocument(client: Client, detail: BatchDetail): Promise<unknown> {
  const { workspace } = await client.call('app.info', {});
  const { batch, runs } = detail;
  const others = await runsOfOthers(client, detail);
  const { workSeconds, wallSeconds, speedup } = batch.progress;
  return {
    batch: batch.id,
    succeeded: batch.counts.succeeded,
    failed: batch.counts.failed,
    skipped: batch.counts.skipped,
    stopped: batch.counts.stopped,
    postponed: batch.counts.postponed,
    workSeconds,
    wallSeconds,
    speedup,
    runs: byIndex(detail.experiments).map((experiment) => {
      const run = findRun(experiment, runs, others);
      return {
        index: experiment.index,
        name: experiment.name,
        state: experiment.state.kind,
        attempt: run?.attempt ?? null,
        folder: run === undefined ? null : join(workspace, run.folder),
      };
    }),
  };
}

/** A skipped experiment points at the run whose result stands for it. */
function findRun(
  { index, attempt, state }: ExperimentRecord,
  runs: readonly RunRecord[],
  others: ReadonlyMap<string, readonly RunRecord[]>,
): RunRecord | undefined {
  if (state.kind !== 'skipped') return runs.find((run) => run.index === index && run.attempt === attempt);
  return others.get(state.batch)?.find((run) => run.index === state.index && run.attempt === state.attempt);
}

async function runsOfOthers(
  client: Client,
  { experiments }: BatchDetail,
): Promise<Map<string, readonly RunRecord[]>> {
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
