import { describe, expect, it } from 'vitest';
import {
  bestStep,
  betterOf,
  createSummaryKeeper,
  readMetric,
} from '../../../../src/shared/domain/metric-summary.ts';

describe('the metrics of a run in figures', () => {
  it('keep the best of a run that went on too long, and its step', () => {
    const keeper = createSummaryKeeper();
    for (const [step, loss] of [3, 1, 0.5, 2, 4].entries())
      keeper.take(step, { loss, accuracy: 1 - loss / 10 });
    const { loss, accuracy } = keeper.metrics;
    expect(loss).toEqual({ count: 5, last: 4, min: 0.5, minStep: 2, max: 4, maxStep: 4 });
    expect(readMetric(loss, 'best', 'lower')).toBe(0.5);
    expect(readMetric(accuracy, 'best', 'higher')).toBe(0.95);
    expect(readMetric(loss, 'last', null)).toBe(4);
    expect(readMetric(loss, 'best', null)).toBeNull();
    expect(readMetric(undefined, 'min', null)).toBeNull();
    expect(loss && bestStep(loss, 'lower')).toBe(2);
  });

  it('tell that a run has diverged, and what it reached before', () => {
    const keeper = createSummaryKeeper();
    for (const [step, loss] of (['NaN', 2, 1, 'Infinity', 'NaN'] as const).entries())
      keeper.take(step, { loss });
    expect(keeper.metrics.loss).toEqual({ count: 5, last: 'NaN', min: 1, minStep: 2, max: 2, maxStep: 1 });
  });

  it('are another object only where something was added', () => {
    const keeper = createSummaryKeeper();
    keeper.take(1, { loss: 1 });
    const { metrics } = keeper;
    expect(keeper.metrics).toBe(metrics);
    keeper.take(2, { loss: 0 });
    expect(keeper.metrics).not.toBe(metrics);
  });

  it('end at 200 names, whatever a program calls them', () => {
    const keeper = createSummaryKeeper();
    keeper.take(0, Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`layer ${at}`, at])));
    keeper.take(1, { 'layer 0': 5, another: 1 });
    expect(Object.keys(keeper.metrics)).toHaveLength(200);
    expect(keeper.metrics['layer 0']?.last).toBe(5);
  });
});

it('what is better is what was declared, else what the name says', () => {
  expect(betterOf('ratio/mean', { name: 'ratio/mean', better: 'higher' })).toBe('higher');
  expect(betterOf('loss', { name: 'loss', better: 'higher' })).toBe('higher');
  expect(betterOf('val/loss', { name: 'ratio/mean', better: 'higher' })).toBe('lower');
  expect(betterOf('ratio/mean', null)).toBeNull();
});
