import type { Comparison } from '../../../shared/model/comparison.ts';
import type { Axis } from './figure.ts';

/** The axis of the values, for every figure that has one. */
export function valueAxis({ spec }: Comparison): Axis {
  return spec.valueLog
    ? { title: `${spec.valueTitle} (log scale)`, log: true, extra: { exponentformat: 'power' } }
    : { title: spec.valueTitle };
}
