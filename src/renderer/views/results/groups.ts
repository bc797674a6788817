import type { Comparison, ComparisonRow } from '../../../shared/model/comparison.ts';

export type GroupValue = ComparisonRow['n'];

/** Values of the group column, numbers by size. */
export function groupsOf(comparison: Comparison): readonly GroupValue[] {
  const values = new Set(comparison.rows.map((row) => row.n));
  return [...values].toSorted((a, b) =>
    typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b)),
  );
}

/** "N = 10". */
export function groupText(comparison: Comparison, n: GroupValue): string {
  return `${groupName(comparison)} = ${n}`;
}

/** The short name of the group column: what a title such as "Scenarios memorized (N)" has in brackets. */
export function groupName(comparison: Comparison): string {
  const { group, groupTitle } = comparison.spec;
  const symbol = /\(([^()]{1,8})\)$/.exec(groupTitle)?.[1];
  return symbol ?? (groupTitle.length <= 12 ? groupTitle : group);
}

/** A title in the middle of a sentence: "Mean ratio" as "mean ratio", but "DNN / full search" and "nRMSE" as they are. */
export function inSentence(title: string): string {
  return /^\p{Lu}\p{Ll}+(?![\p{L}\p{N}])/u.test(title)
    ? title.charAt(0).toLowerCase() + title.slice(1)
    : title;
}

/** What is compared, in the singular: "experiment", or what the workload says instead, such as "method". */
export function subjectName({ spec }: Comparison): string {
  return spec.subject?.replaceAll('_', ' ') ?? 'experiment';
}

/** Whether a value stands for several seeds of one configuration. */
export function isSeeded({ rows }: Comparison): boolean {
  return rows.some(({ seeds }) => seeds > 1);
}

/** `x` and `parameters` are null where the workload has no such fact. */
export interface Compared {
  readonly index: number;
  readonly name: string;
  readonly x: number | null;
  readonly parameters: number | null;
}

/** The experiments compared, by what stands on the x axis. */
export function comparedOf(comparison: Comparison): readonly Compared[] {
  const found = new Map<number, Compared>();
  for (const { index, name, x, parameters } of comparison.rows)
    found.set(index, { index, name, x, parameters });
  return [...found.values()].toSorted((a, b) => (a.x ?? Infinity) - (b.x ?? Infinity) || a.index - b.index);
}

/** Statistics of one experiment in one group; null where it has no values there. */
export function rowOf(comparison: Comparison, index: number, n: GroupValue): ComparisonRow | null {
  return comparison.rows.find((row) => row.index === index && row.n === n) ?? null;
}

/** Shares of an experiment's values in each band over all groups, weighted by how many values each has. */
export function bandShares(comparison: Comparison, index: number): readonly number[] {
  const rows = comparison.rows.filter((row) => row.index === index && row.bands.length > 0);
  const total = rows.reduce((sum, row) => sum + row.count, 0);
  return comparison.bands.map((_band, at) =>
    total === 0 ? 0 : rows.reduce((sum, row) => sum + (row.bands[at] ?? 0) * row.count, 0) / total,
  );
}
