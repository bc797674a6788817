import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { inletOf } from '../../../src/main/worker/inlet.ts';
import { tinyPlan } from '../../support/plans.ts';
import { type Bench, openBench } from '../../support/scheduler-bench.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

/** Indices in the order their runs began. */
function begun(batch: string): number[] {
  return bench.store
    .runs(batch)
    .toSorted((a, b) => a.startedAt - b.startedAt)
    .map(({ index }) => index);
}

function log(batch: string, index: number): string {
  const run = bench.store.runs(batch).find((one) => one.index === index);
  return readFileSync(join(bench.workspace, run?.folder ?? '', 'output.log'), 'utf8');
}

describe('the order of starting', () => {
  it('is what was asked for last, and is rebuilt from the folder', async () => {
    const batch = await bench.scheduler.start(
      tinyPlan({ experiments: [{ steps: 20, pause: 0.05 }, {}, {}, {}], workers: 1 }),
    );
    await bench.until(batch, 0, ['running']);
    await bench.scheduler.reorder(batch, { indices: [3], before: 1 });
    await bench.scheduler.reorder(batch, { indices: [1], before: null });
    await expect(bench.scheduler.reorder(batch, { indices: [0], before: null })).rejects.toMatchObject({
      code: 'not-possible-now',
    });
    await expect(bench.scheduler.reorder(batch, { indices: [2], before: 9 })).rejects.toMatchObject({
      code: 'not-found',
    });
    await bench.scheduler.idle();
    expect(begun(batch)).toEqual([0, 3, 2, 1]);
    bench.store.reindex();
    const orders = bench.store.experiments(batch).map(({ index, order }) => [index, order]);
    expect(orders.toSorted((a, b) => (a[1] ?? 0) - (b[1] ?? 0)).map(([index]) => index)).toEqual([
      0, 3, 2, 1,
    ]);
  });
});

describe('the terminal of a run', () => {
  it('takes what is typed', async () => {
    const batch = await bench.scheduler.start(tinyPlan({ experiments: [{ behaviour: 'ask' }] }));
    await bench.until(batch, 0, ['running']);
    await vi.waitFor(() => expect(log(batch, 0)).toContain('say something'), {
      timeout: 30_000,
      interval: 20,
    });
    await bench.scheduler.type({ batch, index: 0 }, 'good evening\r');
    await bench.scheduler.idle();
    expect(log(batch, 0)).toContain('heard good evening');
    expect(bench.experiment(batch, 0).state.kind).toBe('succeeded');
  });

  it('takes what is typed also after a restart of the app', async () => {
    const batch = await bench.scheduler.start(tinyPlan({ experiments: [{ behaviour: 'ask' }] }));
    await bench.until(batch, 0, ['running']);
    await bench.reopen();
    await bench.until(batch, 0, ['running']);
    await bench.scheduler.type({ batch, index: 0 }, 'good morning\r');
    await bench.scheduler.idle();
    expect(log(batch, 0)).toContain('heard good morning');
    expect(readdirSync(join(bench.workspace, '.minibatch', 'inlets'))).toEqual([]);
  });

  it('says why nothing can be typed', async () => {
    const batch = await bench.scheduler.start(
      tinyPlan({ experiments: [{ steps: 20, pause: 0.05 }, {}], workers: 1 }),
    );
    await bench.until(batch, 0, ['running']);
    await expect(bench.scheduler.type({ batch, index: 1 }, 'x')).rejects.toThrow('does not run');
    // As on a volume without named pipes: only the app that started the run can type into it.
    rmSync(inletOf(bench.workspace, { batch, index: 0, attempt: 1 }));
    await bench.reopen();
    await bench.until(batch, 0, ['running']);
    await expect(bench.scheduler.type({ batch, index: 0 }, 'x')).rejects.toThrow('has no named pipes');
    await bench.scheduler.stop(batch, 'cancel');
    await bench.scheduler.idle();
  });
});
