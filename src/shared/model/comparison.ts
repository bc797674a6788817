import { z } from 'zod';
import { comparisonSpec } from './workload.ts';

/** Statistics of one experiment's rows in one group. `parameters` is the parameter count, null if the workload has none. */
export const comparisonRow = z.object({
  name: z.string(),
  index: z.number().int(),
  parameters: z.number().nullable(),
  /** Value of the group column, for example N. */
  n: z.union([z.number(), z.string()]),
  x: z.number().nullable(),
  /** Runs behind the values: they differ in the seed alone. */
  seeds: z.number().int(),
  count: z.number().int(),
  /** Values that were not finite; left out of the statistics. */
  nonFinite: z.number().int(),
  mean: z.number().nullable(),
  median: z.number().nullable(),
  q25: z.number().nullable(),
  q75: z.number().nullable(),
  min: z.number().nullable(),
  max: z.number().nullable(),
  /** Sample standard deviation, and standard error of the mean; null below two values. */
  deviation: z.number().nullable(),
  stderr: z.number().nullable(),
  /** Share of the values in each performance band, best first. */
  bands: z.array(z.number()),
  batch: z.string(),
  device: z.string(),
});
export type ComparisonRow = z.infer<typeof comparisonRow>;

/** Two-sided Mann-Whitney U between two experiments in one group, tie-corrected normal approximation. */
export const pairTest = z.object({
  n: z.union([z.number(), z.string()]),
  a: z.string(),
  b: z.string(),
  difference: z.number(),
  u: z.number(),
  p: z.number(),
  countA: z.number().int(),
  countB: z.number().int(),
});
export type PairTest = z.infer<typeof pairTest>;

const comparisonAxis = z.object({ name: z.string(), title: z.string() });
export type ComparisonAxis = z.infer<typeof comparisonAxis>;

/** What the results could be grouped by and drawn over instead; the first is what holds unless something is asked for. */
export const comparisonChoices = z.object({
  /** Metrics, and values of the one that is compared; empty where the results leave no choice. */
  metrics: z.array(comparisonAxis),
  values: z.array(comparisonAxis),
  groups: z.array(comparisonAxis),
  x: z.array(comparisonAxis),
});
export type ComparisonChoices = z.infer<typeof comparisonChoices>;

/** Of which suite or preset results are, and which suites have some besides, the newest first. */
export const suiteChoice = {
  suite: z.string().nullable(),
  suites: z.array(z.string()),
};

export const comparison = z.object({
  workload: z.string(),
  ...suiteChoice,
  /** As asked for. */
  spec: comparisonSpec,
  choices: comparisonChoices,
  /** Which of the choices is compared; the metric is null where rows name none. */
  compared: z.object({ metric: z.string().nullable(), value: z.string() }),
  /** What was asked for and is not there, and which results are left out for that. */
  notes: z.array(z.string()),
  rows: z.array(comparisonRow),
  tests: z.array(pairTest),
  /** Bands over all rows, with their labels. */
  bands: z.array(z.object({ label: z.string(), share: z.number(), count: z.number().int() })),
  /** Shallow against deep (or what the workload declares), per group. */
  families: z.array(
    z.object({
      n: z.union([z.number(), z.string()]),
      low: z.number().nullable(),
      high: z.number().nullable(),
      lowCount: z.number().int(),
      highCount: z.number().int(),
    }),
  ),
  /** Raw values for box plots: per experiment and group. */
  values: z.array(
    z.object({ index: z.number().int(), n: z.union([z.number(), z.string()]), values: z.array(z.number()) }),
  ),
  /** One thinned learning curve, or the mean over seeds, per experiment, for convergence plots. */
  curves: z.array(
    z.object({
      index: z.number().int(),
      name: z.string(),
      metric: z.string(),
      steps: z.array(z.number()),
      values: z.array(z.number()),
      /** Of the curve as the mean over seeds: the standard deviation at each step. */
      deviations: z.array(z.number()).optional(),
    }),
  ),
  batches: z.array(z.string()),
});
export type Comparison = z.infer<typeof comparison>;
