import { z } from 'zod';
import { json } from './json.ts';
import { machineSettings, someMachineSettings } from './machine-settings.ts';
import { requestSweep } from './request-sweep.ts';

const { shape } = machineSettings;
const oneLine = z.string().regex(/^[^\r\n]*$/, 'must be one line');

export const presetTitle = oneLine
  .trim()
  .min(1, 'must not be empty')
  .refine((text) => text.length <= 80, 'has more than 80 characters');
export const presetSummary = oneLine
  .trim()
  .refine((text) => text.length <= 200, 'has more than 200 characters');

/**
 * `<workspace>/presets/<workload>/<name>.yaml`: a preset that a person has saved. It holds what differs from the preset
 * that it extends, and nothing else.
 */
export const ownPresetFile = z.strictObject({
  /** Absent = the name of the file. */
  title: presetTitle.optional(),
  summary: presetSummary.optional(),
  /** A preset of the workload, built in or own. */
  extends: z.string().min(1).optional(),
  /** Instead of it, a suite file: absolute, or relative to this one. Then `options` are its parameters. */
  suite: z.string().min(1).optional(),
  options: z.record(z.string(), json).default({}),
  /** What of a suite goes together, how often is drawn, and experiments written out. */
  sweep: requestSweep.optional(),
  /** Null takes back what the extended preset says. */
  machine: z
    .strictObject({
      device: shape.device.nullable(),
      workers: shape.workers.nullable(),
      profile: shape.profile.nullable(),
      memoryGb: shape.memoryGb.nullable(),
      seed: shape.seed.nullable(),
      threads: shape.threads.nullable(),
      timeoutSeconds: shape.timeoutSeconds.nullable(),
      retries: shape.retries.nullable(),
      retryDelaySeconds: shape.retryDelaySeconds.nullable(),
      failFast: shape.failFast.nullable(),
    })
    .partial()
    .default({}),
});
export type OwnPresetFile = z.infer<typeof ownPresetFile>;

/** What is known of an own preset beside that which every preset has. */
export const ownPreset = z.object({
  /** Null = it stands on a suite file. */
  extends: z.string().nullable(),
  /** In the person's words; empty where none were given. */
  summary: z.string(),
  /** With those of the presets that it extends. */
  machine: someMachineSettings,
  sweep: requestSweep.optional(),
  /** Under which a page may ask for its suite file. */
  suiteId: z.string().optional(),
});
export type OwnPreset = z.infer<typeof ownPreset>;

/** A file that cannot be used: every other preset still can. */
export const brokenPreset = z.object({
  workload: z.string(),
  /** Name of the file without its ending. */
  preset: z.string(),
  /** Absolute; for people to read. */
  path: z.string(),
  /** From 1. */
  line: z.number().int(),
  /** With dots between the keys around it; null = the file as a whole. */
  key: z.string().nullable(),
  /** Without file and line. */
  reason: z.string(),
});
export type BrokenPreset = z.infer<typeof brokenPreset>;
