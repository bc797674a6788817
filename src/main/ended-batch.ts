import { formatCount, formatDuration } from '../shared/domain/format.ts';
import type { BatchRecord } from '../shared/model/batch.ts';

/** What a notification says. */
export interface EndedBatch {
  readonly batch: string;
  readonly title: string;
  readonly body: string;
}

/**
 * What a person who is elsewhere should hear when a batch is not worked on any more: that it has finished, or rests because
 * something failed. Null = nothing, because they stopped it themselves. Pure.
 */
export function endedBatch({ id, title, state, counts, progress }: BatchRecord): EndedBatch | null {
  if (state.kind === 'interrupted' && state.cause !== undefined) {
    const how = state.cause === 'smoke-run' ? 'was not started' : 'rests after a failure';
    return { batch: id, title: `${title} ${how}`, body: state.sentence };
  }
  if (state.kind !== 'finished') return null;
  const failed = counts.failed > 0 ? `, ${formatCount(counts.failed, 'run')} failed` : '';
  const outcomes: readonly [number, string][] = [
    [counts.succeeded, 'succeeded'],
    [counts.failed, 'failed'],
    [counts.stopped, 'stopped'],
    [counts.skipped, 'skipped'],
    [counts.postponed, 'postponed'],
  ];
  const told = outcomes.flatMap(([count, word]) => (count > 0 ? [`${count} ${word}`] : []));
  const time = progress.wallSeconds > 0 ? ` in ${formatDuration(progress.wallSeconds)}` : '';
  return { batch: id, title: `${title} finished${failed}`, body: `${told.join(', ')}${time}.` };
}
