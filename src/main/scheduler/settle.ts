import { join } from 'node:path';
import { exitReason } from '../../shared/domain/exit-reason.ts';
import { formatDuration } from '../../shared/domain/format.ts';
import { decideRetry, isResource } from '../../shared/domain/retry.ts';
import { stateLabel } from '../../shared/domain/status.ts';
import { ExpectedError } from '../../shared/model/error.ts';
import type { ExperimentRecord, ExperimentState, RunRecord } from '../../shared/model/run.ts';
import { type Attempt, readAttemptInPieces } from '../store/attempt-folder.ts';
import { storedResult } from '../store/batch-folder.ts';
import { cancelWasAsked } from '../store/derived-state.ts';
import {
  automaticAttempts,
  type BatchWork,
  note,
  type Running,
  setExperiment,
  setRun,
  workersOf,
} from './batch-work.ts';
import type { Recorder } from './recorder.ts';

export interface SettleContext {
  readonly workspace: string;
  readonly recorder: Recorder;
  readonly now: () => number;
  readonly notice: (level: 'info' | 'warning' | 'error', text: string) => void;
}

export interface Ended {
  readonly work: BatchWork;
  readonly running: Running;
  /** What its folder says; null = the folder is gone. */
  readonly attempt: Attempt | null;
}

/** Reads the folder of a run that has ended. */
export function readEnd(workspace: string, work: BatchWork, running: Running): Promise<Attempt> {
  const { index, attempt, live } = running;
  const { experiment, run } = recordsOf(work, running);
  return readAttemptInPieces({
    workspace,
    batch: work.id,
    folder: run.folder,
    index,
    attempt,
    identity: experiment.identity,
    cancelAsked: cancelWasAsked(work.journal, { index, attempt }),
    file: live.file,
  });
}

/** Takes a run that has ended out of its lane, records how, and queues it again where that is called for. */
export function settle(context: SettleContext, { work, running, attempt }: Ended): void {
  const { experiment, run: before } = recordsOf(work, running);
  const run = attempt?.run ?? missingRun(context, running, before);
  for (const problem of attempt?.problems ?? []) context.notice('warning', problem);
  if (attempt?.result)
    context.recorder.result(storedResult(context.workspace, experiment, attempt), attempt.rows);
  work.running.delete(running.index);
  work.laneFreeAt.set(running.lane, run.endedAt ?? context.now());
  setRun(work, run);
  setExperiment(work, { ...experiment, state: run.state, live: null, summary: attempt?.summary ?? null });
  if (isResource(run.state)) work.resourceFailures += 1;
  try {
    queueAgain(context, work, running);
  } catch (error) {
    // Without room for the journal it stays as it ended; a person can retry it later.
    if (!(error instanceof ExpectedError) || error.code !== 'disk-full') throw error;
    context.notice('error', `${experiment.name} was not queued again. ${error.message}`);
  }
}

function recordsOf(work: BatchWork, running: Running): { experiment: ExperimentRecord; run: RunRecord } {
  const experiment = work.experiments.get(running.index);
  const run = work.runs.get(`${running.index}/${running.attempt}`);
  if (!experiment || !run) throw new Error(`Run ${running.live.folder} ended without a record.`);
  return { experiment, run };
}

/** The folder is gone, so this is all that is left of the run. */
function missingRun(context: SettleContext, running: Running, before: RunRecord): RunRecord {
  const endedAt = Math.max(context.now(), before.startedAt);
  const ending = exitReason({
    exitCode: null,
    signal: null,
    stopReason: null,
    cancelAsked: false,
    message: null,
    timeoutSeconds: null,
    device: before.device,
    tail: '',
    error: null,
    result: { kind: 'missing' },
    checkpoint: false,
    diagnosis: {
      supervisorLost: false,
      folderMissing: true,
      kernelLine: null,
      swapGrowthBytes: null,
      pressure: null,
    },
  });
  const seconds = running.live.status?.seconds ?? 0;
  const state: ExperimentState = { ...ending, startedAt: before.startedAt, endedAt, seconds };
  context.notice(
    'warning',
    `The folder ${join(context.workspace, before.folder)} was removed while its run was going on.`,
  );
  return { ...before, state, endedAt };
}

function queueAgain(context: SettleContext, work: BatchWork, running: Running): void {
  const experiment = work.experiments.get(running.index);
  if (!experiment) return;
  const { state } = experiment;
  if (state.kind === 'succeeded') return;
  const workers = workersOf(work);
  const { request } = work.file.plan;
  const decision = decideRetry({
    state,
    given: automaticAttempts(work, running.index),
    allowed: request.retries,
    delaySeconds: request.retryDelaySeconds,
    failFast: request.failFast,
    hadCompany: work.running.size > 0,
    resourceFailures: work.resourceFailures,
    workers,
  });
  const yielded = running.yielded !== null && state.kind === 'interrupted';
  if (decision.serial) {
    const why = `${work.resourceFailures} runs ran out of memory or were killed from outside`;
    note(work, { t: context.now(), kind: 'workers', workers: 1, why });
    context.notice('warning', `${work.file.title} goes on with one run at a time: ${why}.`);
  }
  if (decision.halt) halt(context, work, experiment);
  if (!decision.again && !yielded) return;
  if (work.state.kind !== 'running' && work.state.kind !== 'paused') return;
  const why = yielded ? (running.yielded ?? '') : decision.why;
  const t = context.now();
  const later = decision.delaySeconds > 0 && { notBefore: t + decision.delaySeconds };
  requeue(work, [running.index], { t, why, automatic: true, ...later });
  if (yielded) return;
  const when = later ? ` in ${formatDuration(decision.delaySeconds)}` : '';
  context.notice('info', `${experiment.name} is tried again${when}: ${why}.`);
}

/** Starts nothing new; what lives finishes. A paused batch waits for a person anyway, who sees the failure. */
function halt(context: SettleContext, work: BatchWork, { name, state }: ExperimentRecord): void {
  if (work.state.kind !== 'running' || work.queued.size === 0) return;
  const sentence = `Nothing new was started after ${name} ${stateLabel(state.kind)}, as asked. Resume goes on with the rest; retry runs what failed again.`;
  note(work, { t: context.now(), kind: 'halt', sentence });
  work.state = { kind: 'stopping', sentence };
  context.notice('warning', `${work.file.title} starts nothing new: ${name} ${stateLabel(state.kind)}.`);
}

/** Queues experiments again behind their latest attempts. */
export function requeue(
  work: BatchWork,
  indices: readonly number[],
  reason: { t: number; why: string; automatic: boolean; notBefore?: number; anew?: boolean },
): void {
  const experiments = indices.flatMap((index) => work.experiments.get(index) ?? []);
  if (experiments.length === 0) return;
  note(work, {
    ...reason,
    kind: 'again',
    experiments: experiments.map(({ index, attempt }) => ({ index, after: attempt })),
  });
  for (const experiment of experiments) {
    work.queuedAt.set(experiment.index, reason.t);
    setExperiment(work, { ...experiment, state: { kind: 'queued' }, live: null, summary: null });
  }
}
