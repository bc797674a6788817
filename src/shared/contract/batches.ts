import { z } from 'zod';
import { batchDetail, batchRecord, changeSet } from '../model/batch.ts';
import { PEOPLE_ONLY, planCall } from '../model/plan-call.ts';
import { call, topic } from './define.ts';

const batch = z.string().min(1);
const done = z.strictObject({});
const indices = z.array(z.number().int().nonnegative());

export const batchCalls = {
  'batches.start': call(planCall, z.object({ batch: z.string() }), PEOPLE_ONLY),
  /** Every batch, newest first, with the `seq` from which the `changes` topic goes on. */
  'batches.list': call(done, z.object({ seq: z.number().int(), batches: z.array(batchRecord) })),
  'batches.get': call(z.strictObject({ batch }), z.object({ seq: z.number().int(), detail: batchDetail })),
  /**
   * What the newest attempts of a batch warned of (runs without a warning are left out), and the batch itself: hooks that
   * failed. Answers when no hook of the batch is running. Without `runs` only the batch's own, which takes no reading of its runs.
   */
  'batches.warnings': call(
    z.strictObject({ batch, runs: z.boolean().default(true) }),
    z.object({
      runs: z.array(z.object({ index: z.number().int(), texts: z.array(z.string()) })),
      batch: z.array(z.string()),
    }),
  ),
  /** `hold`: live runs stop in place and keep their memory. */
  'batches.pause': call(z.strictObject({ batch }), done),
  /** Continues a paused batch, or goes on with an interrupted one. */
  'batches.resume': call(z.strictObject({ batch }), done),
  /** `checkpoint`: finish the step and save; `cancel`: end now. */
  'batches.stop': call(
    z.strictObject({ batch, mode: z.enum(['checkpoint', 'cancel']).default('checkpoint') }),
    done,
  ),
  /** New attempts for failed, timed-out, cancelled and interrupted experiments (all, or those named). */
  'batches.retry': call(
    z.strictObject({ batch, indices: indices.optional() }),
    z.object({ retried: z.number().int() }),
  ),
  /** New attempts at experiments that have succeeded or were skipped: from the beginning, and the older ones stay. */
  'batches.run-again': call(z.strictObject({ batch, indices: indices.min(1) }), done),
  /** Lowering never ends a run: the surplus workers finish what they do. */
  'batches.set-workers': call(z.strictObject({ batch, workers: z.number().int().min(1).max(64) }), done),
  'batches.postpone': call(z.strictObject({ batch, indices, reason: z.string().min(1) }), done),
  'batches.release': call(z.strictObject({ batch, indices }), done),
  /** Ends single live or queued experiments. */
  'batches.cancel': call(z.strictObject({ batch, indices }), done),
  /** Changes the order of starting: `indices`, in this order, directly before `before`; null = behind all others. */
  'batches.reorder': call(
    z.strictObject({ batch, indices: indices.min(1), before: z.number().int().nonnegative().nullable() }),
    done,
  ),
  /** Moves a resting batch to the workspace's trash. */
  'batches.remove': call(z.strictObject({ batch }), done),
};

export const batchTopics = {
  /** Every commit of the store, in order. Subscribe with `since` = the `seq` of a snapshot. */
  changes: topic(changeSet),
};
