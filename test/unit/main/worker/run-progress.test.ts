import { describe, expect, it } from 'vitest';
import { createRunProgress, type RunProgress } from '../../../../src/main/worker/run-progress.ts';
import type { RunEvent } from '../../../../src/shared/model/event.ts';

function progressAt(t: number, done: number, total = 100, unit = 'epochs'): RunEvent {
  return { t, kind: 'progress', done, total, unit };
}

function after(...events: RunEvent[]): RunProgress {
  const progress = createRunProgress('loss/train');
  for (const event of events) progress.take(event);
  return progress;
}

describe('the progress of a run', () => {
  it('knows nothing before anything was said', () => {
    expect(after()).toMatchObject({
      phase: null,
      progress: null,
      rate: null,
      remainingSeconds: null,
      metric: null,
      firstStepAt: null,
    });
  });

  it('counts the first step only after the start', () => {
    const start: RunEvent = { t: 5, kind: 'start', device: 'cpu', threads: 1, versions: {} };
    const message: RunEvent = { t: 6, kind: 'message', level: 'info', text: '' };
    expect(after({ t: 4, kind: 'phase', text: 'early' }, start, message).firstStepAt).toBeNull();
    expect(after(start, message, { t: 7, kind: 'phase', text: 'go' }, progressAt(8, 1)).firstStepAt).toBe(7);
  });

  it('takes the rate over the last half minute', () => {
    const slowThenFast = Array.from({ length: 61 }, (_, second) =>
      progressAt(second, second <= 30 ? second : 30 + (second - 30) * 2),
    );
    expect(after(...slowThenFast).rate).toBeCloseTo(2);
    expect(after(...slowThenFast).remainingSeconds).toBeCloseTo(5);
  });

  it('begins a new rate with a new piece of work', () => {
    expect(after(progressAt(0, 0), progressAt(10, 100), progressAt(11, 0, 50, 'chunks')).rate).toBeNull();
    expect(after(progressAt(0, 0), progressAt(10, 50), progressAt(11, 0)).rate).toBeNull();
  });

  it('gives no remaining time to a run that stands still', () => {
    expect(after(progressAt(0, 5), progressAt(10, 5))).toMatchObject({ rate: 0, remainingSeconds: null });
  });

  it('shows the main metric as it was written, NaN included', () => {
    const metric = (values: Record<string, number | 'NaN'>): RunEvent => ({
      t: 1,
      kind: 'metric',
      step: 1,
      values,
    });
    expect(after(metric({ 'loss/train': 0.5 }), metric({ 'loss/test': 3 })).metric).toBe(0.5);
    expect(after(metric({ 'loss/train': 'NaN' })).metric).toBe('NaN');
  });
});
