import type { Comparison, PairTest } from '../model/comparison.ts';
import { mannWhitney, mean } from './statistics.ts';

/** The finite values of one experiment in one group. */
export interface TestedValues {
  readonly name: string;
  readonly n: number | string;
  readonly values: readonly number[];
}

/** Experiments up to which every pair is tested beforehand; 180 would make 129,000 tests in eight groups. */
const LARGEST_TESTED = 40;

/** "a over b" in the group of a; null where one has a single value or none, which tells nothing of its spread. */
export function testPair(a: TestedValues, b: TestedValues): PairTest | null {
  if (Math.min(a.values.length, b.values.length) < 2) return null;
  const outcome = mannWhitney(a.values, b.values);
  if (outcome === null) return null;
  const difference = (mean(a.values) ?? 0) - (mean(b.values) ?? 0);
  return {
    n: a.n,
    a: a.name,
    b: b.name,
    difference,
    ...outcome,
    countA: a.values.length,
    countB: b.values.length,
  };
}

/** Tests of all pairs within each group; none beyond {@link LARGEST_TESTED} experiments, where one asks pair by pair. */
export function testAllPairs(groups: readonly TestedValues[]): PairTest[] {
  if (new Set(groups.map(({ name }) => name)).size > LARGEST_TESTED) return [];
  return groups.flatMap((a, first) =>
    groups.slice(first + 1).flatMap((b) => (a.n === b.n ? (testPair(a, b) ?? []) : [])),
  );
}

/** The tests of two experiments of a comparison by name, group by group, from its own values. */
export function testsOf(comparison: Comparison, a: string, b: string): PairTest[] {
  const names = new Map(comparison.rows.map(({ index, name }) => [index, name]));
  const groups = comparison.values.map(({ index, n, values }) => ({
    name: names.get(index) ?? '',
    n,
    values,
  }));
  return groups
    .filter(({ name }) => name === a)
    .flatMap((left) => {
      const right = groups.find(({ name, n }) => name === b && n === left.n);
      return right === undefined ? [] : (testPair(left, right) ?? []);
    });
}
