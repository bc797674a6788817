import type { Json } from '../model/json.ts';
import type { ExperimentRecord, MetricSummaries, RunRecord } from '../model/run.ts';
import { type Field, flatValues, type RowFacts, valueAt, wordsOf } from './field.ts';
import { plainText } from './filter-value.ts';
import { canonicalJson } from './identity.ts';
import {
  betterOf,
  type MainMetric,
  METRIC_READINGS,
  type MetricReading,
  readMetric,
} from './metric-summary.ts';
import { SEED } from './pooled-seeds.ts';
import { stateLabel } from './status.ts';

/** An experiment with its latest attempt. */
export interface ExperimentRow {
  readonly experiment: ExperimentRecord;
  readonly run: RunRecord | null;
}

export interface ExperimentField extends Field<ExperimentRow> {
  /** Of a parameter: the experiments differ in it. */
  readonly differs?: boolean;
  /** Of a metric: which one, and which of its figures. */
  readonly metric?: { readonly name: string; readonly reading: MetricReading };
}

/** Each experiment with its latest attempt; a pair that has not changed stays the same object. */
export function experimentRows(
  experiments: readonly ExperimentRecord[],
  runs: readonly RunRecord[],
  before: readonly ExperimentRow[] = [],
): readonly ExperimentRow[] {
  const latest = new Map(runs.map((run) => [`${run.index}/${run.attempt}`, run]));
  const known = new Map(before.map((row) => [row.experiment.index, row]));
  return experiments.map((experiment) => {
    const run = latest.get(`${experiment.index}/${experiment.attempt}`) ?? null;
    const row = known.get(experiment.index);
    return row !== undefined && row.experiment === experiment && row.run === run ? row : { experiment, run };
  });
}

/** The metrics of the latest attempt. */
export function metricsOf({ experiment, run }: ExperimentRow): MetricSummaries {
  return experiment.live?.metrics ?? run?.metrics ?? {};
}

/** Highest memory of the latest attempt, in MB. */
export function peakOf({
  experiment,
  run,
}: {
  readonly experiment: Pick<ExperimentRecord, 'live'>;
  readonly run: RunRecord | null;
}): number | null {
  return experiment.live?.peakMb ?? run?.peakMb ?? null;
}

/** 0 to 1; null where there is none. */
export function shareDone({ experiment: { state, live } }: ExperimentRow): number | null {
  if (state.kind === 'succeeded') return 1;
  const progress = live?.progress ?? null;
  return progress === null || progress.total <= 0 ? null : progress.done / progress.total;
}

/** Where a suite keeps the parameters of its command; people know them without this. */
const SUITE_VALUES = 'values';

/** Every parameter by the name that people know it by, with its path. */
function settingsOf({
  parameters,
}: ExperimentRecord): readonly { name: string; path: string; value: Json }[] {
  const all = flatValues(parameters).map(([path, value]) => {
    const hoisted = path.startsWith(`${SUITE_VALUES}.`);
    return { name: hoisted ? path.slice(SUITE_VALUES.length + 1) : path, path, value };
  });
  const ofSuite = ({ name, path }: { name: string; path: string }): boolean => name !== path;
  return [...all.filter(ofSuite), ...all.filter((one) => !ofSuite(one))];
}

/** The seed that people mean: a parameter of that name, else the one that the run was given. */
export function seedOf({ parameters, seed }: Pick<ExperimentRecord, 'parameters' | 'seed'>): Json {
  return parameters[SEED] ?? valueAt(parameters, `${SUITE_VALUES}.${SEED}`) ?? seed;
}

const OWN: readonly ExperimentField[] = [
  own('index', '#', ({ experiment }) => experiment.index),
  own('name', 'Experiment', ({ experiment }) => experiment.name),
  own('state', 'State', ({ experiment }) => experiment.state.kind),
  own('phase', 'Phase', ({ experiment }) => experiment.phase),
  own('queue', 'Queue', ({ experiment }) => experiment.queue),
  own('seed', 'Seed', ({ experiment }) => seedOf(experiment)),
  own('attempt', 'Attempts', ({ experiment }) => experiment.attempt),
  own('started', 'Started', ({ run }) => run?.startedAt),
  own('ended', 'Ended', ({ run }) => run?.endedAt),
  own('duration', 'Duration', ({ experiment }) =>
    'seconds' in experiment.state ? experiment.state.seconds : null,
  ),
  own('remaining', 'Remaining', ({ experiment }) => experiment.live?.remainingSeconds),
  own('progress', 'Progress', shareDone),
  own('rate', 'Rate', ({ experiment }) => experiment.live?.rate),
  own('peak', 'Peak memory', peakOf),
  own('memory', 'Memory', ({ experiment }) => experiment.live?.memoryMb),
  own('device', 'Device', ({ experiment, run }) => run?.device ?? experiment.device),
  own('worker', 'Worker', ({ run }) => run?.worker),
  own('threads', 'Threads', ({ run }) => run?.threads),
  own('startup', 'Start-up', ({ run }) => run?.startupSeconds),
  own('order', 'Order', ({ experiment }) => experiment.order),
];

