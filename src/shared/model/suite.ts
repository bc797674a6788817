import { z } from 'zod';
import { MOST_DEVICES, MOST_PHASES } from './experiment.ts';
import { hooks } from './hooks.ts';

/** The file format `*.minibatch.yaml`: any command as experiments. Every key of a file is read or refused. */

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()], {
  error: 'must be a text, a number, true, false or null',
});
/** A value of a parameter. A list becomes several words of the command. */
export const suiteValue = z.union([scalar, z.array(scalar)], {
  error: 'must be a text, a number, true, false, null or a list of these',
});
export type SuiteValue = z.infer<typeof suiteValue>;

const parameterName = z
  .string()
  .regex(/^[A-Za-z_][\w.-]*$/, 'is no name: letters, digits, "_", "-" and "." after a letter');
/** Values of parameters, by name. */
export const parameterTable = z.record(parameterName, suiteValue);
const values = parameterTable;

/** One axis of a grid: its values, or a range. */
export const sweepAxis = z.union(
  [
    z.array(suiteValue).min(1),
    z.strictObject({
      from: z.number(),
      to: z.number(),
      /** Distance of two values, 1 unless `count` is given. */
      step: z.number().positive().optional(),
      /** Number of values, both ends included. */
      count: z.number().int().min(1).optional(),
      scale: z.enum(['linear', 'log']).default('linear'),
    }),
  ],
  { error: 'must be a list of values, or {from, to, step} or {from, to, count, scale}' },
);
export type SweepAxis = z.infer<typeof sweepAxis>;
export type SweepRange = Exclude<SweepAxis, readonly unknown[]>;

const interval = z.tuple([z.number(), z.number()], { error: 'must be a pair [lowest, highest]' });
/** How a value is drawn; exactly one of the keys. */
export const drawSpec = z
  .strictObject({
    uniform: interval.optional(),
    logUniform: interval.optional(),
    /** Both ends included. */
    integer: interval.optional(),
    choice: z.array(suiteValue).min(1).optional(),
  })
  .refine((draw) => Object.values(draw).filter((one) => one !== undefined).length === 1, {
    error: 'needs exactly one of uniform, logUniform, integer, choice',
  });
export type DrawSpec = z.infer<typeof drawSpec>;

/** What a parameter can be set to from outside: a value, a list or a range of values, or a draw. */
export const suiteSetting = z.union([suiteValue, sweepAxis, drawSpec], {
  error: 'must be a value, a list, a range {from, to, count} or a draw such as {uniform: [0, 1]}',
});
export type SuiteSetting = z.infer<typeof suiteSetting>;

/** The parts multiply: a grid of 4, a list of 2 and 3 seeds are 24 experiments. */
export const sweep = z.strictObject({
  grid: z.record(parameterName, sweepAxis).default({}),
  /** Lists of one length that advance together. */
  zip: z.record(parameterName, z.array(suiteValue).min(1)).default({}),
  /** Experiments written out. */
  list: z.array(values).min(1).optional(),
  /** The same in a CSV file, relative to the suite file: its first line names parameters. */
  csv: z.string().min(1).optional(),
  random: z
    .strictObject({
      count: z.number().int().min(1),
      /** Absent = the seed of the batch. */
      seed: z.number().int().nonnegative().optional(),
      parameters: z.record(parameterName, drawSpec),
    })
    .optional(),
});
export type Sweep = z.infer<typeof sweep>;

const seeds = z.union([z.number().int().min(1), z.array(z.number().int().nonnegative()).min(1)], {
  error: 'must be a number of seeds or a list of seeds',
});

/** A text, split as a shell would (but run by none), or the words. */
const command = z.union([z.string().min(1), z.array(z.string()).min(1)], {
  error: 'must be a text or a list of words',
});

const device = z.string().regex(/^(auto|cpu|mps|cuda(:\d+)?)$/, 'must be auto, cpu, mps, cuda or cuda:0');

/** A part of the batch. What it does not say is as in the suite. */
export const suitePhase = z.strictObject({
  name: z.string().min(1),
  /** Phases that have to be done before it begins; where no phase says any, each needs the one before it. */
  needs: z.array(z.string()).optional(),
  command: command.optional(),
  parameters: values.default({}),
  sweep: sweep.optional(),
  seeds: seeds.optional(),
  queue: z.string().optional(),
});
export type SuitePhase = z.infer<typeof suitePhase>;

const DURATION = 'must be seconds or a text such as 90s, 30m, 8h or 2d';
const duration = z.union([z.number().positive(), z.string().regex(/^\d+(\.\d+)?\s*(s|m|h|d)$/, DURATION)], {
  error: DURATION,
});

