import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Bench, openBench } from '../../support/scheduler-bench.ts';
import { tinyPlan } from '../../support/plans.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await openBench();
});
afterEach(() => bench.close());

describe('a batch', () => {
  it('runs every experiment and is finished', async () => {
    const batch = await bench.scheduler.start(tinyPlan({ experiments: [{}, {}, {}] }));
    await bench.scheduler.idle();
    const detail = bench.store.detail(batch);
    expect(detail?.experiments.map(({ state }) => state.kind)).toEqual([
      'succeeded',
      'succeeded',
      'succeeded',
    ]);
    expect(detail?.batch.state).toEqual({ kind: 'finished' });
    expect(detail?.batch.counts).toMatchObject({ total: 3, succeeded: 3, live: 0 });
    expect(detail?.batch.progress).toMatchObject({ fraction: 1, remainingSeconds: 0 });
    expect(detail?.experiments[0]?.summary).toMatchObject({ steps: 3 });
  });
});