/** Facts that every experiment has, whatever its workload. */
function own(name: string, title: string, value: ExperimentField['value']): ExperimentField {
  return { name, title, part: 'run', value };
}

/** What a field is called where an earlier one has its name already. */
const PREFIXES = { run: 'run', parameter: 'parameters', fact: 'facts', metric: 'metric', result: 'result' };

/**
 * Everything that is known of some experiments, by the names that filters, columns and exports use. A metric is there by its last value,
 * and as `loss.best`, `loss.min` and `loss.max`. The first of a name keeps it: what every experiment has, then parameters, facts, metrics and results; a later one
 * is called `parameters.…`, `facts.…`, `metric.…` or `result.…`.
 */
export function experimentFields(
  rows: readonly ExperimentRow[],
  main: MainMetric | null,
): readonly ExperimentField[] {
  const parameters = parameterFields(rows);
  const fields = [
    ...OWN,
    ...parameters,
    ...factFields(rows, parameters),
    ...metricNames(rows).flatMap((name) => metricFields(name, main)),
    ...namesOf(rows, ({ experiment }) => flatValues(experiment.summary ?? {})).map(
      (name): ExperimentField => ({
        name,
        title: wordsOf(name),
        part: 'result',
        value: ({ experiment }) => valueAt(experiment.summary ?? {}, name),
      }),
    ),
  ];
  const taken = new Set<string>();
  return fields.map((field) => {
    const name = taken.has(field.name) ? `${PREFIXES[field.part]}.${field.name}` : field.name;
    taken.add(name);
    return name === field.name ? field : { ...field, name, title: `${field.title} (${field.part})` };
  });
}

/** A workload may tell a parameter as a fact as well, which says nothing new. */
function factFields(
  rows: readonly ExperimentRow[],
  parameters: readonly ExperimentField[],
): readonly ExperimentField[] {
  const known = new Set([SEED, ...parameters.map(({ name }) => name)]);
  return namesOf(rows, ({ experiment }) => flatValues(experiment.facts))
    .filter((name) => !known.has(name))
    .map((name) => ({
      name,
      title: name === 'parameterCount' ? 'Parameters' : wordsOf(name),
      part: 'fact',
      value: ({ experiment }) => valueAt(experiment.facts, name),
    }));
}

/** The parameters, those first in which the experiments differ. */
function parameterFields(rows: readonly ExperimentRow[]): readonly ExperimentField[] {
  const found = new Map<string, { name: string; values: Set<string>; count: number }>();
  for (const { experiment } of rows) {
    for (const { name, path, value } of settingsOf(experiment)) {
      if (name === SEED) continue;
      let seen = found.get(path);
      if (seen === undefined) found.set(path, (seen = { name, values: new Set(), count: 0 }));
      seen.count += 1;
      // Two are enough to know that they differ.
      if (seen.values.size < 2) seen.values.add(exact(value));
    }
  }
  const fields = [...found].map(
    ([path, { name, values, count }]): ExperimentField => ({
      name,
      title: wordsOf(name),
      part: 'parameter',
      differs: values.size > 1 || count < rows.length,
      value: ({ experiment }) => valueAt(experiment.parameters, path),
    }),
  );
  return [...fields.filter(({ differs }) => differs), ...fields.filter(({ differs }) => !differs)];
}

function exact(value: Json): string {
  return typeof value === 'object' ? canonicalJson(value) : JSON.stringify(value);
}

function metricFields(name: string, main: MainMetric | null): readonly ExperimentField[] {
  const better = betterOf(name, main);
  return METRIC_READINGS.filter((reading) => reading !== 'best' || better !== null).map(
    (reading): ExperimentField => ({
      name: reading === 'last' ? name : `${name}.${reading}`,
      title: reading === 'last' ? wordsOf(name) : `${wordsOf(name)}, ${reading}`,
      part: 'metric',
      metric: { name, reading },
      value: (row) => readMetric(metricsOf(row)[name], reading, better),
    }),
  );
}

function metricNames(rows: readonly ExperimentRow[]): readonly string[] {
  const names = new Set<string>();
  for (const row of rows) for (const name in metricsOf(row)) names.add(name);
  return [...names].toSorted();
}

function namesOf(
  rows: readonly ExperimentRow[],
  valuesOf: (row: ExperimentRow) => readonly (readonly [string, Json])[],
): readonly string[] {
  return [...new Set(rows.flatMap((row) => valuesOf(row).map(([name]) => name)))];
}

/** Plain words are looked for in name and state, and a number is also an index. */
function experimentText({ experiment }: ExperimentRow, wanted: string): boolean {
  return (
    plainText(experiment.name).includes(wanted) ||
    experiment.state.kind.includes(wanted) ||
    stateLabel(experiment.state.kind).includes(wanted) ||
    String(experiment.index) === wanted
  );
}

export function experimentFacts(fields: readonly ExperimentField[]): RowFacts<ExperimentRow> {
  return { fields, text: experimentText };
}
