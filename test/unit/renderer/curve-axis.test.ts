import { describe, expect, it } from 'vitest';
import { axisValues, countingMetrics, curveSummary } from '../../../src/renderer/views/batch/curve-axis.ts';

describe('the axis of a live curve', () => {
  const points = { steps: [1, 2], times: [1_010, 1_020], start: 1_000 };

  it('is steps, the clock, or the time since the first report', () => {
    expect(axisValues('step', points)).toEqual([1, 2]);
    expect(axisValues('clock', points)).toEqual([1_010, 1_020]);
    expect(axisValues('relative', points)).toEqual([10, 20]);
    // Nothing is drawn in a wrong place where times are not told.
    expect(axisValues('clock', { ...points, times: [] })).toEqual([1, 2]);
  });
});

describe('a metric as the axis', () => {
  const counted = { steps: [10, 20, 40], values: [100, 300, 500] };

  it('is how much work was done by each step, evenly between two reports', () => {
    const points = { steps: [5, 10, 15, 30, 50], times: [], start: 0, counted };
    expect(axisValues('metric/tokens', points)).toEqual([100, 100, 200, 400, 500]);
    expect(axisValues('metric/tokens', { ...points, counted: undefined })).toEqual(points.steps);
  });

  it('counts something, and never falls', () => {
    const steps = [1, 2, 3];
    const named = (name: string, values: readonly number[]) => ({ name, steps, values });
    expect(
      countingMetrics([
        named('progress/tokens', [1, 2, 2]),
        named('total_flops', [1, 2, 3]),
        named('speed/tokens per s', [1, 2, 3]),
        named('accuracy', [1, 2, 3]),
        named('epoch', [2, 1, 3]),
        named('samples', [1, Number.NaN, 3]),
        named('games', [4, 4, 4]),
      ]),
    ).toEqual(['progress/tokens', 'total_flops']);
  });
});

describe('the figures beside a curve', () => {
  it('leave out what is not finite, and name the better end where somebody said which that is', () => {
    const values = [3, 1, Number.NaN, 2];
    expect(curveSummary(values, 'lower')).toEqual({ min: 1, max: 3, last: 2, best: 1 });
    expect(curveSummary(values, 'higher')?.best).toBe(3);
    expect(curveSummary(values, null)?.best).toBeNull();
    expect(curveSummary([Number.NaN], 'lower')).toBeNull();
  });
});