export const suiteMetrics = z.strictObject({
  /** The metric that is shown in lists and compared; absent = the first that is seen. */
  main: z.string().optional(),
  /** Lines of the output that are JSON objects; their numbers are metrics. */
  jsonLines: z.boolean().default(false),
  /** Python regular expressions with named groups, tried on every line: `loss (?P<loss>[\d.]+)`. */
  patterns: z.array(z.string().min(1)).default([]),
  /** CSV files that the command writes, relative to its working folder. */
  csv: z.array(z.string().min(1)).default([]),
  /** Folders or globs with TensorBoard event files, relative to the working folder. */
  tensorboard: z.array(z.string().min(1)).default([]),
  /** Name of the column, field or group that counts steps; absent = step, epoch, iteration or iter. */
  step: z.string().optional(),
  /** Regular expression with the groups `done` and `total`; absent = what tqdm prints. */
  progress: z.string().optional(),
});
export type SuiteMetrics = z.infer<typeof suiteMetrics>;

export const suite = z.strictObject({
  version: z.literal(1, { error: 'must be 1' }).default(1),
  name: z.string().min(1).optional(),
  command,
  /** Hands the command to /bin/sh, for pipelines. Values are quoted. */
  shell: z.boolean().default(false),
  /** Working folder, relative to the suite file. */
  folder: z.string().default('.'),
  /** Python that `python` means, relative to the suite file. */
  interpreter: z.string().min(1).optional(),
  environment: z.record(z.string(), scalar).default({}),
  parameters: values.default({}),
  /** Form of a parameter in `{arguments}`. */
  arguments: z.string().default('--{name} {value}'),
  /** Name of an experiment; absent = the values that differ. */
  label: z.string().min(1).optional(),
  sweep: sweep.optional(),
  seeds: seeds.optional(),
  phases: z.array(suitePhase).min(1).max(MOST_PHASES).optional(),
  queues: z.record(z.string(), z.strictObject({ device })).default({}),
  queue: z.string().optional(),
  resources: z
    .strictObject({
      memoryMb: z.number().positive().optional(),
      /** Expected seconds of a run, until one was measured. */
      seconds: z.number().positive().optional(),
      threads: z.number().int().min(1).max(256).optional(),
      /** How much of a GPU a run takes: 6 light or 2 heavy runs share one. */
      gpu: z.enum(['light', 'heavy']).optional(),
      device: z.enum(['auto', 'cpu', 'mps', 'cuda']).optional(),
      /** Devices that each run takes at once: CUDA cards, or processes on the CPU. `memoryMb` is that of all, `threads` of each. */
      devices: z.number().int().min(1).max(MOST_DEVICES).optional(),
      /** True: with fewer devices than that it runs on one, and the plan says so; else it is postponed. */
      orOne: z.boolean().optional(),
    })
    .default({}),
  timeLimit: duration.optional(),
  retries: z.number().int().min(0).max(10).optional(),
  /** Before the first retry; doubled before each further one. */
  retryDelay: duration.optional(),
  /** Starts nothing new after the first experiment that has failed for good. */
  failFast: z.boolean().optional(),
  metrics: suiteMetrics.prefault({}),
  /**
   * What to do when files were written in the folder that the code came from, or elsewhere in the batch, while a run went:
   * tell it in the run's messages, let the run fail, or not even look.
   */
  outsideWrites: z.enum(['warn', 'refuse', 'allow']).default('warn'),
  /** What has to be there after exit code 0; else the run has failed. */
  expect: z
    .strictObject({ files: z.array(z.string()).default([]), metrics: z.array(z.string()).default([]) })
    .prefault({}),
  /** Commands that are run when something of its batch ends, in the folder of the suite file. */
  hooks: hooks.optional(),
  resume: z
    .strictObject({
      /** Glob of the checkpoints that the command writes, relative to its working folder. */
      checkpoint: z.string().min(1),
      /** Added to the command when it goes on; `{checkpoint}` is the newest. */
      arguments: z.array(z.string()).default([]),
    })
    .optional(),
  compare: z
    .strictObject({
      metric: z.string().optional(),
      value: z.enum(['last', 'min', 'max']).default('last'),
      /** Absent = as the metric's name says, else lower. */
      better: z.enum(['higher', 'lower']).optional(),
      /** Parameter that splits the experiments into groups. */
      group: z.string().optional(),
      /** Numeric parameter on the x axis. */
      x: z.string().optional(),
    })
    .prefault({}),
  code: z
    .strictObject({
      /** False: the command runs in the folder itself, and later edits leak in. */
      freeze: z.boolean().default(true),
      /** What belongs to the code, relative to the suite file; absent = the working folder. */
      root: z.string().optional(),
      /** Globs of files that do not belong to it. */
      exclude: z.array(z.string()).default([]),
      /** Files and folders, such as data, that are linked and not copied. */
      link: z.array(z.string()).default([]),
      limitMb: z.number().positive().max(4096).default(64),
    })
    .prefault({}),
});
export type Suite = z.infer<typeof suite>;

/** Why a suite cannot be used: a sentence without its full stop, and the key it is about. */
export class SuiteProblem extends Error {
  readonly path: readonly PropertyKey[];
  constructor(path: readonly PropertyKey[], message: string) {
    super(message);
    this.name = 'SuiteProblem';
    this.path = path;
  }
}
