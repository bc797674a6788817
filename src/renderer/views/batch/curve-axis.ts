import { metricDirection } from '../../../shared/domain/metric-direction.ts';
import type { CurveAxis } from '../../state/ui-slice.ts';

interface Points {
  readonly steps: readonly number[];
  /** Unix seconds. */
  readonly times: readonly number[];
  /** Where relative time begins: the first report of the run, in Unix seconds. */
  readonly start: number;
}

/** The x values of a curve: steps, Unix seconds, or seconds since its first report. */
export function axisValues(axis: CurveAxis, { steps, times, start }: Points): readonly number[] {
  if (axis === 'step' || times.length !== steps.length) return steps;
  return axis === 'clock' ? times : times.map((time) => time - start);
}

export interface CurveSummary {
  readonly min: number;
  readonly max: number;
  readonly last: number;
  /** By the metric's name; null = the name does not say what is better. */
  readonly best: number | null;
}

/** The figures beside a curve; null where no value is finite. Thinning keeps extremes, so these are exact. */
export function curveSummary(name: string, values: readonly number[]): CurveSummary | null {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let last: number | null = null;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    min = Math.min(min, value);
    max = Math.max(max, value);
    last = value;
  }
  if (last === null) return null;
  const direction = metricDirection(name);
  return { min, max, last, best: direction === null ? null : direction === 'lower' ? min : max };
}
