import { describe, expect, it } from 'vitest';
import {
  anyMeasured,
  type EstimateFacts,
  type MeasuredRun,
  refineEstimates,
} from '../../../../src/shared/domain/estimate.ts';

function formula(width: number, seconds: number, memoryMb = 500) {
  return { parameters: { width, epochs: 10 }, estimate: { seconds, memoryMb } };
}

function measured(width: number, changes: Partial<MeasuredRun>): MeasuredRun {
  return {
    parameters: { epochs: 10, width },
    device: 'cpu',
    threads: 1,
    seconds: 1,
    peakMb: null,
    ...changes,
  };
}

function refine(facts: Partial<EstimateFacts>) {
  return refineEstimates({
    experiments: [],
    references: [],
    measurements: [],
    device: 'cpu',
    threads: 1,
    ...facts,
  });
}

describe('refineEstimates', () => {
  it('stays with the formula while nothing was measured', () => {
    expect(refine({ experiments: [formula(1, 10)] })).toEqual([
      { seconds: 10, memoryMb: 500, source: 'formula' },
    ]);
  });

  it('takes what was measured and scales the others by the median ratio', () => {
    const estimates = refine({
      experiments: [formula(1, 10), formula(2, 20), formula(3, 30), formula(4, 100, 1_000)],
      measurements: [
        measured(1, { seconds: 5, peakMb: 250 }),
        measured(2, { seconds: 12, peakMb: null }),
        measured(3, { seconds: 60, peakMb: 1_000 }),
      ],
    });
    expect(estimates.slice(0, 3).map(({ seconds, source }) => [seconds, source])).toEqual([
      [5, 'measured'],
      [12, 'measured'],
      [60, 'measured'],
    ]);
    // Ratios 0.5, 0.6, 2 of time; 0.5, 2 of memory.
    expect(estimates[1]?.memoryMb).toBeCloseTo(500 * 1.25);
    expect(estimates[3]).toEqual({
      seconds: expect.closeTo(60),
      memoryMb: expect.closeTo(1_250),
      source: 'formula',
    });
  });

  it('learns from experiments outside the plan', () => {
    const estimates = refine({
      experiments: [formula(9, 100)],
      references: [formula(1, 10)],
      measurements: [measured(1, { seconds: 1 })],
    });
    expect(estimates[0]?.seconds).toBeCloseTo(10);
  });

  it('does not mix devices, and prefers the same thread count, then the newest', () => {
    const experiments = [formula(1, 10)];
    expect(refine({ experiments, measurements: [measured(1, { device: 'mps' })] })[0]?.source).toBe(
      'formula',
    );
    const runs = [
      measured(1, { threads: 4, seconds: 2 }),
      measured(1, { seconds: 7 }),
      measured(1, { seconds: 8 }),
    ];
    expect(refine({ experiments, measurements: runs })[0]?.seconds).toBe(7);
    expect(refine({ experiments, measurements: runs, threads: 2 })[0]?.seconds).toBe(2);
  });

  it('knows whether anything was measured here', () => {
    const facts = { experiments: [formula(1, 10)], measurements: [measured(1, {})], threads: 1 };
    expect(anyMeasured({ ...facts, device: 'cpu' })).toBe(true);
    expect(anyMeasured({ ...facts, device: 'mps' })).toBe(false);
  });
});
