import { join } from 'node:path';
import type { Handlers } from '../../../shared/contract/contract.ts';
import { ExpectedError } from '../../../shared/model/error.ts';
import { readJournal } from '../../store/batch-file.ts';
import { batchFolder } from '../../store/batch-folder.ts';
import type { AskedPlans } from '../asked-plans.ts';
import type { CoreParts } from '../parts.ts';
import { readWarnings } from '../run-warnings.ts';

type BatchCall = Extract<keyof Handlers, `batches.${string}`>;

/** Everything that starts or stops something goes to the scheduler; the answer is seen in the `changes` topic. */
export function batchHandlers(
  { store, planner, scheduler }: Pick<CoreParts, 'store' | 'planner' | 'scheduler'>,
  asked: AskedPlans,
): Pick<Handlers, BatchCall> {
  /** Resolves to the empty answer of a command about one batch. */
  async function done(batch: string, work: () => Promise<void>): Promise<Record<string, never>> {
    requireBatch(batch);
    await work();
    return {};
  }

  function requireBatch(batch: string): void {
    if (store.batch(batch) === null) {
      throw new ExpectedError('not-found', `There is no batch "${batch}" in this workspace.`);
    }
  }

  return {
    // The plan is made again here, so that nothing a client sends is believed.
    'batches.start': async (request) => ({
      batch: await scheduler.start(await planner.plan(await asked.resolve(request))),
    }),
    'batches.list': () => ({
      seq: store.changes.seq,
      batches: store.batches().toSorted((a, b) => b.createdAt - a.createdAt),
    }),
    'batches.get': ({ batch }) => {
      const { seq } = store.changes;
      const detail = store.detail(batch);
      if (detail === null)
        throw new ExpectedError('not-found', `There is no batch "${batch}" in this workspace.`);
      return { seq, detail };
    },
    'batches.warnings': async ({ batch, runs: wanted }) => {
      requireBatch(batch);
      await scheduler.hooksSettled(batch);
      const newest = new Map(
        store
          .runs(batch)
          .toSorted((a, b) => a.attempt - b.attempt)
          .map((run) => [run.index, run]),
      );
      const runs: { index: number; texts: string[] }[] = [];
      for (const { index, folder } of wanted ? newest.values() : []) {
        const texts = await readWarnings(join(store.workspace, folder));
        if (texts.length > 0) runs.push({ index, texts });
      }
      const { journal } = readJournal(batchFolder(store.workspace, batch));
      return {
        runs: runs.toSorted((a, b) => a.index - b.index),
        batch: journal.flatMap((entry) => (entry.kind === 'hook-failed' ? [entry.sentence] : [])),
      };
    },
    'batches.pause': ({ batch }) => done(batch, () => scheduler.pause(batch)),
    'batches.resume': ({ batch }) => done(batch, () => scheduler.resume(batch)),
    'batches.stop': ({ batch, mode }) => done(batch, () => scheduler.stop(batch, mode)),
    'batches.retry': async ({ batch, indices }) => {
      requireBatch(batch);
      return { retried: await scheduler.retry(batch, indices) };
    },
    'batches.run-again': ({ batch, indices }) => done(batch, () => scheduler.runAnew(batch, indices)),
    'batches.set-workers': ({ batch, workers }) => done(batch, () => scheduler.setWorkers(batch, workers)),
    'batches.postpone': ({ batch, indices, reason }) =>
      done(batch, () => scheduler.postpone(batch, indices, reason)),
    'batches.release': ({ batch, indices }) => done(batch, () => scheduler.release(batch, indices)),
    'batches.cancel': ({ batch, indices }) => done(batch, () => scheduler.cancel(batch, indices)),
    'batches.reorder': ({ batch, indices, before }) =>
      done(batch, () => scheduler.reorder(batch, { indices, before })),
    'batches.remove': ({ batch }) => done(batch, () => scheduler.remove(batch)),
  };
}
