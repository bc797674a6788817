import { formatNumber } from '../../shared/domain/format.ts';
import type { Json } from '../../shared/model/json.ts';
import type { Manifest } from '../../shared/model/workload.ts';

interface WithFacts {
  readonly facts: Readonly<Record<string, Json>>;
}

interface FactColumn {
  readonly name: string;
  readonly title: string;
  readonly text: (facts: WithFacts['facts']) => string;
  readonly value: (facts: WithFacts['facts']) => number | null;
}

/** The fact that a workload compares by, such as the parameter count, as a table column; null where rows lack it. */
export function factColumn(manifest: Manifest | null, rows: readonly WithFacts[]): FactColumn | null {
  const name = manifest?.comparison?.x ?? 'parameterCount';
  if (!rows.some((row) => typeof row.facts[name] === 'number')) return null;
  return {
    name,
    title: name === 'parameterCount' ? 'Parameters' : (manifest?.comparison?.xTitle ?? name),
    text: (facts) => {
      const value = facts[name];
      return typeof value === 'number' ? formatNumber(value, Number.isInteger(value) ? 0 : 3) : '';
    },
    value: (facts) => {
      const value = facts[name];
      return typeof value === 'number' ? value : null;
    },
  };
}
