import type { BatchProgress } from '../model/batch.ts';
import type { Phase } from '../model/experiment.ts';
import type { ExperimentRecord, RunRecord } from '../model/run.ts';
import { type PhasedWork, scheduleInPhases, type Work } from './phase-schedule.ts';

/** Relative uncertainty of an estimate, by how well it is founded. */
const SPREAD = { formula: 0.5, measured: 0.15, live: 0.1 } as const;

export interface ProgressFacts {
  readonly experiments: readonly ExperimentRecord[];
  readonly runs: readonly RunRecord[];
  readonly workers: number;
  /** In an order that their needs allow. With one phase, or none named, nothing waits for another. */
  readonly phases?: readonly Phase[];
  /** Unix seconds; only live runs depend on it. */
  readonly now: number;
}

/** Progress of a batch from its records alone. Skipped, postponed and given-up experiments are left out. */
export function batchProgress(facts: ProgressFacts): BatchProgress {
  const correction = estimateCorrection(facts);
  const running: PhasedWork[] = [];
  const queued: PhasedWork[] = [];
  let done = 0;
  let total = 0;
  for (const experiment of facts.experiments) {
    const estimate = experiment.estimate.seconds * correction;
    switch (experiment.state.kind) {
      case 'skipped':
      case 'postponed':
        break;
      case 'succeeded':
      case 'partial':
      case 'failed':
      case 'timed-out':
      case 'cancelled':
        done += estimate;
        total += estimate;
        break;
      case 'queued':
      case 'waiting':
      case 'interrupted':
        total += estimate;
        queued.push({
          phase: experiment.phase,
          seconds: estimate,
          spread: estimate * SPREAD[experiment.estimate.source],
        });
        break;
      case 'starting':
      case 'running':
      case 'paused':
        total += estimate;
        done += estimate * liveFraction(experiment);
        running.push({ phase: experiment.phase, ...liveWork(experiment, estimate) });
        break;
    }
  }
  const ahead = running.length + queued.length;
  const { workers, phases = [] } = facts;
  const remaining =
    phases.length > 1
      ? scheduleInPhases({ running, queued, workers, phases })
      : schedule(running, queued, workers);
  return {
    fraction: total > 0 ? Math.min(1, done / total) : facts.experiments.length > 0 && ahead === 0 ? 1 : 0,
    remainingSeconds: ahead === 0 ? 0 : remaining.seconds,
    remainingSpread: ahead === 0 ? 0 : remaining.spread,
    ...measured(facts),
  };
}

/** Measured time ÷ estimated time of what this batch has finished; 1 before anything has. */
function estimateCorrection(facts: ProgressFacts): number {
  let estimated = 0;
  let taken = 0;
  for (const { state, estimate } of facts.experiments) {
    if (state.kind !== 'succeeded' || estimate.seconds <= 0) continue;
    estimated += estimate.seconds;
    taken += state.seconds;
  }
  return estimated > 0 && taken > 0 ? taken / estimated : 1;
}

function liveFraction(experiment: ExperimentRecord): number {
  const progress = experiment.live?.progress;
  return progress && progress.total > 0 ? Math.min(1, Math.max(0, progress.done / progress.total)) : 0;
}

/** A run's own rate, once it has one, says more than any estimate. */
function liveWork(experiment: ExperimentRecord, estimate: number): Work {
  const own = experiment.live?.remainingSeconds;
  if (own !== null && own !== undefined) return { seconds: own, spread: own * SPREAD.live };
  const left = estimate * (1 - liveFraction(experiment));
  return { seconds: left, spread: left * SPREAD[experiment.estimate.source] };
}

/** List scheduling: each queued piece goes to the worker that is free first. */
function schedule(running: readonly Work[], queued: readonly Work[], workers: number): Work {
  const lanes = running.toSorted((a, b) => a.seconds - b.seconds);
  while (lanes.length < Math.max(1, workers)) lanes.unshift({ seconds: 0, spread: 0 });
  // More runs may live than workers are wanted; the surplus lanes take nothing new.
  const usable = Math.max(1, workers);
  for (const work of queued) {
    const free = earliest(lanes, usable);
    const lane = lanes[free] ?? { seconds: 0, spread: 0 };
    lanes[free] = {
      seconds: lane.seconds + work.seconds,
      spread: Math.hypot(lane.spread, work.spread),
    };
  }
  return lanes.reduce((longest, lane) => (lane.seconds > longest.seconds ? lane : longest), {
    seconds: 0,
    spread: 0,
  });
}

/** Of the first `usable` lanes, the one that is free first. */
function earliest(lanes: readonly Work[], usable: number): number {
  let best = 0;
  for (let at = 1; at < usable; at += 1)
    if ((lanes[at]?.seconds ?? 0) < (lanes[best]?.seconds ?? 0)) best = at;
  return best;
}

/**
 * Work, wall time (union of the intervals in which a run lived) and their quotient, all measured. An ended run
 * lasted as long as its supervisor counted: pauses are left out, and a clock that jumped stretches nothing.
 */
function measured(facts: ProgressFacts): Pick<BatchProgress, 'workSeconds' | 'wallSeconds' | 'speedup'> {
  const intervals: { from: number; to: number }[] = [];
  let workSeconds = 0;
  for (const { state, startedAt } of facts.runs) {
    const seconds = 'seconds' in state ? state.seconds : Math.max(0, facts.now - startedAt);
    workSeconds += seconds;
    intervals.push({ from: startedAt, to: startedAt + seconds });
  }
  const wallSeconds = unionLength(intervals);
  return { workSeconds, wallSeconds, speedup: wallSeconds > 0 ? workSeconds / wallSeconds : null };
}

function unionLength(intervals: readonly { from: number; to: number }[]): number {
  let length = 0;
  let reached = Number.NEGATIVE_INFINITY;
  for (const { from, to } of intervals.toSorted((a, b) => a.from - b.from || a.to - b.to)) {
    if (to <= reached) continue;
    length += to - Math.max(from, reached);
    reached = to;
  }
  return length;
}
