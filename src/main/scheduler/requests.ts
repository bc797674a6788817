import { grantDevices } from '../../shared/domain/device-set.ts';
import { movedOrder, type StartMove } from '../../shared/domain/start-order.ts';
import { canRetry, canRunAnew, isLive, isQueued, stateLabel } from '../../shared/domain/status.ts';
import { doneSentence } from '../../shared/domain/plan.ts';
import { ExpectedError } from '../../shared/model/error.ts';
import type { ExperimentRecord } from '../../shared/model/run.ts';
import type { StoredResult } from '../store/store.ts';
import { ASKED_FOR, type BatchWork, note, setExperiment } from './batch-work.ts';
import { deviceOf } from './queue-facts.ts';
import { requeue } from './settle.ts';

/** What people can ask of a batch that is being worked on. Each writes to the journal before it acts. */

export function pauseWork(work: BatchWork, t: number): void {
  if (work.state.kind !== 'running') throw notNow(work, 'paused', 'is not running');
  note(work, { t, kind: 'pause' });
  work.state = { kind: 'paused' };
  signalAll(work, 'pause');
}

/** Continues a paused batch, and queues again what was interrupted. */
export function resumeWork(work: BatchWork, t: number): void {
  if (work.state.kind === 'stopping') throw notNow(work, 'resumed', 'is still stopping');
  const stoppedWhole = work.journal.findLast((entry) => entry.kind === 'stop' || entry.kind === 'resume');
  const cancelledToo = stoppedWhole?.kind === 'stop' && stoppedWhole.mode === 'cancel';
  const wasPaused = work.state.kind === 'paused';
  note(work, { t, kind: 'resume' });
  work.state = { kind: 'running' };
  if (wasPaused) signalAll(work, 'continue');
  const again = matching(
    work,
    ({ state }) => state.kind === 'interrupted' || (cancelledToo && state.kind === 'cancelled'),
  );
  requeue(work, again, { t, why: 'resumed', automatic: false });
  for (const experiment of work.experiments.values())
    if (isQueued(experiment.state)) work.queuedAt.set(experiment.index, t);
}

export function stopWork(work: BatchWork, mode: 'checkpoint' | 'cancel', t: number): void {
  note(work, { t, kind: 'stop', mode });
  work.state = { kind: 'stopping' };
  signalAll(work, mode === 'cancel' ? 'cancel' : 'stop');
}

/** Returns how many were queued again. */
export function retryWork(work: BatchWork, t: number, indices?: readonly number[]): number {
  if (work.state.kind === 'stopping') throw notNow(work, 'retried', 'is still stopping');
  const wanted = indices && new Set(indices);
  for (const index of indices ?? []) experimentOf(work, index);
  const again = matching(work, ({ index, state }) => canRetry(state) && (wanted?.has(index) ?? true));
  queueBehind(work, again, { t, why: 'retried' });
  return again.length;
}

/** A new attempt, from the beginning, at what is done already; the result that there is stays. */
export function runAnewWork(work: BatchWork, t: number, indices: readonly number[]): void {
  if (work.state.kind === 'stopping') throw notNow(work, 'added to', 'is still stopping');
  for (const index of indices) {
    const { name, state } = experimentOf(work, index);
    if (canRunAnew(state)) continue;
    const way = canRetry(state) ? ' Retry it instead.' : '';
    throw new ExpectedError(
      'not-possible-now',
      `${name} cannot be run again: it is ${stateLabel(state.kind)}, and not done.${way}`,
    );
  }
  queueBehind(work, indices, { t, why: 'run again', anew: true });
}

function queueBehind(
  work: BatchWork,
  indices: readonly number[],
  { t, ...reason }: { readonly t: number; readonly why: string; readonly anew?: boolean },
): void {
  if (indices.length === 0) return;
  // After a stop the batch is under way again, and what stays cancelled is settled.
  if (work.state.kind !== 'running' && work.state.kind !== 'paused') {
    note(work, { t, kind: 'resume' });
    work.state = { kind: 'running' };
  }
  requeue(work, indices, { t, ...reason, automatic: false });
  for (const experiment of work.experiments.values())
    if (isQueued(experiment.state)) work.queuedAt.set(experiment.index, t);
}

export function postponeWork(
  work: BatchWork,
  request: { t: number; indices: readonly number[]; reason: string },
): void {
  const { t, indices, reason } = request;
  for (const index of indices) {
    const { name, state } = experimentOf(work, index);
    if (!isQueued(state))
      throw new ExpectedError(
        'not-possible-now',
        `${name} cannot be postponed: it is ${state.kind}. Only queued experiments can.`,
      );
  }
  note(work, { t, kind: 'postpone', indices: [...indices], reason });
  for (const index of indices)
    setExperiment(work, { ...experimentOf(work, index), state: { kind: 'postponed', sentence: reason } });
}

