import { z } from 'zod';
import { json, parameters } from './json.ts';

/** What a run is expected to need, and where the figure comes from. */
export const estimate = z.object({
  memoryMb: z.number().nonnegative(),
  seconds: z.number().nonnegative(),
  source: z.enum(['formula', 'measured']),
});
export type Estimate = z.infer<typeof estimate>;

/** Devices that one run may take at once. */
export const MOST_DEVICES = 64;

/** What a workload's `describe.py` prints for each experiment. */
export const describedExperiment = z.object({
  /** Stable number of the experiment within the workload, for example the architecture index. */
  index: z.number().int().nonnegative(),
  name: z.string().min(1),
  parameters,
  /** Facts shown and plotted but not part of the identity, for example `parameterCount`. */
  facts: z.record(z.string(), json).default({}),
  estimate: z.object({ memoryMb: z.number().nonnegative(), seconds: z.number().nonnegative() }),
  phase: z.string().default('main'),
  queue: z.string().default('main'),
  /** Device that its queue is bound to, for example `cuda:1`; a machine without it uses the batch's device. */
  device: z
    .string()
    .regex(/^(cpu|mps|cuda:\d+)$/)
    .optional(),
  /** Devices of one kind that a run takes at once: CUDA cards, or processes on the CPU. Absent = 1. */
  devices: z.number().int().min(1).max(MOST_DEVICES).optional(),
  /** On a machine with fewer devices than that it runs on one; otherwise it is postponed there. */
  orOne: z.boolean().optional(),
  /** Why the experiment should not run now; it can be released. */
  postponed: z.string().optional(),
});
export type DescribedExperiment = z.infer<typeof describedExperiment>;

/** Phases of a batch; more would be no plan that anybody reads. */
export const MOST_PHASES = 1_000;

/** A part of a batch, and the parts that have to be done before it begins. */
export const phase = z.object({ name: z.string().min(1), needs: z.array(z.string()) });
export type Phase = z.infer<typeof phase>;

/** The whole answer of `describe.py`. */
export const description = z.object({
  experiments: z.array(describedExperiment),
  /** Absent = the phases of the experiments, one after the other. */
  phases: z
    .array(phase.extend({ needs: phase.shape.needs.optional() }))
    .max(MOST_PHASES)
    .optional(),
  notes: z.array(z.string()).default([]),
});
export type Description = z.infer<typeof description>;

/** One configuration to try. Device, threads and worker count are not part of its identity. */
export const experiment = describedExperiment.extend({
  identity: z.string().length(64),
  seed: z.number().int().nonnegative(),
  estimate,
});
export type Experiment = z.infer<typeof experiment>;
