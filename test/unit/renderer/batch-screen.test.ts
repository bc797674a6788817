import { describe, expect, it } from 'vitest';
import { rateText } from '../../../src/renderer/views/batch/doing.ts';
import { layLanes } from '../../../src/renderer/views/batch/lanes.ts';
import { phaseGroups } from '../../../src/renderer/views/batch/phase-groups.ts';
import { placeInQueue } from '../../../src/renderer/views/batch/place-in-queue.ts';
import { inOrder } from '../../../src/renderer/views/batch/use-held-order.ts';
import { workerRuns } from '../../../src/renderer/views/batch/worker-runs.ts';
import { batch, experiment, run } from './records.ts';

describe('the place in the queue', () => {
  const rows = [experiment(0, 'running'), experiment(1), experiment(2), experiment(3)];

  it('counts what waits and knows the neighbours', () => {
    expect(placeInQueue(rows, 2)).toEqual({
      place: { at: 1, of: 3 },
      first: 1,
      beforeLast: 1,
      afterNext: null,
    });
    expect(placeInQueue(rows, 1)).toMatchObject({ first: null, beforeLast: null, afterNext: 3 });
  });

  it('is that within the own phase', () => {
    const phased = rows.map((row) => ({ ...row, phase: row.index === 1 ? 'first' : 'second' }));
    expect(placeInQueue(phased, 2)).toMatchObject({ place: { at: 0, of: 2 }, first: null });
  });
});

describe('queues and phases', () => {
  it('are counted in the order in which they start', () => {
    const rows = [
      { ...experiment(0, 'succeeded'), phase: 'probe' },
      { ...experiment(1, 'running'), phase: 'main' },
      { ...experiment(2), phase: 'main' },
    ];
    expect(phaseGroups(rows)).toEqual([
      { title: 'probe', total: 1, done: 1, live: 0, failed: 0 },
      { title: 'main', total: 2, done: 0, live: 1, failed: 0 },
    ]);
  });

  it('are named by the queue alone where phases do not differ', () => {
    const rows = [
      { ...experiment(0), queue: 'cpu' },
      { ...experiment(1), queue: 'mps' },
    ];
    expect(phaseGroups(rows).map(({ title }) => title)).toEqual(['cpu', 'mps']);
  });
});

describe('rows that are looked at', () => {
  it('keep their order and show what is new', () => {
    const fresh = [experiment(2, 'running'), experiment(0, 'succeeded'), experiment(1), experiment(9)];
    const rows = inOrder(fresh, [0, 1, 2], ({ index }) => index);
    expect(rows.map(({ index, state }) => [index, state.kind])).toEqual([
      [0, 'succeeded'],
      [1, 'queued'],
      [2, 'running'],
      [9, 'queued'],
    ]);
  });
});

describe('what the workers do', () => {
  it('is the latest run of each, and only the live ones while there are any', () => {
    const older = run(0);
    const newer = { ...run(1), startedAt: 200, endedAt: 260 };
    const second = { ...run(2), worker: 2 };
    expect(workerRuns([newer, older, second]).map(({ index }) => index)).toEqual([1, 2]);
    expect(workerRuns([newer, { ...second, endedAt: null }]).map(({ index }) => index)).toEqual([2]);
  });
});

describe('the lanes of a very large batch', () => {
  it('are drawn with few bars that cover the same time, failures among them', () => {
    const experiments = Array.from({ length: 5_000 }, (_, index) => experiment(index, 'succeeded'));
    const runs = experiments.map(({ index }) => {
      const startedAt = 100 + Math.floor(index / 4) * 10;
      const ended = { startedAt, endedAt: startedAt + 10, seconds: 10 };
      return {
        ...run(index),
        worker: (index % 4) + 1,
        ...ended,
        state:
          index === 2_500
            ? { kind: 'timed-out' as const, ...ended, limitSeconds: 10 }
            : { kind: 'succeeded' as const, ...ended },
      };
    });
    const { lanes, from, to } = layLanes({ batch: batch('a'), experiments, runs, now: 13_000, live: false });
    const bars = lanes.flatMap((lane) => lane.bars);
    expect(bars.length).toBeLessThan(600);
    expect([from, to]).toEqual([100, 12_600]);
    for (const lane of lanes) {
      const covered = lane.bars.reduce((sum, bar) => sum + bar.to - bar.from, 0);
      expect(covered).toBe(12_500);
    }
    expect(bars.filter((bar) => bar.tone === 'failed')).toHaveLength(1);
  });
});

describe('the rate of a run', () => {
  const liveFacts = {
    worker: 1,
    phase: null,
    remainingSeconds: null,
    memoryMb: null,
    peakMb: null,
    cpuPercent: null,
    metric: null,
    lastOutputAt: null,
  };
  const at = (rate: number | null, unit = 'trials') =>
    rateText({
      ...experiment(1, 'running'),
      live: { ...liveFacts, rate, progress: { done: 1, total: 9, unit } },
    });

  it('is told by the second, the minute or the hour, so that it is a number one can read', () => {
    expect([at(120), at(1.73), at(0.4), at(0.001)]).toEqual([
      '120\u2009trials/s',
      '1.7\u2009trials/s',
      '24\u2009trials/min',
      '3.6\u2009trials/h',
    ]);
    expect([at(2, ''), at(null), at(0), rateText(experiment(1))]).toEqual(['2.0/s', null, null, null]);
  });
});

describe('a queue', () => {
  it('counts a result in part as done, as the command line does', () => {
    const partial = {
      ...experiment(2, 'succeeded'),
      state: { kind: 'partial' as const, startedAt: 1, endedAt: 2, seconds: 1, sentence: 'Half.' },
    };
    expect(phaseGroups([experiment(1, 'succeeded'), partial, experiment(3)])).toEqual([
      { title: 'main', total: 3, done: 2, live: 0, failed: 0 },
    ]);
  });
});
