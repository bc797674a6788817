import { z } from 'zod';
import { settledRequest, workerLimits } from './plan.ts';
import { experimentRecord, runRecord } from './run.ts';

/** A batch runs, pauses or rests; its outcome is read from its experiments. */
export const batchState = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('running') }),
  /** Runs are stopped in place (they keep their memory) and nothing new starts. */
  z.object({ kind: z.literal('paused') }),
  /** Nothing new starts. Asked to stop, and live runs are on their way to a checkpoint; or, with a sentence, they finish. */
  z.object({ kind: z.literal('stopping'), sentence: z.string().optional() }),
  /** Not being worked on, with unfinished experiments: stopped by a person, found after a crash, or never begun. */
  z.object({
    kind: z.literal('interrupted'),
    sentence: z.string(),
    /** Its smoke run failed, so that nothing was started; or an experiment failed, and the rest was not started. */
    cause: z.enum(['smoke-run', 'failure']).optional(),
  }),
  z.object({ kind: z.literal('finished') }),
  /** Its folder cannot be read. */
  z.object({ kind: z.literal('damaged'), sentence: z.string() }),
]);
export type BatchState = z.infer<typeof batchState>;

export const batchCounts = z.object({
  total: z.number().int(),
  succeeded: z.number().int(),
  failed: z.number().int(),
  skipped: z.number().int(),
  postponed: z.number().int(),
  /** starting, running, paused */
  live: z.number().int(),
  /** queued, waiting */
  queued: z.number().int(),
  /** cancelled, interrupted */
  stopped: z.number().int(),
});
export type BatchCounts = z.infer<typeof batchCounts>;

/** Progress of a whole batch. Skipped experiments are left out of every average. */
export const batchProgress = z.object({
  /** 0 to 1 by estimated work. */
  fraction: z.number(),
  remainingSeconds: z.number().nullable(),
  /** Half width of the remaining time's likely range; null = not known. */
  remainingSpread: z.number().nullable(),
  /** Sum of the seconds that runs took. */
  workSeconds: z.number(),
  /** Seconds during which at least one run lived. */
  wallSeconds: z.number(),
  /** workSeconds / wallSeconds, measured; null before anything ran. */
  speedup: z.number().nullable(),
});
export type BatchProgress = z.infer<typeof batchProgress>;

export const batchRecord = z.object({
  id: z.string(),
  workload: z.string(),
  preset: z.string(),
  title: z.string(),
  createdAt: z.number(),
  endedAt: z.number().nullable(),
  state: batchState,
  request: settledRequest,
  device: z.string(),
  /** Worker count now (it can be changed while the batch runs). */
  workers: z.number().int(),
  limits: workerLimits,
  /** The metric shown in lists, as a suite says; absent = as the workload's manifest says. */
  mainMetric: z
    .object({ name: z.string().nullable(), better: z.enum(['higher', 'lower']).nullable() })
    .optional(),
  counts: batchCounts,
  progress: batchProgress,
});
export type BatchRecord = z.infer<typeof batchRecord>;

export const batchDetail = z.object({
  batch: batchRecord,
  experiments: z.array(experimentRecord),
  runs: z.array(runRecord),
});
export type BatchDetail = z.infer<typeof batchDetail>;

/** A committed change. Each has the whole new value, so applying one twice does no harm. */
export const change = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('batch'), value: batchRecord }),
  z.object({ kind: z.literal('batch-removed'), id: z.string() }),
  z.object({ kind: z.literal('experiment'), value: experimentRecord }),
  z.object({ kind: z.literal('run'), value: runRecord }),
]);
export type Change = z.infer<typeof change>;

/** Changes of one commit; `seq` rises by one per commit. */
export const changeSet = z.object({ seq: z.number().int(), changes: z.array(change) });
export type ChangeSet = z.infer<typeof changeSet>;
