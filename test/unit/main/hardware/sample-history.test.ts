import { describe, expect, it } from 'vitest';
import { loadBetween } from '../../../../src/main/hardware/cpu-load.ts';
import { treesOf } from '../../../../src/main/hardware/process-table.ts';
import { createSampleHistory } from '../../../../src/main/hardware/sample-history.ts';
import type { MachineSample } from '../../../../src/shared/model/hardware.ts';

function sample(
  t: number,
  cpuPercent: number | null,
  pressure: 'normal' | 'warning' | null = null,
): MachineSample {
  return {
    t,
    cpuPercent,
    perCore: cpuPercent === null ? [] : [cpuPercent, 0],
    loadAverage: null,
    memory: {
      totalBytes: 100,
      usedBytes: t % 50,
      availableBytes: null,
      appBytes: null,
      wiredBytes: null,
      compressedBytes: null,
      cachedBytes: null,
      swapUsedBytes: null,
      swapTotalBytes: null,
      pressure,
    },
    gpu: null,
    disk: null,
    thermal: null,
    sources: {},
  };
}

describe('history', () => {
  it('gives samples as they are while they fit', () => {
    const history = createSampleHistory();
    for (let t = 0; t < 10; t += 1) history.add(sample(t, t));
    expect(history.since({ now: 9, seconds: 4, points: 100 }).map(({ t }) => t)).toEqual([5, 6, 7, 8, 9]);
    expect(history.latest()?.t).toBe(9);
  });

  it('loses no peak of any figure when it thins', () => {
    const history = createSampleHistory();
    for (let t = 0; t < 3000; t += 1) {
      history.add(sample(t, t === 1234 ? 99 : 5, t === 2000 ? 'warning' : 'normal'));
    }
    const thin = history.since({ now: 2999, seconds: 3000, points: 100 });
    expect(thin.length).toBeLessThanOrEqual(103);
    expect(thin.length).toBeGreaterThan(50);
    expect(Math.max(...thin.map(({ cpuPercent }) => cpuPercent ?? 0))).toBe(99);
    expect(Math.max(...thin.map(({ perCore }) => perCore[0] ?? 0))).toBe(99);
    expect(Math.max(...thin.map(({ memory }) => memory.usedBytes ?? 0))).toBe(49);
    expect(thin.some(({ memory }) => memory.pressure === 'warning')).toBe(true);
    expect(thin.map(({ t }) => t)).toEqual(thin.map(({ t }) => t).toSorted((a, b) => a - b));
    expect(thin.at(-1)?.t).toBe(2999);
  });

  it('remembers a week in little memory', () => {
    const history = createSampleHistory();
    const days = 2;
    for (let t = 0; t < days * 86_400; t += 10) history.add(sample(t, t === 50_000 ? 99 : 5));
    const all = history.since({ now: days * 86_400, seconds: 7 * 86_400, points: 100_000 });
    expect(all.length).toBeLessThan(5_000);
    expect(all.some(({ cpuPercent }) => cpuPercent === 99)).toBe(true);
    expect(all[0]?.t).toBe(0);
  });

  it('keeps unknown figures unknown', () => {
    const history = createSampleHistory();
    for (let t = 0; t < 100; t += 1) history.add(sample(t, null));
    for (const one of history.since({ now: 99, seconds: 100, points: 10 })) {
      expect(one).toMatchObject({
        cpuPercent: null,
        gpu: null,
        memory: { swapUsedBytes: null, pressure: null },
      });
    }
  });
});

describe('load', () => {
  it('is the share of busy time since the reading before', () => {
    const before = [
      { busy: 10, total: 100 },
      { busy: 0, total: 100 },
    ];
    const after = [
      { busy: 60, total: 200 },
      { busy: 100, total: 200 },
    ];
    expect(loadBetween(before, after)).toEqual({ perCore: [50, 100], cpuPercent: 75 });
  });

  it('is unknown when no time has passed or the cores have changed', () => {
    const one = [{ busy: 10, total: 100 }];
    expect(loadBetween(one, one)).toEqual({});
    expect(loadBetween(one, [...one, ...one])).toEqual({});
    expect(loadBetween([], [])).toEqual({});
  });
});

describe('process trees', () => {
  it('hold root and descendants once each, also if the table has a ring', () => {
    const rows = [
      { pid: 1, parent: 0 },
      { pid: 2, parent: 1 },
      { pid: 3, parent: 2 },
      { pid: 4, parent: 9 },
      { pid: 9, parent: 4 },
    ];
    const trees = treesOf(rows, [2, 4, 77]);
    expect(trees.get(2)?.map(({ pid }) => pid)).toEqual([2, 3]);
    expect(trees.get(4)?.map(({ pid }) => pid)).toEqual([4, 9]);
    expect(trees.get(77)).toEqual([]);
  });
});
