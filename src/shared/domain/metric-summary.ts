import type { MetricSummaries, MetricSummary } from '../model/run.ts';
import { fromWireNumber, type WireNumber } from '../model/json.ts';
import { metricDirection } from './metric-direction.ts';

/** Metrics of one run that are summed up; a program that names thousands of them keeps them in its file of events. */
const MOST_METRICS = 200;

/** One of the figures that a curve is told by. */
export type MetricReading = 'last' | 'best' | 'min' | 'max';
export const METRIC_READINGS: readonly MetricReading[] = ['last', 'best', 'min', 'max'];

export type MetricBetter = 'higher' | 'lower';

export interface SummaryKeeper {
  /** Every metric so far, by name; another object only where something was added. */
  readonly metrics: MetricSummaries;
  take(step: number, values: Readonly<Record<string, WireNumber>>): void;
}

/** Sums up the metrics of a run while they come: the best of a run is not lost where it goes on too long. */
export function createSummaryKeeper(): SummaryKeeper {
  const known = new Map<string, MetricSummary>();
  let shown: MetricSummaries | null = {};
  return {
    get metrics() {
      shown ??= Object.fromEntries(known);
      return shown;
    },
    take(step, values) {
      for (const [name, value] of Object.entries(values)) {
        const before = known.get(name);
        if (before === undefined && known.size >= MOST_METRICS) continue;
        known.set(name, withPoint(before, step, value));
        shown = null;
      }
    },
  };
}

function withPoint(before: MetricSummary | undefined, step: number, last: WireNumber): MetricSummary {
  const { count, min, minStep, max, maxStep } = before ?? EMPTY;
  const value = fromWireNumber(last);
  const finite = Number.isFinite(value);
  const lower = finite && (min === null || value < min);
  const higher = finite && (max === null || value > max);
  return {
    count: count + 1,
    last,
    min: lower ? value : min,
    minStep: lower ? step : minStep,
    max: higher ? value : max,
    maxStep: higher ? step : maxStep,
  };
}

const EMPTY: Omit<MetricSummary, 'last'> = { count: 0, min: null, minStep: null, max: null, maxStep: null };

/** A figure of a metric; null where there is none, or where nobody said what is better. */
export function readMetric(
  summary: MetricSummary | undefined,
  reading: MetricReading,
  better: MetricBetter | null,
): WireNumber | null {
  if (summary === undefined) return null;
  switch (reading) {
    case 'last':
      return summary.last;
    case 'min':
      return summary.min;
    case 'max':
      return summary.max;
    case 'best':
      return better === null ? null : better === 'lower' ? summary.min : summary.max;
  }
}

/** The step at which the best value was seen. */
export function bestStep(summary: MetricSummary, better: MetricBetter): number | null {
  return better === 'lower' ? summary.minStep : summary.maxStep;
}

/** The metric that a batch is judged by. */
export interface MainMetric {
  readonly name: string;
  readonly better: MetricBetter | null;
}

/** What is better of a metric: as it was declared of the main one, else as its name says; null = neither does. */
export function betterOf(metric: string, main: MainMetric | null): MetricBetter | null {
  return (main?.name === metric ? main.better : null) ?? metricDirection(metric);
}
