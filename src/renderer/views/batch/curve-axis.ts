import type { MetricBetter } from '../../../shared/domain/metric-summary.ts';
import type { CurveAxis } from '../../state/ui-slice.ts';

/** A curve that another can be drawn over. */
export interface Counted {
  readonly steps: readonly number[];
  readonly values: readonly number[];
}

interface Points {
  readonly steps: readonly number[];
  /** Unix seconds. */
  readonly times: readonly number[];
  /** Where relative time begins: the first report of the run, in Unix seconds. */
  readonly start: number;
  /** The metric that the axis names, where the run has it. */
  readonly counted?: Counted | undefined;
}

/** The x values of a curve: steps, Unix seconds, seconds since its first report, or how much work a metric has counted by then. */
export function axisValues(axis: CurveAxis, { steps, times, start, counted }: Points): readonly number[] {
  if (axis.startsWith('metric/'))
    return counted === undefined ? steps : steps.map((step) => countedAt(counted, step));
  if (axis === 'step' || times.length !== steps.length) return steps;
  return axis === 'clock' ? times : times.map((time) => time - start);
}

/** Between two reports the work is taken to have gone on evenly; before the first and behind the last it is theirs. */
function countedAt({ steps, values }: Counted, step: number): number {
  let next = steps.findIndex((one) => one >= step);
  if (next < 0) next = steps.length - 1;
  const [from, to] = [steps[next - 1], steps[next]];
  const [low, high] = [values[next - 1], values[next] ?? Number.NaN];
  if (from === undefined || to === undefined || low === undefined || to === from || step >= to) return high;
  return low + ((high - low) * (step - from)) / (to - from);
}

/** Words of metrics that count work, in any spelling: `progress/tokens`, `total_flops`, `epoch`. */
const COUNTS = new Set(
  'epoch epochs token tokens flop flops sample samples example examples image images sequence sequences frame frames update updates iteration iterations position positions game games seconds hours'.split(
    ' ',
  ),
);

/** The metrics of a run that others can be drawn over: they count something, and never fall. */
export function countingMetrics(series: readonly (Counted & { readonly name: string })[]): readonly string[] {
  return series.flatMap(({ name, values }) => {
    const words = name.toLowerCase().split(/[^a-z0-9]+/);
    // "tokens per s" is a pace.
    if (words.includes('per') || !words.some((word) => COUNTS.has(word))) return [];
    const rises = values.every(
      (value, at) => Number.isFinite(value) && value >= (values[at - 1] ?? Number.NEGATIVE_INFINITY),
    );
    return rises && (values.at(-1) ?? 0) > (values[0] ?? 0) ? [name] : [];
  });
}

export interface CurveSummary {
  readonly min: number;
  readonly max: number;
  readonly last: number;
  /** Null = nobody said what is better. */
  readonly best: number | null;
}

/** The figures beside a curve; null where no value is finite. Thinning keeps extremes, so these are exact. */
export function curveSummary(values: readonly number[], better: MetricBetter | null): CurveSummary | null {
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
  return { min, max, last, best: better === null ? null : better === 'lower' ? min : max };
}
