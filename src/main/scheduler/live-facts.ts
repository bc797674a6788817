import type { ExperimentState, LiveFacts } from '../../shared/model/run.ts';
import { type BatchWork, type Running, setExperiment, setRun } from './batch-work.ts';

/** Brings the records of a batch's live runs up to date with their folders. */
export function refreshLive(work: BatchWork): void {
  for (const running of work.running.values()) {
    const experiment = work.experiments.get(running.index);
    const run = work.runs.get(`${running.index}/${running.attempt}`);
    if (!experiment || !run) continue;
    const state = liveState(running, experiment.state);
    setExperiment(work, { ...experiment, state, live: liveFacts(running) });
    const { status, file, progress } = running.live;
    const firstStepAt = progress.firstStepAt;
    const startupSeconds =
      firstStepAt === null || file.slotFreeAt === null ? null : Math.max(0, firstStepAt - file.slotFreeAt);
    setRun(work, { ...run, state, startedAt: status?.startedAt ?? run.startedAt, startupSeconds });
  }
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
  };
}

function liveState(running: Running, before: ExperimentState): ExperimentState {
  const { status } = running.live;
  // An exited run keeps its last live state until its folder has been read.
  if (!status || status.state === 'exited') return before;
  return { kind: status.state, since: status.startedAt };
}
