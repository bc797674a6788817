import { createSummaryKeeper } from '../../shared/domain/metric-summary.ts';
import type { RunEvent } from '../../shared/model/event.ts';
import type { WireNumber } from '../../shared/model/json.ts';
import type { LiveFacts, MetricSummaries } from '../../shared/model/run.ts';
import { isStep } from '../store/attempt-events.ts';

/** The rate is taken over this long, in seconds. */
const RATE_WINDOW = 30;

/** What the events of a run say about it so far. */
export interface RunProgress {
  readonly phase: string | null;
  readonly progress: LiveFacts['progress'];
  readonly rate: number | null;
  readonly remainingSeconds: number | null;
  readonly metric: WireNumber | null;
  readonly metrics: MetricSummaries;
  /** Unix seconds of the first step after the start. */
  readonly firstStepAt: number | null;
  take(event: RunEvent): void;
}

/** `mainMetric`: name of the metric shown in the row of a running experiment. */
export function createRunProgress(mainMetric: string | null): RunProgress {
  let phase: string | null = null;
  let progress: LiveFacts['progress'] = null;
  let metric: WireNumber | null = null;
  let started = false;
  let firstStepAt: number | null = null;
  const kept = createSummaryKeeper();
  let points: { t: number; done: number }[] = [];

  function rate(): number | null {
    const first = points[0];
    const last = points.at(-1);
    if (!first || !last || last.t <= first.t) return null;
    return (last.done - first.done) / (last.t - first.t);
  }

  function takeProgress(event: Extract<RunEvent, { kind: 'progress' }>): void {
    const before = progress;
    progress = { done: event.done, total: event.total, unit: event.unit };
    // Another total is another piece of work: its pace says nothing about the old one.
    if (before && (before.total !== event.total || before.unit !== event.unit || event.done < before.done))
      points = [];
    points.push({ t: event.t, done: event.done });
    while (points.length > 2 && event.t - (points[1]?.t ?? 0) >= RATE_WINDOW) points.shift();
  }

  return {
    get phase() {
      return phase;
    },
    get progress() {
      return progress;
    },
    get rate() {
      return rate();
    },
    get remainingSeconds() {
      const pace = rate();
      if (!progress || pace === null || pace <= 0) return null;
      return Math.max(0, (progress.total - progress.done) / pace);
    },
    get metric() {
      return metric;
    },
    get metrics() {
      return kept.metrics;
    },
    get firstStepAt() {
      return firstStepAt;
    },
    take(event) {
      if (event.kind === 'start') started = true;
      if (started && firstStepAt === null && isStep(event)) firstStepAt = event.t;
      if (event.kind === 'phase') phase = event.text;
      if (event.kind === 'progress') takeProgress(event);
      if (event.kind === 'metric') {
        kept.take(event.step, event.values);
        const value = mainMetric === null ? undefined : event.values[mainMetric];
        if (value !== undefined) metric = value;
      }
    },
  };
}
