import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Plan } from '../../../src/shared/model/plan.ts';
import { type TinyPlan, tinyPlan } from '../../support/plans.ts';
import { type Bench, openBench } from '../../support/scheduler-bench.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

/** Two phases that do not need each other, and one that needs both. */
function forked(experiments: TinyPlan['experiments']): Plan {
  const phases = [
    { name: 'left', needs: [] },
    { name: 'right', needs: [] },
    { name: 'join', needs: ['left', 'right'] },
  ];
  return { ...tinyPlan({ experiments, workers: 2 }), phases };
}

function kinds(batch: string): string[] {
  return bench.store.experiments(batch).map(({ state }) => state.kind);
}

function sentence(batch: string): string | null {
  const { state } = bench.experiment(batch, 2);
  return state.kind === 'waiting' ? state.sentence : null;
}

describe('phases', () => {
  it('that do not need each other run side by side; the one that needs both waits for both', async () => {
    const hang = { behaviour: 'hang' } as const;
    const batch = await bench.scheduler.start(
      forked([{ phase: 'left', ...hang }, { phase: 'right', ...hang }, { phase: 'join' }]),
    );
    await bench.until(batch, 0, ['running']);
    await bench.until(batch, 1, ['running']);
    expect(sentence(batch)).toBe('Waits until the phases "left" and "right" are done.');
    await bench.scheduler.cancel(batch, [0]);
    await bench.until(batch, 0, ['cancelled']);
    expect(sentence(batch)).toBe('Waits until the phase "right" is done.');
    await bench.scheduler.cancel(batch, [1]);
    await bench.scheduler.idle();
    expect(kinds(batch)).toEqual(['cancelled', 'cancelled', 'succeeded']);
  });

  it('are done when what failed in them gets no further attempt, and what was put off holds up nobody', async () => {
    const plan = forked([
      { phase: 'left', behaviour: 'fail' },
      { phase: 'right', action: 'postpone' },
      { phase: 'join' },
    ]);
    const batch = await bench.scheduler.start({ ...plan, request: { ...plan.request, retries: 1 } });
    expect(sentence(batch)).toBe('Waits until the phase "left" is done.');
    await bench.scheduler.idle();
    expect(kinds(batch)).toEqual(['failed', 'postponed', 'succeeded']);
    const ended = bench.store.runs(batch).filter(({ index }) => index === 0);
    const joined = bench.store.runs(batch).find(({ index }) => index === 2);
    expect(ended).toHaveLength(2);
    for (const run of ended) expect(joined?.startedAt).toBeGreaterThanOrEqual(run.endedAt ?? Infinity);
  });
});
