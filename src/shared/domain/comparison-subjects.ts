import type { Json, Parameters } from '../model/json.ts';
import type { ComparisonSpec } from '../model/workload.ts';
import type { ComparedResult } from './compared-result.ts';
import { mean } from './statistics.ts';

type Row = ComparedResult['rows'][number];

/**
 * What is compared instead of experiments where a workload says so: all rows in which a column, or else the experiment's
 * fact, has the same value, such as one method over all configurations.
 */
export function bySubject(
  results: readonly ComparedResult[],
  spec: Pick<ComparisonSpec, 'subject' | 'group' | 'x'>,
): readonly ComparedResult[] {
  const { subject } = spec;
  if (subject === undefined) return results;
  const dealt = new Map<string, { rows: Row[]; origins: ComparedResult[] }>();
  for (const result of results)
    for (const row of result.rows) {
      const name = nameOf(row[subject] ?? result.facts[subject] ?? result.parameters[subject]);
      if (name === null) continue;
      let own = dealt.get(name);
      if (own === undefined) dealt.set(name, (own = { rows: [], origins: [] }));
      own.rows.push(row);
      if (own.origins.at(-1) !== result) own.origins.push(result);
    }
  return [...dealt].map(([name, { rows, origins }], index): ComparedResult => {
    const shared = agreed(origins.map(({ facts }) => facts));
    return {
      name,
      index,
      parameters: {},
      facts: { ...shared, ...factsOf(rows, spec) },
      batch: together(origins.map(({ batch }) => batch)),
      device: together(origins.map(({ device }) => device)),
      rows,
      curve: null,
    };
  });
}

function nameOf(value: Json | undefined): string | null {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
}

/** Facts that all experiments behind a subject have alike. */
function agreed(facts: readonly Parameters[]): Parameters {
  const [first = {}, ...others] = facts;
  return Object.fromEntries(
    Object.entries(first).filter(([name, value]) => others.every((other) => other[name] === value)),
  );
}

/** The mean of the column on the x axis, and words that all rows have alike. Other numbers stay columns to group by. */
function factsOf(
  rows: readonly Row[],
  { subject, group, x }: Pick<ComparisonSpec, 'subject' | 'group' | 'x'>,
): Parameters {
  const numbers = rows.flatMap((row) => (typeof row[x] === 'number' ? [row[x]] : []));
  const [first = {}, ...others] = rows;
  const words = Object.entries(first).filter(
    ([name, value]) =>
      typeof value === 'string' &&
      name !== subject &&
      name !== group &&
      others.every((other) => other[name] === value),
  );
  return { ...Object.fromEntries(words), ...(numbers.length > 0 && { [x]: mean(numbers) }) };
}

function together(names: readonly string[]): string {
  return [...new Set(names)].join(', ');
}
