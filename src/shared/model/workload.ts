import { z } from 'zod';
import { json } from './json.ts';
import { ownPreset } from './own-preset.ts';

export { type DeviceChoice, deviceChoice } from './machine-settings.ts';

/** One option of a workload, as its manifest declares it. Names are kebab-case. */
export const optionSpec = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]*$/),
  type: z.enum(['integer', 'number', 'boolean', 'choice', 'string', 'integer-list']),
  default: json,
  help: z.string(),
  min: z.number().optional(),
  max: z.number().optional(),
  unit: z.string().optional(),
  choices: z.array(z.string()).optional(),
  /** Shown behind "More options". */
  advanced: z.boolean().default(false),
});
export type OptionSpec = z.infer<typeof optionSpec>;

/** A named selection of a workload's experiments with their options, as a manifest has it. */
const writtenPreset = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]*$/),
  title: z.string(),
  summary: z.string(),
  options: z.record(z.string(), json).default({}),
  /** Suite file in the workload's folder that this preset runs; of an own preset absolute. */
  suite: z.string().optional(),
});

/** A preset that can be run: one of the manifest, or one that a person has saved, with all that it inherits. */
export const presetSpec = writtenPreset.extend({ own: ownPreset.optional() });
export type PresetSpec = z.infer<typeof presetSpec>;

/** Another row column that can be compared in the place of the first. */
const comparedColumn = z.strictObject({
  column: z.string(),
  title: z.string(),
  better: z.enum(['higher', 'lower']),
  log: z.boolean().default(false),
  bands: z.array(z.number()).default([]),
  /** What its rows are grouped by where they lack the usual column. */
  group: z.string().optional(),
  /** Only rows that have this column as well, for example the one of the last step. */
  onlyWith: z.string().optional(),
});
export type ComparedColumn = z.infer<typeof comparedColumn>;

/** How the results of a workload are compared: which columns of its result rows mean what. */
export const comparisonSpec = z.strictObject({
  /** Row column that is compared, for example the ratio DNN / full search. */
  value: z.string(),
  valueTitle: z.string(),
  /** Further row columns that can be compared instead. */
  values: z.array(comparedColumn).default([]),
  /** Row column that names a metric, where each row sums one up in `last`, `min` and `max`: any of them can be compared instead. */
  metric: z.string().optional(),
  /** Values span several powers of ten: figures draw them on a log axis. */
  valueLog: z.boolean().default(false),
  /** Row column, or fact, that names what is compared; absent = the experiments. */
  subject: z.string().optional(),
  /** Row column that splits one experiment's rows into groups, for example N. */
  group: z.string(),
  groupTitle: z.string(),
  /** Further columns that rows can be grouped by; whatever differs between experiments is offered anyway. */
  groups: z.array(z.strictObject({ name: z.string(), title: z.string() })).default([]),
  /** Fact of the experiment on the x axis, for example `parameterCount`. */
  x: z.string(),
  xTitle: z.string(),
  xLog: z.boolean().default(false),
  /** Lower bounds of the performance bands, best first; a last band takes the rest. */
  bands: z.array(z.number()).default([]),
  /** Fact whose value separates two families, for example hidden layer count: shallow is at most this. */
  family: z
    .strictObject({ fact: z.string(), atMost: z.number(), low: z.string(), high: z.string() })
    .optional(),
  higherIsBetter: z.boolean().default(true),
});
export type ComparisonSpec = z.infer<typeof comparisonSpec>;

/** `manifest.yaml` of a workload folder. */
export const manifestFile = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]*$/),
  title: z.string(),
  /** Bumped whenever results of equal parameters change; part of an experiment's identity. */
  version: z.number().int().min(1),
  summary: z.string(),
  /** Python modules that a run imports; checked by the interpreter probe, imported by standby workers. */
  requires: z.array(z.string()).default([]),
  /** Light GPU load shares a device between 6 runs, heavy between 2. */
  gpuLoad: z.enum(['light', 'heavy']).default('light'),
  /** Which device `auto` means, in order; the first that the machine has is taken. */
  autoDevice: z
    .array(z.enum(['mps', 'cuda', 'cpu']))
    .min(1)
    .default(['cpu']),
  options: z.array(optionSpec),
  presets: z.array(writtenPreset).min(1),
  /** Metric (`group/name`) drawn in the row of a running experiment. */
  mainMetric: z.string().optional(),
  /** Files under `exports/` that the workload's `analyze.py` writes, by format name. */
  exports: z.array(z.string()).default([]),
  comparison: comparisonSpec.optional(),
  /** Names of documents that the workload's `adopt.py` can take over as results; `*` stands for any characters. */
  imports: z.array(z.string().min(1)).default([]),
  /** `phase`: a backup of the batch's results whenever a queue of a phase has come to its end. */
  backup: z.enum(['off', 'phase']).default('off'),
  notes: z.array(z.string()).default([]),
});

/** The same with the presets that were saved in the workspace behind those of the file. */
export const manifest = manifestFile.extend({ presets: z.array(presetSpec).min(1) });
export type Manifest = z.infer<typeof manifest>;
