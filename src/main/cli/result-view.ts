import type { ComparisonView } from '../../shared/domain/comparison-view.ts';
import type { FlagSpec, ParsedFlags } from './flags.ts';

/** What the statistics are of, where nobody wants them as the workload or its suite says. */
export const VIEW_FLAGS: readonly FlagSpec[] = [
  {
    name: 'metric',
    kind: 'string',
    placeholder: 'name',
    help: 'metric that is compared, of workloads whose results have several (as the suite says)',
  },
  {
    name: 'value',
    kind: 'string',
    placeholder: 'name',
    help: 'which value of it: last, best (over the whole run), min or max; of other workloads a column of their rows',
  },
  {
    name: 'group',
    kind: 'string',
    placeholder: 'name',
    help: 'parameter or column that splits the values (as the workload or its suite says); "seed": each seed by itself',
  },
  {
    name: 'x',
    kind: 'string',
    placeholder: 'name',
    help: 'number that experiments are ordered and drawn by',
  },
];

export function viewOf({ values }: ParsedFlags): ComparisonView {
  const { metric, value, group, x } = Object.fromEntries(values);
  return {
    ...(typeof metric === 'string' && { metric }),
    ...(typeof value === 'string' && { value }),
    ...(typeof group === 'string' && { group }),
    ...(typeof x === 'string' && { x }),
  };
}
