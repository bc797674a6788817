import { describe, expect, it } from 'vitest';
import { batchProgress } from '../../../../src/shared/domain/progress.ts';
import type {
  ExperimentRecord,
  ExperimentState,
  LiveFacts,
  RunRecord,
} from '../../../../src/shared/model/run.ts';

function ended(kind: 'succeeded' | 'cancelled', seconds = 10): ExperimentState {
  return { kind, startedAt: 0, endedAt: seconds, seconds };
}

function experiment(
  state: ExperimentState,
  change: { seconds?: number; source?: 'formula' | 'measured'; live?: Partial<LiveFacts> } = {},
): ExperimentRecord {
  const live: LiveFacts = {
    worker: 1,
    phase: null,
    progress: null,
    rate: null,
    remainingSeconds: null,
    memoryMb: null,
    peakMb: null,
    cpuPercent: null,
    metric: null,
    lastOutputAt: null,
    ...change.live,
  };
  return {
    batch: 'b',
    index: 0,
    order: 0,
    name: 'n',
    identity: '',
    seed: 1,
    parameters: {},
    facts: {},
    estimate: { memoryMb: 1, seconds: change.seconds ?? 10, source: change.source ?? 'measured' },
    phase: 'main',
    queue: 'main',
    state,
    attempt: 1,
    live: change.live ? live : null,
    summary: null,
  };
}

function run(from: number, to: number | null, seconds = (to ?? from) - from): RunRecord {
  const state: ExperimentState =
    to === null
      ? { kind: 'running', since: from }
      : { kind: 'succeeded', startedAt: from, endedAt: to, seconds };
  return {
    batch: 'b',
    index: 0,
    attempt: 1,
    folder: '',
    worker: 1,
    device: 'cpu',
    threads: 1,
    state,
    startedAt: from,
    endedAt: to,
    startupSeconds: null,
    peakMb: null,
    cpuSeconds: null,
    standby: false,
  };
}

const queued: ExperimentState = { kind: 'queued' };
const running: ExperimentState = { kind: 'running', since: 0 };

function progress(experiments: ExperimentRecord[], runs: RunRecord[] = [], workers = 1, now = 0) {
  return batchProgress({ experiments, runs, workers, now });
}

describe('batchProgress', () => {
  it('weighs experiments by their estimated work and leaves skipped ones out', () => {
    const skipped: ExperimentState = { kind: 'skipped', batch: 'o', index: 0, attempt: 1, sentence: '' };
    const all = [
      experiment(ended('succeeded', 30), { seconds: 30 }),
      experiment(queued, { seconds: 90 }),
      experiment(skipped, { seconds: 500 }),
    ];
    expect(progress(all).fraction).toBeCloseTo(0.25);
    expect(progress([experiment(skipped)])).toMatchObject({ fraction: 1, remainingSeconds: 0 });
    expect(progress([])).toMatchObject({ fraction: 0 });
  });

  it('counts the part of a live run that is done', () => {
    const half = experiment(running, { live: { progress: { done: 5, total: 10, unit: 'epochs' } } });
    expect(progress([half, experiment(queued)]).fraction).toBeCloseTo(0.25);
    expect(progress([half]).remainingSeconds).toBeCloseTo(5);
  });

  it("believes a run's own rate more than the estimate", () => {
    const slow = experiment(running, {
      live: { progress: { done: 5, total: 10, unit: '' }, remainingSeconds: 100 },
    });
    expect(progress([slow])).toMatchObject({ remainingSeconds: 100, remainingSpread: 10 });
  });

  it('schedules the queued work over the workers', () => {
    const queue = [40, 30, 20, 10].map((seconds) => experiment(queued, { seconds }));
    expect(progress(queue, [], 1).remainingSeconds).toBeCloseTo(100);
    expect(progress(queue, [], 2).remainingSeconds).toBeCloseTo(50);
    expect(progress(queue, [], 9).remainingSeconds).toBeCloseTo(40);
  });

  it('does not hand queued work to workers that are no longer wanted', () => {
    const live = [10, 10, 10].map((seconds) => experiment(running, { live: { remainingSeconds: seconds } }));
    expect(
      progress([...live, experiment(queued), experiment(queued)], [], 1).remainingSeconds,
    ).toBeGreaterThanOrEqual(20);
  });

  it('corrects estimates by what the finished experiments took', () => {
    expect(progress([experiment(ended('succeeded', 20)), experiment(queued)]).remainingSeconds).toBeCloseTo(
      20,
    );
  });

  it('is less sure of a formula than of a measurement', () => {
    const formula = progress([experiment(queued, { source: 'formula' })]).remainingSpread ?? 0;
    const measured = progress([experiment(queued, { source: 'measured' })]).remainingSpread ?? 0;
    expect(formula).toBeGreaterThan(measured);
    expect(measured).toBeGreaterThan(0);
  });

  it('measures the speed-up: work divided by the time in which anything ran', () => {
    const runs = [run(0, 10), run(0, 10), run(5, 15), run(100, 105)];
    expect(progress([], runs)).toMatchObject({ workSeconds: 35, wallSeconds: 20, speedup: 1.75 });
    expect(progress([], [])).toMatchObject({ workSeconds: 0, wallSeconds: 0, speedup: null });
  });

  it('takes pauses out, and counts a live run up to now', () => {
    expect(progress([], [run(0, 10, 4)])).toMatchObject({ workSeconds: 4, wallSeconds: 4 });
    expect(progress([experiment(running)], [run(100, null)], 1, 130)).toMatchObject({
      workSeconds: 30,
      wallSeconds: 30,
    });
  });

  it('is not stretched by a clock that jumped ahead during a run', () => {
    expect(progress([], [run(0, 3_610, 10)])).toMatchObject({ workSeconds: 10, wallSeconds: 10, speedup: 1 });
  });

  it('survives a clock that was set back', () => {
    expect(progress([experiment(running)], [run(100, null)], 1, 50)).toMatchObject({
      workSeconds: 0,
      wallSeconds: 0,
      speedup: null,
    });
  });

  it('lets a phase wait for those that it needs, and others go on beside it', () => {
    const work = (phase: string, seconds: number, state: ExperimentState = queued): ExperimentRecord => ({
      ...experiment(state, { seconds }),
      phase,
    });
    const experiments = [work('tune', 100, running), work('train', 50), work('train', 50), work('aside', 30)];
    const facts = { experiments, runs: [], workers: 2, now: 0 };
    const needs = { tune: [], train: ['tune'], aside: [] };
    const phases = Object.entries(needs).map(([name, own]) => ({ name, needs: own }));
    expect(batchProgress({ ...facts, phases }).remainingSeconds).toBe(150);
    expect(batchProgress(facts).remainingSeconds).toBe(130);
  });
});
