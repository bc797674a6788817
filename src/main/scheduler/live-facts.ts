import type { ExperimentState, LiveFacts } from '../../shared/model/run.ts';
import { startupOf } from '../store/attempt-folder.ts';
import { type BatchWork, type Running, setExperiment, setRun } from './batch-work.ts';

/** Brings the records of a batch's live runs up to date with their folders. */
export function refreshLive(work: BatchWork): void {
  for (const running of work.running.values()) {
    refreshState(work, running);
    const experiment = work.experiments.get(running.index);
    if (experiment) setExperiment(work, { ...experiment, live: liveFacts(running) });
  }
}

/** The same for what changes a few times in the life of a run: its state, and when it began. Returns whether it did. */
export function refreshState(work: BatchWork, running: Running): boolean {
  const experiment = work.experiments.get(running.index);
  const run = work.runs.get(`${running.index}/${running.attempt}`);
  if (!experiment || !run) return false;
  const { status, file, progress } = running.live;
  const state = liveState(running, experiment.state);
  const startedAt = status?.startedAt ?? run.startedAt;
  const startupSeconds = startupOf(file, progress.firstStepAt);
  if (
    state.kind === experiment.state.kind &&
    startedAt === run.startedAt &&
    startupSeconds === run.startupSeconds
  )
    return false;
  setExperiment(work, { ...experiment, state, live: liveFacts(running) });
  setRun(work, { ...run, state, startedAt, startupSeconds });
  return true;
}

export function liveFacts(running: Running): LiveFacts {
  const { live } = running;
  return {
    worker: running.lane,
    phase: live.progress.phase,
    progress: live.progress.progress,
    rate: live.progress.rate,
    remainingSeconds: live.progress.remainingSeconds,
    memoryMb: running.usedMb,
    peakMb: running.peakMb,
    cpuPercent: running.cpuPercent,
    metric: live.progress.metric,
    lastOutputAt: live.lastOutputAt(),
    metrics: live.progress.metrics,
  };
}

function liveState(running: Running, before: ExperimentState): ExperimentState {
  const { status } = running.live;
  // An exited run keeps its last live state until its folder has been read.
  if (!status || status.state === 'exited') return before;
  return { kind: status.state, since: status.startedAt };
}
