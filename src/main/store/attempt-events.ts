import { createSummaryKeeper } from '../../shared/domain/metric-summary.ts';
import type { RunEvent } from '../../shared/model/event.ts';
import type { Json } from '../../shared/model/json.ts';
import type { MetricSummaries } from '../../shared/model/run.ts';
import { eachEvent, eachEventInPieces } from './events-file.ts';

export type Row = Readonly<Record<string, Json>>;

/** What the events of an attempt say about it. */
export interface Seen {
  readonly rows: readonly Row[];
  /** Lines that are no events. */
  readonly bad: number;
  readonly lastAt: number | null;
  readonly firstStepAt: number | null;
  readonly error: { readonly class: string; readonly text: string } | null;
  readonly peakBytes: number | null;
  readonly metrics: MetricSummaries;
}

export function readSeen(folder: string): Seen {
  const summary = createSummary();
  return summary.seen(eachEvent(folder, summary.take));
}

/** The same, with pauses in which others have their turn. */
export async function readSeenInPieces(folder: string): Promise<Seen> {
  const summary = createSummary();
  return summary.seen(await eachEventInPieces(folder, summary.take));
}

/** The first sign that the training itself has begun. */
export function isStep(event: RunEvent): boolean {
  return (
    event.kind === 'progress' || event.kind === 'metric' || event.kind === 'phase' || event.kind === 'row'
  );
}

function createSummary(): { take: (event: RunEvent) => void; seen: (bad: number) => Seen } {
  const rows: Row[] = [];
  let started = false;
  let lastAt: number | null = null;
  let firstStepAt: number | null = null;
  let peakBytes: number | null = null;
  let error: Seen['error'] = null;
  const kept = createSummaryKeeper();
  return {
    take(event) {
      lastAt = event.t;
      if (event.kind === 'start') started = true;
      if (event.kind === 'metric') kept.take(event.step, event.values);
      if (event.kind === 'row') rows.push(event.row);
      if (event.kind === 'error') error = { class: event.class, text: event.text };
      if (event.kind === 'memory')
        peakBytes = Math.max(peakBytes ?? 0, event.peak ?? event.driver ?? 0) || null;
      if (started && firstStepAt === null && isStep(event)) firstStepAt = event.t;
    },
    seen: (bad) => ({ rows, bad, lastAt, firstStepAt, error, peakBytes, metrics: kept.metrics }),
  };
}
