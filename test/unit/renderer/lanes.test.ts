import { describe, expect, it } from 'vitest';
import { layLanes, timeTicks } from '../../../src/renderer/views/batch/lanes.ts';
import { batch, experiment, run } from './records.ts';

describe('worker lanes', () => {
  it('show what was, is and is expected, each on the worker that is free first', () => {
    const running = {
      ...experiment(1, 'running'),
      live: {
        worker: 2,
        phase: null,
        progress: null,
        rate: null,
        remainingSeconds: 100,
        memoryMb: null,
        peakMb: null,
        cpuPercent: null,
        metric: null,
        lastOutputAt: null,
      },
    };
    const { lanes, from, to } = layLanes({
      batch: batch('a'),
      experiments: [experiment(0, 'succeeded'), running, experiment(2), experiment(3)],
      runs: [run(0), { ...run(1, null), worker: 2 }],
      now: 200,
      live: true,
    });
    expect(lanes.map((lane) => lane.bars.map((bar) => [bar.kind, bar.index, bar.from, bar.to]))).toEqual([
      [
        ['past', 0, 100, 160],
        ['future', 2, 200, 230],
        ['future', 3, 230, 260],
      ],
      [
        ['now', 1, 100, 200],
        ['future', 1, 200, 300],
      ],
    ]);
    expect([from, to]).toEqual([100, 300]);
  });

  it('of a resting batch promise nothing', () => {
    const { lanes, to } = layLanes({
      batch: batch('a'),
      experiments: [experiment(0, 'succeeded'), experiment(1)],
      runs: [run(0)],
      now: 9_999,
      live: false,
    });
    expect(lanes.flatMap((lane) => lane.bars).map((bar) => bar.kind)).toEqual(['past']);
    expect(to).toBe(160);
  });

  it('have ticks at round times only', () => {
    const ticks = timeTicks(1_000_003, 1_000_603, 6);
    expect(ticks.length).toBeGreaterThan(2);
    expect(ticks.every((tick) => tick % 60 === 0)).toBe(true);
  });
});
