import { describe, expect, it } from 'vitest';
import { axisValues, curveSummary } from '../../../src/renderer/views/batch/curve-axis.ts';

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

describe('the figures beside a curve', () => {
  it('leave out what is not finite, and call the better end by its name', () => {
    const values = [3, 1, Number.NaN, 2];
    expect(curveSummary('loss/train', values)).toEqual({ min: 1, max: 3, last: 2, best: 1 });
    expect(curveSummary('val/accuracy', values)?.best).toBe(3);
    expect(curveSummary('width', values)?.best).toBeNull();
    expect(curveSummary('loss', [Number.NaN])).toBeNull();
  });
});
