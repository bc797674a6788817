import type { Comparison, ComparisonAxis } from '../model/comparison.ts';
import type { ComparedColumn, ComparisonSpec } from '../model/workload.ts';
import type { ComparedResult } from './compared-result.ts';
import { distinctChoices, takeChoice } from './comparison-choice.ts';
import { type ComparisonView, metricTitle, scalarOf, type SuiteCompare } from './comparison-view.ts';
import { formatCount, formatNames } from './format.ts';
import { betterOf } from './metric-summary.ts';

type Row = ComparedResult['rows'][number];

/** Largest ÷ smallest from which values of a metric are drawn on a log axis: several powers of ten. */
const LOG_SPAN = 1000;
/** Names of results that are left out; a sentence with more is not read. */
const NAMED_RESULTS = 5;

/** What may be compared of a metric over a whole run. */
const METRIC_VALUES = [
  { name: 'last', title: 'Last' },
  { name: 'best', title: 'Best' },
  { name: 'min', title: 'Min' },
  { name: 'max', title: 'Max' },
] as const;

interface ValueWish {
  /** As the manifest has it. */
  readonly declared: ComparisonSpec;
  /** With what the suite says over it. */
  readonly said: ComparisonSpec;
  readonly suite: SuiteCompare | null;
  readonly results: readonly ComparedResult[];
  readonly view: ComparisonView;
  /** Takes what people have to know of what they asked for. */
  readonly notes: string[];
}

/** What is compared: the columns, the rows that hold it, and what could be compared instead. */
interface ChosenValue {
  readonly spec: ComparisonSpec;
  readonly results: readonly ComparedResult[];
  readonly metrics: readonly ComparisonAxis[];
  readonly values: readonly ComparisonAxis[];
  readonly compared: Comparison['compared'];
}

/**
 * Takes the value that was asked for out of rows that are there already. Where nothing was asked for, spec and rows stay as they are.
 * Throws ExpectedError('usage') for what the results do not have, unless the view falls back.
 */
export function chooseValue(wish: ValueWish): ChosenValue {
  const column = wish.declared.metric;
  return column === undefined ? chooseColumn(wish) : chooseMetric(wish, column);
}

function chooseMetric(wish: ValueWish, column: string): ChosenValue {
  const { declared, said, suite, results, view } = wish;
  const notes = view.fallBack === true ? wish.notes : null;
  const standard = standardMetric(wish, column);
  const metrics = metricChoices(results, column, standard);
  const wished = takeChoice(view.metric, { choices: metrics, how: 'compared by the metric', notes });
  const metric = wished?.name ?? standard;
  const own = metric === standard;
  // What the suite says is said of its own metric.
  const better =
    metric === null ? null : betterOf(metric, own ? { name: metric, better: suite?.better ?? null } : null);
  const standing = own ? (suite?.value ?? 'last') : 'last';
  const values = metric === null ? [] : valueChoices(standing, better !== null);
  // Where there is no metric, one sentence about that is enough.
  const wishedValue = metric === null && view.metric !== undefined ? undefined : view.value;
  const value = takeChoice(wishedValue, {
    choices: values,
    how: 'compared by the value',
    notes,
    ...(view.value === 'best' &&
      metric !== null && {
        reason: `Neither the name "${metric}" nor the suite (compare.better) says whether more or less of it is better.`,
      }),
  });
  const taken = value?.name ?? standing;
  const chosen = { metrics, values, compared: { metric, value: taken } };
  if (metric === null || (wished === null && value === null)) return { ...chosen, spec: said, results };
  const source = taken === 'best' ? (better === 'higher' ? 'max' : 'min') : taken;
  const found = results.map((result) => ({
    ...result,
    rows: result.rows.flatMap((row) =>
      row[column] === metric
        ? [{ ...row, [declared.value]: row[source] ?? null, [declared.group]: metric }]
        : [],
    ),
  }));
  noteLeftOut(wish, { found, value: declared.value, title: metric });
  return {
    ...chosen,
    results: found,
    spec: {
      ...said,
      valueTitle: metricTitle(metric, taken),
      valueLog: own && taken === standing ? said.valueLog : spansPowersOfTen(found, declared.value),
      higherIsBetter: better === null ? taken === 'max' : better === 'higher',
      bands: [],
    },
  };
}

