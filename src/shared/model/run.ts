import { z } from 'zod';
import { json, wireNumber } from './json.ts';

/** Why a run did not succeed, told apart so that each gets its own sentence and way out. */
export const failureReason = z.object({
  kind: z.enum([
    'script-error',
    'no-result',
    'invalid-result',
    'out-of-memory',
    'metal-error',
    'killed-by-system',
    'killed-unknown',
    'start-failed',
    'disk-full',
    'folder-missing',
    'supervisor-lost',
  ]),
  /** What happened and what to do, for people. */
  sentence: z.string(),
  exitCode: z.number().int().nullable(),
  signal: z.string().nullable(),
});
export type FailureReason = z.infer<typeof failureReason>;

const since = { since: z.number() };
const ended = { startedAt: z.number(), endedAt: z.number(), seconds: z.number() };

/** State of an experiment inside a batch. Times are Unix seconds; `seconds` is monotonic, pauses excluded. */
export const experimentState = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('queued') }),
  z.object({
    kind: z.literal('waiting'),
    resource: z.enum(['memory', 'slot', 'threads', 'pressure', 'disk', 'phase', 'twin', 'retry']),
    sentence: z.string(),
  }),
  z.object({ kind: z.literal('starting'), ...since }),
  z.object({ kind: z.literal('running'), ...since }),
  z.object({ kind: z.literal('paused'), ...since }),
  z.object({ kind: z.literal('succeeded'), ...ended }),
  z.object({ kind: z.literal('partial'), ...ended, sentence: z.string() }),
  z.object({ kind: z.literal('failed'), ...ended, reason: failureReason }),
  z.object({ kind: z.literal('timed-out'), ...ended, limitSeconds: z.number() }),
  z.object({ kind: z.literal('cancelled'), ...ended }),
  /** Stopped at a checkpoint, or the app or machine went away; goes on from its checkpoint. */
  z.object({ kind: z.literal('interrupted'), ...ended, sentence: z.string() }),
  z.object({
    kind: z.literal('skipped'),
    batch: z.string(),
    index: z.number().int(),
    attempt: z.number().int(),
    sentence: z.string(),
  }),
  z.object({ kind: z.literal('postponed'), sentence: z.string() }),
]);
export type ExperimentState = z.infer<typeof experimentState>;
export type ExperimentStateKind = ExperimentState['kind'];

/** A curve in figures: how many points, the last value, and the least and greatest finite one with their steps. */
export const metricSummary = z.object({
  count: z.number().int(),
  last: wireNumber,
  min: z.number().nullable(),
  minStep: z.number().nullable(),
  max: z.number().nullable(),
  maxStep: z.number().nullable(),
});
export type MetricSummary = z.infer<typeof metricSummary>;

/** The metrics of a run by name, at most 200 of them. */
export const metricSummaries = z.record(z.string(), metricSummary);
export type MetricSummaries = Readonly<z.infer<typeof metricSummaries>>;

/** What changes while a run lives. Absent facts are null, never 0. */
export const liveFacts = z.object({
  worker: z.number().int(),
  phase: z.string().nullable(),
  progress: z.object({ done: z.number(), total: z.number(), unit: z.string() }).nullable(),
  /** Progress units a second, over the last half minute. */
  rate: z.number().nullable(),
  remainingSeconds: z.number().nullable(),
  /** Physical memory of the process tree now, and its highest value, in MiB. */
  memoryMb: z.number().nullable(),
  peakMb: z.number().nullable(),
  cpuPercent: z.number().nullable(),
  metric: wireNumber.nullable(),
  lastOutputAt: z.number().nullable(),
  /** Absent = none was reported yet. */
  metrics: metricSummaries.optional(),
});
export type LiveFacts = z.infer<typeof liveFacts>;

/** One experiment of a batch with its state and its latest attempt: a row of the batch screen. */
export const experimentRecord = z.object({
  batch: z.string(),
  index: z.number().int(),
  /** Position in the batch's start order. */
  order: z.number().int(),
  name: z.string(),
  identity: z.string(),
  seed: z.number().int(),
  parameters: z.record(z.string(), json),
  facts: z.record(z.string(), json),
  estimate: z.object({ memoryMb: z.number(), seconds: z.number(), source: z.enum(['formula', 'measured']) }),
  phase: z.string(),
  queue: z.string(),
  /** Set where the queue is bound to a device of its own. */
  device: z.string().optional(),
  /** Devices that its runs take at once; absent = 1. */
  devices: z.number().int().optional(),
  state: experimentState,
  /** Latest attempt, 0 = none yet. */
  attempt: z.number().int(),
  live: liveFacts.nullable(),
  /** The workload's own summary of a succeeded run. */
  summary: z.record(z.string(), json).nullable(),
});
export type ExperimentRecord = z.infer<typeof experimentRecord>;

/** One attempt at one experiment, with a folder of its own: a bar of the worker lanes. */
export const runRecord = z.object({
  batch: z.string(),
  index: z.number().int(),
  attempt: z.number().int(),
  /** Folder, relative to the workspace. */
  folder: z.string(),
  worker: z.number().int(),
  /** As the machine counts it; of several, one for each process: `cuda:0+cuda:1`, `cpu+cpu`. */
  device: z.string(),
  /** Of each process. */
  threads: z.number().int(),
  /** starting, running and paused while it lives; a final kind afterwards. */
  state: experimentState,
  startedAt: z.number(),
  endedAt: z.number().nullable(),
  /** Seconds from a free slot to the first training step; null = not seen. */
  startupSeconds: z.number().nullable(),
  peakMb: z.number().nullable(),
  cpuSeconds: z.number().nullable(),
  standby: z.boolean(),
  /** Of a run that has ended; one that lives tells them in the live facts of its experiment. */
  metrics: metricSummaries.optional(),
});
export type RunRecord = z.infer<typeof runRecord>;
