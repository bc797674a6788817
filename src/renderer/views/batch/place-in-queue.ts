import { isQueued } from '../../../shared/domain/status.ts';
import type { ExperimentRecord } from '../../../shared/model/run.ts';

/** Where an experiment stands among those that wait, and which one a move would put it before. */
export interface QueuePlace {
  readonly place: { readonly at: number; readonly of: number };
  /** The first in the queue; null = this one is. */
  readonly first: number | null;
  /** The one directly before it: moving earlier means before that one. Null = none. */
  readonly beforeLast: number | null;
  /** The one behind the next: moving later means before that one. Null = behind all. */
  readonly afterNext: number | null;
}

/** Phases wait for each other, so places are counted within the experiment’s own phase. */
export function placeInQueue(experiments: readonly ExperimentRecord[], index: number): QueuePlace {
  const phase = experiments.find((experiment) => experiment.index === index)?.phase;
  const queue = experiments
    .filter((experiment) => isQueued(experiment.state) && experiment.phase === phase)
    .toSorted((a, b) => a.order - b.order)
    .map((experiment) => experiment.index);
  const at = queue.indexOf(index);
  return {
    place: { at, of: queue.length },
    first: at > 0 ? (queue[0] ?? null) : null,
    beforeLast: at > 0 ? (queue[at - 1] ?? null) : null,
    afterNext: queue[at + 2] ?? null,
  };
}
