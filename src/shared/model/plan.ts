import { z } from 'zod';
import { experiment, phase } from './experiment.ts';
import { hookCommand, hooks } from './hooks.ts';
import { json } from './json.ts';
import { machineSettings } from './machine-settings.ts';
import { requestSweep } from './request-sweep.ts';

export { type Profile, profile } from './machine-settings.ts';

const { shape: setting } = machineSettings;

/**
 * What a person asks for: a preset of a workload, with changes. Unknown options are refused by name. What a suite may
 * say as well is absent unless it was said, so that whatever was said wins.
 */
export const planRequest = z.strictObject({
  workload: z.string(),
  preset: z.string(),
  options: z.record(z.string(), json).default({}),
  device: setting.device.optional(),
  workers: setting.workers.default(0),
  profile: setting.profile.default('aggressive'),
  memoryGb: setting.memoryGb.optional(),
  seed: setting.seed.default(42),
  /** Run again what has a valid result; the older attempt stays. */
  forceOverwrite: z.boolean().default(false),
  /** Narrows the selection to experiments with at least this index. */
  startFrom: z.number().int().nonnegative().default(0),
  /** Narrows it to the experiments with these indices. */
  only: z.array(z.number().int().nonnegative()).min(1).optional(),
  threads: setting.threads.optional(),
  timeoutSeconds: setting.timeoutSeconds.optional(),
  retries: setting.retries.optional(),
  retryDelaySeconds: setting.retryDelaySeconds.optional(),
  failFast: setting.failFast.optional(),
  /** Absolute path of the interpreter; absent = the one `doctor` recommends. Only the command line sets it. */
  python: z.string().optional(),
  /** Absolute path of a suite file; then `options` set its parameters. Only the command line and the host set it. */
  suite: z.string().optional(),
  /** Commands that are run when the batch has ended, in this absolute folder. Only the command line sets it. */
  onEnd: z.strictObject({ commands: z.array(hookCommand).min(1), folder: z.string() }).optional(),
  /** How the parameters of a suite are swept, where that is not as the suite says. */
  sweep: requestSweep.optional(),
  /** Absolute path of a table of experiments, in the place of `sweep.list`. Only the command line sets it. */
  csv: z.string().optional(),
});
export type PlanRequest = z.infer<typeof planRequest>;
export type PlanRequestInput = z.input<typeof planRequest>;

/** A request with nothing left to say: what neither the person nor a suite has said is the default. */
export const settledRequest = planRequest.extend({
  device: planRequest.shape.device.unwrap().default('auto'),
  threads: planRequest.shape.threads.unwrap().default(1),
  retries: planRequest.shape.retries.unwrap().default(0),
  retryDelaySeconds: planRequest.shape.retryDelaySeconds.unwrap().default(0),
  failFast: planRequest.shape.failFast.unwrap().default(false),
});
export type SettledRequest = z.infer<typeof settledRequest>;

/** Where the worker count comes from. Every limit is a count of workers; `binding` is the one that decided. */
export const workerLimits = z.object({
  memory: z.number().int(),
  cores: z.number().int(),
  cap: z.number().int(),
  slots: z.number().int(),
  /** Workers asked for by the person or the profile; null = automatic. */
  asked: z.number().int().nullable(),
  /** `work`: fewer experiments than workers. */
  binding: z.enum(['memory', 'cores', 'cap', 'slots', 'asked', 'work']),
  budgetMb: z.number(),
  largestMb: z.number(),
  /** One sentence, for people. */
  sentence: z.string(),
});
export type WorkerLimits = z.infer<typeof workerLimits>;

export const plannedExperiment = experiment.extend({
  /** Devices that a run gets here; absent = as many as it takes. */
  granted: z.number().int().min(1).optional(),
  action: z.enum(['run', 'skip', 'postpone']),
  /** Why it is skipped or postponed, or in one phrase why it runs ("no result yet", "run again as asked"). */
  reason: z.string(),
  /** The run whose result makes this one unnecessary. */
  existing: z.object({ batch: z.string(), index: z.number().int(), attempt: z.number().int() }).nullable(),
});
export type PlannedExperiment = z.infer<typeof plannedExperiment>;

/** Where the experiments come from when they come from a suite file. Paths are absolute. */
export const planSuite = z.object({
  file: z.string(),
  name: z.string(),
  /** Working folder of the command. */
  folder: z.string(),
  /** What is frozen at the start; null = the command runs in its folder. `exclude` and `link` are relative to `root`. */
  code: z
    .object({
      root: z.string(),
      exclude: z.array(z.string()),
      link: z.array(z.string()),
      limitMb: z.number(),
      fingerprint: z.string(),
    })
    .nullable(),
  /** Instead of the manifest's; null = as it says there. */
  mainMetric: z.string().nullable(),
  gpuLoad: z.enum(['light', 'heavy']).nullable(),
  /** How its results are compared; absent in older batches. */
  compare: z
    .object({
      metric: z.string().nullable(),
      value: z.enum(['last', 'min', 'max']),
      /** Null = as the metric's name says. */
      better: z.enum(['higher', 'lower']).nullable(),
      group: z.string().nullable(),
      x: z.string().nullable(),
    })
    .optional(),
  /** As the suite says; absent = none. */
  hooks: hooks.optional(),
});
export type PlanSuite = z.infer<typeof planSuite>;

/** The pure answer to "what would happen". */
export const plan = z.object({
  request: settledRequest,
  workloadVersion: z.number().int(),
  workloadTitle: z.string(),
  device: z.string(),
  deviceReason: z.string(),
  /** CUDA devices that its interpreter sees; absent in older batches = 1. */
  cards: z.number().int().nonnegative().optional(),
  /** In the order they would start (longest first within a phase). */
  experiments: z.array(plannedExperiment),
  /** In an order that their needs allow; absent = those of the experiments, one after the other. */
  phases: z.array(phase).optional(),
  workers: z.number().int().min(1),
  limits: workerLimits,
  totals: z.object({
    run: z.number().int(),
    skip: z.number().int(),
    postpone: z.number().int(),
    workSeconds: z.number(),
    wallSeconds: z.number(),
    diskMb: z.number(),
  }),
  notes: z.array(z.string()),
  suite: planSuite.optional(),
});
export type Plan = z.infer<typeof plan>;
