import { canRetry, canRunAnew, isLive, isQueued } from '../../../shared/domain/status.ts';
import type { ExperimentRecord } from '../../../shared/model/run.ts';

/** What can be done with the marked experiments: to which of them, by index. */
export interface BulkChoices {
  readonly retry: readonly number[];
  /** Done, and can be done once more. */
  readonly again: readonly number[];
  readonly cancel: readonly number[];
  /** Those of `cancel` that train now and lose what they did since their last checkpoint. */
  readonly ending: number;
  readonly postpone: readonly number[];
  readonly release: readonly number[];
  /** In their own order; empty also where they already lead the queue. */
  readonly front: readonly number[];
  /** The experiment that `front` moves before. */
  readonly before: number | null;
}

export function bulkChoices(
  marked: readonly ExperimentRecord[],
  all: readonly ExperimentRecord[],
): BulkChoices {
  const inOrder = marked.toSorted((a, b) => a.order - b.order);
  const indices = (test: (row: ExperimentRecord) => boolean): readonly number[] =>
    inOrder.filter(test).map(({ index }) => index);
  const queued = indices(({ state }) => isQueued(state));
  const queue = all.filter(({ state }) => isQueued(state)).toSorted((a, b) => a.order - b.order);
  const leads = queued.every((index, at) => queue[at]?.index === index);
  return {
    retry: indices(({ state }) => canRetry(state)),
    again: indices(({ state }) => canRunAnew(state)),
    cancel: indices(({ state }) => isQueued(state) || isLive(state)),
    ending: marked.filter(({ state }) => isLive(state)).length,
    postpone: queued,
    release: indices(({ state }) => state.kind === 'postponed'),
    front: leads ? [] : queued,
    before: queue.find(({ index }) => !queued.includes(index))?.index ?? null,
  };
}
