import type { ComparisonAxis, ComparisonChoices } from '../model/comparison.ts';
import type { Json, Parameters } from '../model/json.ts';
import type { PlanSuite } from '../model/plan.ts';
import type { ComparisonSpec } from '../model/workload.ts';
import { distinctChoices, takeChoice } from './comparison-choice.ts';
import { metricDirection } from './metric-direction.ts';

/** Longer texts are fingerprints and commands, and no name of a group. */
const LONGEST_NAME = 40;
/** Largest ÷ smallest from which numbers are drawn on a log scale: 0.001, 0.003, 0.01, 0.03. */
const LOG_SPAN = 30;

/** What a comparison is asked to show instead of what the manifest or the suite says. */
export interface ComparisonView {
  readonly group?: string | undefined;
  readonly x?: string | undefined;
  readonly metric?: string | undefined;
  readonly value?: string | undefined;
  /** What the results lack is left as it is, with a note. */
  readonly fallBack?: boolean | undefined;
}

interface Described {
  readonly facts: Parameters;
  readonly parameters: Parameters;
}

/** How a suite wants its results compared. */
export type SuiteCompare = NonNullable<PlanSuite['compare']>;
type Scalar = string | number | boolean;

/** What an experiment is told apart by: its fact of that name, else its parameter; null = it has none. */
export function scalarOf({ facts, parameters }: Described, name: string): Scalar | null {
  const value = facts[name] ?? parameters[name];
  return isScalar(value) ? value : null;
}

export function numberOf(result: Described, name: string): number | null {
  const value = scalarOf(result, name);
  return typeof value === 'number' ? value : null;
}

/** Everything that results can be grouped by and drawn over: what is declared, then whatever differs between them. */
export function comparisonChoices(
  spec: ComparisonSpec,
  results: readonly Described[],
): Pick<ComparisonChoices, 'groups' | 'x'> {
  const varying = varyingNames(results).map((name) => ({ name, title: name }));
  const numeric = varying.filter(({ name }) => results.some((result) => numberOf(result, name) !== null));
  return {
    groups: distinctChoices([{ name: spec.group, title: spec.groupTitle }, ...spec.groups, ...varying]),
    x: distinctChoices([{ name: spec.x, title: spec.xTitle }, ...numeric]),
  };
}

/** The columns of a comparison as they were asked for. Throws ExpectedError('usage') naming the choices, unless it falls back. */
export function viewedSpec(
  spec: ComparisonSpec,
  {
    choices,
    results,
    view,
    notes,
  }: {
    choices: Pick<ComparisonChoices, 'groups' | 'x'>;
    results: readonly Described[];
    view: ComparisonView;
    notes: string[] | null;
  },
): ComparisonSpec {
  const group = takeChoice(view.group, { choices: choices.groups, how: 'grouped by', notes });
  const x = takeChoice(view.x, { choices: choices.x, how: 'drawn over', notes });
  return {
    ...spec,
    ...(group && { group: group.name, groupTitle: group.title }),
    ...(x && x.name !== spec.x && xAxis(x, results)),
  };
}

/** What the suite of a batch says over what its workload's manifest says of all suites. */
export function suiteSpec(
  spec: ComparisonSpec,
  compare: SuiteCompare,
  results: readonly (Described & { readonly rows: readonly Parameters[] })[],
): ComparisonSpec {
  const rows = results.flatMap((result) => result.rows);
  const metric = compare.metric ?? rows.find((row) => row[spec.value] !== undefined)?.metric;
  const named = typeof metric === 'string' ? metric : null;
  const x = compare.x ?? firstNumber(results);
  const direction = compare.better ?? (named === null ? null : metricDirection(named));
  return {
    ...spec,
    ...(named !== null && { valueTitle: metricTitle(named, compare.value) }),
    ...(compare.group !== null && { group: compare.group, groupTitle: compare.group }),
    ...(x !== null && xAxis({ name: x, title: x }, results)),
    // The largest of a metric whose name says nothing would hardly be asked for if less were better.
    higherIsBetter: direction === null ? compare.value === 'max' : direction === 'higher',
  };
}

/** "loss", "loss (best)": nothing is said of what metrics are commonly compared by. */
export function metricTitle(metric: string, value: string): string {
  return value === 'last' ? metric : `${metric} (${value})`;
}

/** An axis that nobody has described: on a log scale where its numbers span powers of ten. */
function xAxis(
  { name, title }: ComparisonAxis,
  results: readonly Described[],
): Pick<ComparisonSpec, 'x' | 'xTitle' | 'xLog'> {
  const numbers = results.flatMap((result) => numberOf(result, name) ?? []);
  const lowest = Math.min(...numbers);
  return { x: name, xTitle: title, xLog: lowest > 0 && Math.max(...numbers) / lowest >= LOG_SPAN };
}

/** The first number that differs between the experiments, the seed left out. */
function firstNumber(results: readonly Described[]): string | null {
  const names = varyingNames(results).filter((name) => name !== 'seed');
  return names.find((name) => results.some((result) => numberOf(result, name) !== null)) ?? null;
}

function varyingNames(results: readonly Described[]): string[] {
  const values = new Map<string, Set<Scalar | null>>();
  for (const result of results)
    for (const name of [...Object.keys(result.facts), ...Object.keys(result.parameters)])
      values.set(name, new Set());
  for (const [name, own] of values) for (const result of results) own.add(scalarOf(result, name));
  return [...values].flatMap(([name, own]) => (own.size > 1 ? [name] : []));
}

function isScalar(value: Json | undefined): value is Scalar {
  if (typeof value === 'string') return value.length <= LONGEST_NAME;
  return typeof value === 'number' || typeof value === 'boolean';
}
