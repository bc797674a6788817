import type { ComparedResult } from './compared-result.ts';
import { mean, standardDeviation } from './statistics.ts';

/** A learning curve; with `deviations` it is the mean of several. */
export interface Curve extends NonNullable<ComparedResult['curve']> {
  /** Sample standard deviation at each step, 0 where only one curve goes on that far. */
  readonly deviations?: readonly number[];
}

/** The mean of curves of one metric at the steps of the longest; null = there is none. */
export function pooledCurve(curves: readonly Curve[]): Curve | null {
  const [longest, ...others] = curves.toSorted((a, b) => lastStep(b) - lastStep(a));
  if (longest === undefined) return null;
  if (others.length === 0) return longest;
  const at = longest.steps.map((step) => curves.flatMap((curve) => valueAt(curve, step) ?? []));
  return {
    metric: longest.metric,
    steps: longest.steps,
    values: at.map((values) => mean(values) ?? 0),
    deviations: at.map((values) => standardDeviation(values) ?? 0),
  };
}

function lastStep({ steps }: Curve): number {
  return steps.at(-1) ?? Number.NEGATIVE_INFINITY;
}

/** Between two points on the line that is drawn between them; null outside of the curve. */
function valueAt({ steps, values }: Curve, step: number): number | null {
  const after = steps.findIndex((one) => one >= step);
  const right = steps[after];
  const above = values[after];
  if (right === undefined || above === undefined) return null;
  if (right === step) return above;
  const left = steps[after - 1];
  const below = values[after - 1];
  if (left === undefined || below === undefined) return null;
  return below + ((above - below) * (step - left)) / (right - left);
}