function chooseColumn(wish: ValueWish): ChosenValue {
  const { said, results, view } = wish;
  const notes = view.fallBack === true ? wish.notes : null;
  takeChoice(view.metric, { choices: [], how: 'compared by the metric', notes });
  const there = said.values.filter(({ column }) => results.some(({ rows }) => rows.some(has(column))));
  const values = distinctChoices([
    { name: said.value, title: said.valueTitle },
    ...there.map(({ column, title }) => ({ name: column, title })),
  ]);
  const value = takeChoice(view.value, { choices: values, how: 'compared by the value', notes });
  const column = there.find((one) => one.column === value?.name && one.column !== said.value);
  if (column === undefined)
    return { spec: said, results, metrics: [], values, compared: { metric: null, value: said.value } };
  const found = results.map((result) => ({ ...result, rows: result.rows.filter(rowsOf(column)) }));
  noteLeftOut(wish, { found, value: column.column, title: column.title });
  return {
    spec: columnSpec(said, column, found),
    results: found,
    metrics: [],
    values,
    compared: { metric: null, value: column.column },
  };
}

function columnSpec(
  said: ComparisonSpec,
  { column, title, better, log, bands, group = said.group }: ComparedColumn,
  results: readonly ComparedResult[],
): ComparisonSpec {
  const groupTitle =
    group === said.group ? said.groupTitle : said.groups.find(({ name }) => name === group)?.title;
  return {
    ...said,
    value: column,
    valueTitle: title,
    valueLog: log,
    higherIsBetter: better === 'higher',
    bands,
    group,
    groupTitle: groupTitle ?? group,
    // Rows of one value may have columns that those of another lack.
    groups: said.groups.filter(({ name }) =>
      results.some((result) => scalarOf(result, name) !== null || result.rows.some(has(name))),
    ),
  };
}

function rowsOf({ column, onlyWith = column }: ComparedColumn): (row: Row) => boolean {
  return (row) => has(column)(row) && has(onlyWith)(row);
}

function has(column: string): (row: Row) => boolean {
  return (row) => row[column] !== undefined && row[column] !== null;
}

/** What is compared unless something is asked for: what the suite names, else the metric whose row has the value. */
function standardMetric({ declared, suite, results }: ValueWish, column: string): string | null {
  const rows = results.flatMap((result) => result.rows);
  if (suite?.metric && rows.some((row) => row[column] === suite.metric)) return suite.metric;
  const first = rows.find(has(declared.value))?.[column];
  return typeof first === 'string' ? first : null;
}

function metricChoices(
  results: readonly ComparedResult[],
  column: string,
  standard: string | null,
): ComparisonAxis[] {
  const names = new Set(standard === null ? [] : [standard]);
  for (const { rows } of results)
    for (const { [column]: name } of rows) if (typeof name === 'string') names.add(name);
  return [...names].map((name) => ({ name, title: name }));
}

function valueChoices(standing: string, directed: boolean): ComparisonAxis[] {
  const known = METRIC_VALUES.filter(({ name }) => directed || name !== 'best');
  return distinctChoices([...known.filter(({ name }) => name === standing), ...known]);
}

function spansPowersOfTen(results: readonly ComparedResult[], value: string): boolean {
  let lowest = Infinity;
  let highest = -Infinity;
  for (const { rows } of results)
    for (const { [value]: number } of rows) {
      if (typeof number !== 'number' || !Number.isFinite(number)) continue;
      lowest = Math.min(lowest, number);
      highest = Math.max(highest, number);
    }
  return lowest > 0 && highest / lowest >= LOG_SPAN;
}

/** Nobody should take four of five experiments for all of them; what has nothing to compare either way is not missed. */
function noteLeftOut(
  { declared, results, notes }: ValueWish,
  { found, value, title }: { found: readonly ComparedResult[]; value: string; title: string },
): void {
  const comparable = results.filter(({ rows }) => rows.some(has(declared.value)));
  const there = new Set(found.flatMap(({ rows }, at) => (rows.some(has(value)) ? [results[at]] : [])));
  const lacking = comparable.filter((result) => !there.has(result));
  if (lacking.length === 0) return;
  const names = formatNames(
    lacking.map(({ name }) => name),
    NAMED_RESULTS,
  );
  const [have, are] = lacking.length === 1 ? ['has', 'is'] : ['have', 'are'];
  notes.push(
    `${lacking.length} of ${formatCount(comparable.length, 'result')} ${have} no "${title}" and ${are} left out: ${names}.`,
  );
}
