import type { QueueDecision } from '../../shared/domain/queue.ts';
import type { Waiting } from '../../shared/domain/queue-model.ts';
import type { ExperimentRecord } from '../../shared/model/run.ts';
import { type BatchWork, setExperiment } from './batch-work.ts';

/** Gives each queued experiment the reason for which it waits; without one it is plainly queued. */
export function tellWaits(work: BatchWork, waits: QueueDecision['waits']): void {
  const own = new Map<number, Waiting>();
  for (const { batch, index, state } of waits) if (batch === work.id) own.set(index, state);
  for (const index of [...work.queued]) {
    const experiment = work.experiments.get(index);
    const state = own.get(index) ?? { kind: 'queued' as const };
    if (experiment && !sameState(experiment.state, state)) setExperiment(work, { ...experiment, state });
  }
}

/** The plainly queued experiment that is first in the start order. */
export function nextQueued(work: BatchWork): ExperimentRecord | undefined {
  let first: ExperimentRecord | undefined;
  for (const index of work.queued) {
    const experiment = work.experiments.get(index);
    if (experiment?.state.kind === 'queued' && (!first || experiment.order < first.order)) first = experiment;
  }
  return first;
}

function sameState(a: ExperimentRecord['state'], b: ExperimentRecord['state']): boolean {
  return a.kind === b.kind && ('sentence' in a ? a.sentence : '') === ('sentence' in b ? b.sentence : '');
}