export function releaseWork(work: BatchWork, indices: readonly number[], t: number): void {
  for (const index of indices) {
    const { name, state } = experimentOf(work, index);
    if (state.kind !== 'postponed')
      throw new ExpectedError(
        'not-possible-now',
        `${name} cannot be released: it is ${state.kind}, not postponed.`,
      );
    const shortage = shortageOf(work, index);
    if (shortage !== null)
      throw new ExpectedError('not-possible-now', `${name} cannot be released here. ${shortage}`);
  }
  note(work, { t, kind: 'release', indices: [...indices] });
  for (const index of indices) {
    work.queuedAt.set(index, t);
    setExperiment(work, { ...experimentOf(work, index), state: { kind: 'queued' } });
  }
  if (work.state.kind !== 'interrupted' && work.state.kind !== 'finished') return;
  note(work, { t, kind: 'resume' });
  work.state = { kind: 'running' };
}

/** Why an experiment could never start on this machine; null = it could. */
function shortageOf(work: BatchWork, index: number): string | null {
  const experiment = experimentOf(work, index);
  const stock = { cards: work.file.plan.cards ?? 1, cores: work.file.hardware.cores };
  const { devices } = experiment;
  const grant = grantDevices({ devices }, deviceOf(work, experiment), stock);
  return grant.kind === 'short' ? grant.sentence : null;
}

export function cancelWork(work: BatchWork, indices: readonly number[], t: number): void {
  for (const index of indices) {
    const { name, state } = experimentOf(work, index);
    if (!isQueued(state) && !isLive(state))
      throw new ExpectedError('not-possible-now', `${name} cannot be cancelled: it is ${state.kind}.`);
  }
  note(work, { t, kind: 'cancel', indices: [...indices] });
  for (const index of indices) {
    const experiment = experimentOf(work, index);
    const running = work.running.get(index);
    if (running) running.live.signal('cancel');
    else
      setExperiment(work, {
        ...experiment,
        state: { kind: 'cancelled', startedAt: t, endedAt: t, seconds: 0 },
      });
  }
}

/** Only what is still queued can change places; what runs or has run keeps its own. */
export function reorderWork(work: BatchWork, move: StartMove, t: number): void {
  for (const index of move.indices) {
    const { name, state } = experimentOf(work, index);
    if (!isQueued(state))
      throw new ExpectedError(
        'not-possible-now',
        `${name} cannot be moved: it is ${state.kind}. Only queued experiments wait in an order.`,
      );
  }
  if (move.before !== null) experimentOf(work, move.before);
  note(work, { t, kind: 'reorder', indices: [...move.indices], before: move.before });
  const order = [...work.experiments.values()]
    .toSorted((a, b) => a.order - b.order)
    .map(({ index }) => index);
  for (const [position, index] of movedOrder(order, move).entries()) {
    const experiment = experimentOf(work, index);
    if (experiment.order !== position) setExperiment(work, { ...experiment, order: position });
  }
}

/** Types into a run's terminal, whoever started the run. */
export function typeInto(work: BatchWork, index: number, text: string): void {
  const { name, state } = experimentOf(work, index);
  const running = work.running.get(index);
  if (!running || !isLive(state))
    throw new ExpectedError('not-possible-now', `${name} does not run, so nothing can be typed into it.`);
  if (running.live.type(text)) return;
  throw new ExpectedError(
    'not-possible-now',
    `Nothing can be typed into ${name}: Minibatch was restarted since, and the volume of the workspace has no named pipes. Its output is complete.`,
  );
}

/** Not asked for by anybody: another batch has brought the result while the experiment was queued. */
export function skipWork(
  work: BatchWork,
  found: { experiment: ExperimentRecord; existing: StoredResult; t: number },
): void {
  const { experiment, t } = found;
  const { batch, index, attempt, endedAt } = found.existing;
  const reason = doneSentence({ batch, endedAt });
  note(work, { t, kind: 'skip', index: experiment.index, existing: { batch, index, attempt }, reason });
  setExperiment(work, {
    ...experiment,
    state: { kind: 'skipped', batch, index, attempt, sentence: reason },
  });
}

export function setWorkersOf(work: BatchWork, workers: number, t: number): void {
  note(work, { t, kind: 'workers', workers, why: ASKED_FOR });
}

function signalAll(work: BatchWork, signal: 'pause' | 'continue' | 'stop' | 'cancel'): void {
  for (const running of work.running.values()) running.live.signal(signal);
}

function matching(work: BatchWork, test: (experiment: ExperimentRecord) => boolean): number[] {
  return [...work.experiments.values()].filter(test).map((experiment) => experiment.index);
}

function experimentOf(work: BatchWork, index: number): ExperimentRecord {
  const experiment = work.experiments.get(index);
  if (experiment) return experiment;
  throw new ExpectedError(
    'not-found',
    `There is no experiment ${index} in the batch ${work.id}. Its indices are ${[...work.experiments.keys()].join(', ')}.`,
  );
}

function notNow(work: BatchWork, done: string, why: string): ExpectedError {
  return new ExpectedError('not-possible-now', `The batch ${work.id} cannot be ${done}: it ${why}.`);
}
