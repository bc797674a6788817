import { describe, expect, it } from 'vitest';
import { thinIndices, thinSeries, thinTracks } from '../../../../src/shared/domain/series.ts';
import { createRandom } from '../../../support/random.ts';

function noise(length: number, seed: number): number[] {
  const random = createRandom(seed);
  return Array.from({ length }, () => random());
}

describe('thinIndices', () => {
  it('keeps everything that fits', () => {
    expect(thinIndices([3, 1, 2], 3)).toEqual([0, 1, 2]);
    expect(thinIndices([], 10)).toEqual([]);
  });

  it('keeps first, last and both extremes, in order and within the limit', () => {
    for (let seed = 1; seed <= 40; seed++) {
      const values = noise(500 + seed * 37, seed);
      values[(seed * 101) % values.length] = 50;
      values[(seed * 211) % values.length] = -50;
      const points = 10 + seed;
      const kept = thinIndices(values, points);
      expect(kept.length).toBeLessThanOrEqual(points);
      expect(kept).toEqual([...new Set(kept)].toSorted((a, b) => a - b));
      expect(kept[0]).toBe(0);
      expect(kept.at(-1)).toBe(values.length - 1);
      const shown = kept.map((at) => values[at]);
      expect(Math.max(...shown.map(Number))).toBe(Math.max(...values));
      expect(Math.min(...shown.map(Number))).toBe(Math.min(...values));
    }
  });

  it('keeps a gap between the stretches around it', () => {
    const values = noise(1_000, 3).map((value, at) => (at >= 400 && at < 403 ? Number.NaN : value));
    const kept = thinIndices(values, 62);
    expect(kept.some((at) => at >= 400 && at < 403)).toBe(true);
    expect(kept.length).toBeLessThanOrEqual(62);
    const infinite = noise(1_000, 4).with(700, Number.POSITIVE_INFINITY);
    expect(thinIndices(infinite, 50)).toContain(700);
  });

  it('survives a series without any number', () => {
    expect(
      thinIndices(
        Array.from({ length: 100 }, () => Number.NaN),
        11,
      ).length,
    ).toBeLessThanOrEqual(11);
    expect(thinIndices(noise(100, 1), 2)).toEqual([0, 99]);
  });
});

describe('several tracks', () => {
  it('keeps the peak of each', () => {
    const cpu = noise(5_000, 1).with(1_234, 99);
    const memory = noise(5_000, 2).with(4_321, 99);
    const kept = thinTracks([cpu, memory], 200);
    expect(kept).toContain(1_234);
    expect(kept).toContain(4_321);
    expect(kept.length).toBeLessThanOrEqual(200);
  });

  it('thins steps, times and values together', () => {
    const thin = thinSeries(
      { steps: [10, 20, 30, 40, 50], times: [1, 2, 3, 4, 5], values: [1, 9, 1, -9, 1] },
      4,
    );
    expect(thin).toEqual({ steps: [10, 20, 40, 50], times: [1, 2, 4, 5], values: [1, 9, -9, 1] });
  });
});
