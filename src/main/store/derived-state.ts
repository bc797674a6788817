import { isLive } from '../../shared/domain/status.ts';
import type { BatchState } from '../../shared/model/batch.ts';
import type { PlannedExperiment } from '../../shared/model/plan.ts';
import type { ExperimentRecord, ExperimentState } from '../../shared/model/run.ts';
import type { JournalEntry } from './batch-file.ts';

const UNFINISHED: ReadonlySet<ExperimentState['kind']> = new Set([
  'queued',
  'waiting',
  'interrupted',
  'cancelled',
]);

/** State of a batch that nobody works on, from what was asked last and what is left to do. */
export function restingState(
  journal: readonly JournalEntry[],
  experiments: readonly ExperimentRecord[],
): BatchState {
  const last = journal.findLast((entry) =>
    ['pause', 'resume', 'stop', 'smoke-failed', 'halt'].includes(entry.kind),
  );
  if (experiments.some(({ state }) => isLive(state))) {
    if (last?.kind === 'stop') return { kind: 'stopping' };
    if (last?.kind === 'halt') return { kind: 'stopping', sentence: last.sentence };
    return { kind: last?.kind === 'pause' ? 'paused' : 'running' };
  }
  // A cancelled experiment is settled unless the whole batch was told to end.
  const endedByCancel = last?.kind === 'stop' && last.mode === 'cancel';
  const open = experiments.some(
    ({ state }) => UNFINISHED.has(state.kind) && (state.kind !== 'cancelled' || endedByCancel),
  );
  if (!open) return { kind: 'finished' };
  if (last?.kind === 'smoke-failed')
    return { kind: 'interrupted', sentence: last.sentence, cause: 'smoke-run' };
  if (last?.kind === 'halt') return { kind: 'interrupted', sentence: last.sentence, cause: 'failure' };
  return { kind: 'interrupted', sentence: restSentence(last) };
}

function restSentence(last: JournalEntry | undefined): string {
  if (last?.kind === 'stop') {
    return last.mode === 'cancel'
      ? 'Cancelled as asked. Retry or resume runs what is left.'
      : 'Stopped as asked. Resume goes on from the checkpoints.';
  }
  if (last?.kind === 'pause') return 'Minibatch ended while this batch was paused. Resume goes on with it.';
  return 'Minibatch ended while this batch was running. Resume goes on from the checkpoints.';
}

/**
 * Whether people cancelled an attempt or its whole batch, as far as the journal tells: behind the entry that led to
 * the attempt there is a cancel. Times are not compared, because clocks jump.
 */
export function cancelWasAsked(
  journal: readonly JournalEntry[],
  { index, attempt }: { index: number; attempt: number },
): boolean {
  const begun = journal.findLastIndex(
    (entry) =>
      entry.kind === 'again' &&
      entry.experiments.some((one) => one.index === index && one.after === attempt - 1),
  );
  const after = journal.slice(begun + 1);
  return after.some(
    (entry) =>
      (entry.kind === 'cancel' && entry.indices.includes(index)) ||
      (entry.kind === 'stop' && entry.mode === 'cancel'),
  );
}

/** State before any attempt, or after being queued again: the plan's word, then the journal's. */
export function queuedState(planned: PlannedExperiment, journal: readonly JournalEntry[]): ExperimentState {
  let state = plannedState(planned);
  for (const entry of journal) {
    if (entry.kind === 'again' && entry.experiments.some((one) => one.index === planned.index))
      state = { kind: 'queued' };
    if (entry.kind === 'skip' && entry.index === planned.index && state.kind === 'queued')
      state = { kind: 'skipped', ...entry.existing, sentence: entry.reason };
    if (!('indices' in entry) || !entry.indices.includes(planned.index)) continue;
    if (entry.kind === 'postpone' && state.kind === 'queued')
      state = { kind: 'postponed', sentence: entry.reason };
    if (entry.kind === 'release' && state.kind === 'postponed') state = { kind: 'queued' };
    if (entry.kind === 'cancel' && state.kind === 'queued') {
      state = { kind: 'cancelled', startedAt: entry.t, endedAt: entry.t, seconds: 0 };
    }
  }
  return state;
}

function plannedState(planned: PlannedExperiment): ExperimentState {
  switch (planned.action) {
    case 'run':
      return { kind: 'queued' };
    case 'postpone':
      return { kind: 'postponed', sentence: planned.reason };
    case 'skip': {
      const existing = planned.existing ?? { batch: '', index: planned.index, attempt: 0 };
      return { kind: 'skipped', ...existing, sentence: planned.reason };
    }
  }
}
