import type { Comparison, ComparisonRow } from '../model/comparison.ts';
import type { Json } from '../model/json.ts';
import type { ComparisonSpec } from '../model/workload.ts';
import { bandLabels, countBands } from './bands.ts';
import type { ComparedResult } from './compared-result.ts';
import { bySubject } from './comparison-subjects.ts';
import {
  comparisonChoices,
  type ComparisonView,
  numberOf,
  scalarOf,
  type SuiteCompare,
  suiteSpec,
  viewedSpec,
} from './comparison-view.ts';
import { testAllPairs } from './pair-test.ts';
import { hasSeeds, poolSeeds, SEED, type SeedPool, unpooled, withSeedFact } from './pooled-seeds.ts';
import { distinctLabels } from './result-labels.ts';
import { mean, summarise } from './statistics.ts';
import { chooseValue } from './value-choice.ts';

export type { ComparedResult } from './compared-result.ts';

export type GroupKey = number | string;

interface Group {
  readonly result: SeedPool;
  readonly n: GroupKey;
  readonly values: number[];
  nonFinite: number;
}

/**
 * Compares results by the columns of `spec`, or by those asked for instead. Values that are not finite are counted and left out; rows that
 * lack the value or the group column say nothing and are ignored. Tests are made between all pairs of experiments
 * within a group while there are few enough of them. Family means pool the values of their experiments.
 * Results that differ only in their seed are one experiment, unless the seed is what they are grouped by or drawn over.
 */
export function buildComparison(input: {
  readonly workload: string;
  readonly spec: ComparisonSpec;
  /** What the suite of the results says over that; null = they come from none. */
  readonly suite?: SuiteCompare | null;
  readonly view?: ComparisonView;
  readonly results: readonly ComparedResult[];
}): Comparison {
  const { workload, suite = null, view = {} } = input;
  const notes: string[] = [];
  const said = suite === null ? input.spec : suiteSpec(input.spec, suite, input.results);
  const chosen = chooseValue({ declared: input.spec, said, suite, results: input.results, view, notes });
  const seeded = said.subject === undefined && hasSeeds(chosen.results);
  const compared = seeded ? withSeedFact(chosen.results) : bySubject(chosen.results, chosen.spec);
  const choices = comparisonChoices(chosen.spec, compared);
  const lenient = view.fallBack === true ? notes : null;
  const spec = viewedSpec(chosen.spec, { choices, results: compared, view, notes: lenient });
  const bySeed = !seeded || spec.group === SEED || spec.x === SEED;
  const results = distinctLabels(bySeed ? unpooled(compared) : poolSeeds(compared));
  const groups = results.flatMap((result) => groupsOf(result, spec)).toSorted((a, b) => orderKeys(a.n, b.n));
  const all = groups.flatMap((group) => group.values);
  return {
    workload,
    suite: null,
    suites: [],
    spec,
    choices: { metrics: [...chosen.metrics], values: [...chosen.values], ...choices },
    compared: chosen.compared,
    notes,
    rows: groups
      .map((group) => rowOf(group, spec))
      .toSorted((a, b) => a.index - b.index || orderKeys(a.n, b.n)),
    tests: testAllPairs(groups.map(({ result, n, values }) => ({ name: result.name, n, values }))),
    bands: bandTotals(all, spec),
    families: families(groups, spec),
    values: groups.map((group) => ({ index: group.result.index, n: group.n, values: group.values })),
    curves: results.flatMap(({ index, name, curve }) =>
      curve === null
        ? []
        : [
            {
              index,
              name,
              metric: curve.metric,
              steps: [...curve.steps],
              values: [...curve.values],
              ...(curve.deviations && { deviations: [...curve.deviations] }),
            },
          ],
    ),
    batches: [...new Set(input.results.map((result) => result.batch))].toSorted(),
  };
}

function groupsOf(result: SeedPool, spec: ComparisonSpec): Group[] {
  const own = scalarOf(result, spec.group);
  const groups = new Map<GroupKey, Group>();
  for (const row of result.rows) {
    // What an experiment is told apart by comes first: a suite may call a parameter as its rows call a column.
    const n = keyOf(own ?? row[spec.group]);
    const value = row[spec.value];
    if (n === null || value === undefined || value === null) continue;
    let group = groups.get(n);
    if (group === undefined) groups.set(n, (group = { result, n, values: [], nonFinite: 0 }));
    if (typeof value === 'number' && Number.isFinite(value)) group.values.push(value);
    else group.nonFinite += 1;
  }
  return [...groups.values()];
}

/** Null = no value of a group. */
function keyOf(value: Json | undefined): GroupKey | null {
  if (typeof value === 'boolean') return String(value);
  return typeof value === 'number' || typeof value === 'string' ? value : null;
}

function rowOf({ result, n, values, nonFinite }: Group, spec: ComparisonSpec): ComparisonRow {
  const summary = summarise(values);
  const counts = countBands(values, spec);
  return {
    name: result.name,
    index: result.index,
    parameters: numberOf(result, 'parameterCount'),
    n,
    x: numberOf(result, spec.x),
    seeds: result.seeds,
    nonFinite,
    ...summary,
    bands: counts.map((count) => (values.length === 0 ? 0 : count / values.length)),
    batch: result.batch,
    device: result.device,
  };
}

function bandTotals(values: readonly number[], spec: ComparisonSpec): Comparison['bands'] {
  const counts = countBands(values, spec);
  return bandLabels(spec).map((label, at) => {
    const count = counts[at] ?? 0;
    return { label, count, share: values.length === 0 ? 0 : count / values.length };
  });
}

function families(groups: readonly Group[], spec: ComparisonSpec): Comparison['families'] {
  const { family } = spec;
  if (family === undefined) return [];
  return [...new Set(groups.map((group) => group.n))].map((n) => {
    const low: number[] = [];
    const high: number[] = [];
    for (const group of groups) {
      const fact = numberOf(group.result, family.fact);
      if (group.n === n && fact !== null) (fact <= family.atMost ? low : high).push(...group.values);
    }
    return { n, low: mean(low), high: mean(high), lowCount: low.length, highCount: high.length };
  });
}

/** Numbers before words, each ascending. */
function orderKeys(a: GroupKey, b: GroupKey): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'number') return -1;
  if (typeof b === 'number') return 1;
  return a.localeCompare(b, 'en');
}
