import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { tinyPlan } from '../../support/plans.ts';
import { type Bench, openBench } from '../../support/scheduler-bench.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await openBench();
});
afterEach(() => bench.close());

const GIB = 2 ** 30;

interface Held {
  readonly t: number;
  readonly residentMb: number;
}

/** What each run of a batch said it held, and when. */
function heldBy(batch: string): Held[][] {
  return bench.store
    .results({ workload: 'tiny', batches: [batch] })
    .map((result) => bench.store.rows(result) as unknown as Held[]);
}

/** Memory held by all runs together at each moment at which one of them looked. */
function residentTotals(runs: readonly (readonly Held[])[]): number[] {
  const moments = runs.flat().map(({ t }) => t);
  return moments.map((moment) =>
    runs.reduce((sum, own) => {
      const last = own.at(-1);
      const seen = own.findLast(({ t }) => t <= moment);
      return sum + (seen !== undefined && last !== undefined && last.t >= moment ? seen.residentMb : 0);
    }, 0),
  );
}

describe('memory', () => {
  it('holds back what does not fit beside the others, and says why', async () => {
    const slow = { steps: 6, pause: 0.05 };
    const batch = await bench.scheduler.start(
      tinyPlan({ experiments: [slow, slow], workers: 2, memoryMb: 2_458, budgetMb: 4_608 }),
    );
    expect(bench.experiment(batch, 1).state).toEqual({
      kind: 'waiting',
      resource: 'memory',
      sentence: 'Waits for memory: 2.1 GB free, needs 2.4 GB.',
    });
    await bench.scheduler.idle();
    expect(bench.store.batch(batch)?.counts.succeeded).toBe(2);
  });

  it.runIf(process.platform === 'linux')(
    'never lets runs that really hold their memory go beyond the shared budget',
    async () => {
      const ballast = { behaviour: 'ballast' as const, ballastMb: 120, steps: 12, pause: 0.03 };
      const batch = await bench.scheduler.start(
        tinyPlan({
          experiments: Array.from({ length: 5 }, () => ballast),
          workers: 5,
          memoryMb: 150,
          budgetMb: 320,
        }),
      );
      // What is too large beside the two that hold theirs waits, and says why.
      expect(bench.experiment(batch, 2).state).toEqual({
        kind: 'waiting',
        resource: 'memory',
        sentence: expect.stringMatching(/^Waits for memory: \d+ MB free, needs 150 MB\.$/),
      });
      await bench.scheduler.idle();
      expect(bench.store.batch(batch)?.counts.succeeded).toBe(5);
      const totals = residentTotals(heldBy(batch));
      // Three would hold more than 360 MB.
      expect(Math.max(...totals)).toBeLessThanOrEqual(320);
      // Two did so at once: the limit is the budget, not the order.
      expect(Math.max(...totals)).toBeGreaterThan(240);
    },
  );

  it('starts nothing at a warning, and goes on when it is over', async () => {
    bench.machine.set({ pressure: 'warning' });
    const batch = await bench.scheduler.start(tinyPlan({ experiments: [{}] }));
    expect(bench.experiment(batch, 0).state).toMatchObject({ kind: 'waiting', resource: 'pressure' });
    bench.machine.set({ pressure: 'normal' });
    await bench.scheduler.idle();
    expect(bench.experiment(batch, 0).state.kind).toBe('succeeded');
  });

  it('stops the newest run at a checkpoint when memory runs out, and lowers the worker count', async () => {
    const slow = { steps: 25, pause: 0.05 };
    const batch = await bench.scheduler.start(tinyPlan({ experiments: [slow, slow], workers: 2 }));
    await bench.until(batch, 0, ['running']);
    await bench.until(batch, 1, ['running']);
    const folders = bench.store
      .runs(batch)
      .map((run) => join(bench.workspace, run.folder, 'checkpoint', 'latest.json'));
    await vi.waitFor(() => expect(folders.map((path) => existsSync(path))).toEqual([true, true]), {
      timeout: 30_000,
    });
    bench.machine.set({ pressure: 'critical' });
    await vi.waitFor(() => expect(bench.store.batch(batch)?.counts.live).toBe(1), { timeout: 30_000 });
    expect(bench.store.batch(batch)?.workers).toBe(1);
    expect(bench.notices.join('\n')).toContain(
      'stops at a checkpoint and is queued again: memory pressure is critical',
    );
    bench.machine.set({ pressure: 'normal' });
    await bench.scheduler.idle();
    expect(bench.store.batch(batch)?.counts.succeeded).toBe(2);
    expect(bench.store.runs(batch)).toHaveLength(3);
  });

  it('counts swap that grows fast like critical pressure', async () => {
    const slow = { steps: 12, pause: 0.05 };
    const batch = await bench.scheduler.start(tinyPlan({ experiments: [slow, slow], workers: 2 }));
    await bench.until(batch, 1, ['running']);
    bench.machine.set({ swapUsedBytes: GIB });
    bench.machine.set({ swapUsedBytes: 4 * GIB });
    await bench.scheduler.idle();
    expect(bench.notices.join('\n')).toContain('swap grew 3 GB in 30 s');
  });

  it('falls back to one at a time after repeated failures for want of memory', async () => {
    const failing = { behaviour: 'out-of-memory' as const, pause: 0.15 };
    const batch = await bench.scheduler.start(
      tinyPlan({ experiments: [failing, failing, { steps: 8, pause: 0.1 }], workers: 3 }),
    );
    await bench.scheduler.idle();
    expect(bench.store.batch(batch)?.workers).toBe(1);
    expect(bench.notices.join('\n')).toContain(
      'goes on with one run at a time: 2 runs ran out of memory or were killed from outside',
    );
    const attempts = bench.store.runs(batch).filter((run) => run.index === 0);
    expect(attempts).toHaveLength(2);
  });

  it('waits for disk below the floor', async () => {
    bench.machine.set({ freeDiskBytes: GIB / 2 });
    const batch = await bench.scheduler.start(tinyPlan({ experiments: [{}] }));
    expect(bench.experiment(batch, 0).state).toMatchObject({
      resource: 'disk',
      sentence: 'Waits for disk: 0.5 GB free, needs 1.0 GB.',
    });
    bench.machine.set({ freeDiskBytes: 50 * GIB });
    await bench.scheduler.idle();
  });
});
