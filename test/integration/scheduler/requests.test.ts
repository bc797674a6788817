import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { tinyPlan } from '../../support/plans.ts';
import { type Bench, openBench } from '../../support/scheduler-bench.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

function kinds(batch: string): string[] {
  return bench.store.experiments(batch).map(({ state }) => state.kind);
}

async function liveCount(batch: string, count: number): Promise<void> {
  await vi.waitFor(() => expect(bench.store.batch(batch)?.counts.live).toBe(count), {
    timeout: 30_000,
    interval: 10,
  });
}

/** Waits until the run has written a checkpoint. */
async function checkpointed(batch: string, index: number): Promise<void> {
  const run = bench.store.runs(batch).find((one) => one.index === index);
  const file = join(bench.workspace, run?.folder ?? '', 'checkpoint', 'latest.json');
  await vi.waitFor(() => expect(existsSync(file)).toBe(true), { timeout: 30_000, interval: 10 });
}

/** Waits until the run has made itself deaf to an interrupt. */
async function isDeaf(batch: string, index: number): Promise<void> {
  const run = bench.store.runs(batch).find((one) => one.index === index);
  const log = join(bench.workspace, run?.folder ?? '', 'output.log');
  await vi.waitFor(() => expect(readFileSync(log, 'utf8')).toContain('deaf'), {
    timeout: 30_000,
    interval: 10,
  });
}

describe('requests', () => {
  it('pauses in place and goes on', async () => {
    const batch = await bench.scheduler.start(
      tinyPlan({ experiments: [{ steps: 20, pause: 0.05 }, {}], workers: 1 }),
    );
    await bench.until(batch, 0, ['running']);
    await bench.scheduler.pause(batch);
    await bench.until(batch, 0, ['paused']);
    expect(bench.store.batch(batch)?.state).toEqual({ kind: 'paused' });
    expect(kinds(batch)[1]).toBe('queued');
    await bench.scheduler.resume(batch);
    await bench.scheduler.idle();
    expect(kinds(batch)).toEqual(['succeeded', 'succeeded']);
    expect(bench.store.runs(batch)).toHaveLength(2);
  });

  it('stops at a checkpoint and resumes from there to the same result', async () => {
    const slow = { steps: 12, pause: 0.06 };
    const batch = await bench.scheduler.start(tinyPlan({ experiments: [slow, slow], workers: 1 }));
    await bench.until(batch, 0, ['running']);
    await checkpointed(batch, 0);
    await bench.scheduler.stop(batch, 'checkpoint');
    await bench.scheduler.idle();
    expect(kinds(batch)).toEqual(['interrupted', 'queued']);
    expect(bench.store.batch(batch)?.state).toMatchObject({
      kind: 'interrupted',
      sentence: expect.stringContaining('Stopped as asked'),
    });
    await bench.scheduler.resume(batch);
    await bench.scheduler.idle();
    expect(kinds(batch)).toEqual(['succeeded', 'succeeded']);
    const second = bench.store.runs(batch).find((run) => run.index === 0 && run.attempt === 2);
    expect(readFileSync(join(bench.workspace, second?.folder ?? '', 'output.log'), 'utf8')).toMatch(
      /resumed at [1-9]/,
    );

    const undisturbed = await bench.scheduler.start(tinyPlan({ experiments: [slow], workers: 1 }));
    await bench.scheduler.idle();
    expect(bench.experiment(batch, 0).summary).toEqual(bench.experiment(undisturbed, 0).summary);
  });

  it('cancels one experiment that runs and one that waits', async () => {
    const batch = await bench.scheduler.start(
      tinyPlan({ experiments: [{ behaviour: 'ignore-sigint' }, {}, {}], workers: 1 }),
    );
    await bench.until(batch, 0, ['running']);
    await bench.scheduler.cancel(batch, [0, 1]);
    await bench.scheduler.idle();
    expect(kinds(batch)).toEqual(['cancelled', 'cancelled', 'succeeded']);
    expect(bench.store.batch(batch)?.state.kind).toBe('finished');
    expect(await bench.scheduler.retry(batch, [1])).toBe(1);
    await bench.scheduler.idle();
    expect(kinds(batch)).toEqual(['cancelled', 'succeeded', 'succeeded']);
  });

  it('ends a deaf run of a batch that is cancelled', async () => {
    const batch = await bench.scheduler.start(
      tinyPlan({ experiments: [{ behaviour: 'ignore-sigint' }, {}], workers: 1 }),
    );
    await isDeaf(batch, 0);
    await bench.scheduler.stop(batch, 'checkpoint');
    await bench.scheduler.stop(batch, 'cancel');
    await bench.scheduler.idle();
    expect(kinds(batch)).toEqual(['cancelled', 'queued']);
    expect(bench.store.batch(batch)?.state).toMatchObject({ kind: 'interrupted' });
  });

  it('retries by itself as often as asked, and keeps the older attempt', async () => {
    const marker = join(bench.workspace, 'failed-once');
    const batch = await bench.scheduler.start(
      tinyPlan({ experiments: [{ behaviour: 'fail-once', marker }, { behaviour: 'fail' }], retries: 1 }),
    );
    await bench.scheduler.idle();
    expect(kinds(batch)).toEqual(['succeeded', 'failed']);
    expect(bench.store.runs(batch).map(({ index, attempt }) => [index, attempt])).toEqual([
      [0, 1],
      [0, 2],
      [1, 1],
      [1, 2],
    ]);
  });

  it('takes a new worker count at once, and ends nothing when it is lowered', async () => {
    const slow = { steps: 10, pause: 0.06 };
    const batch = await bench.scheduler.start(
      tinyPlan({ experiments: [slow, slow, slow, slow], workers: 1 }),
    );
    await bench.until(batch, 0, ['running']);
    await bench.scheduler.setWorkers(batch, 3);
    await liveCount(batch, 3);
    await bench.scheduler.setWorkers(batch, 1);
    expect(bench.store.batch(batch)).toMatchObject({ workers: 1, counts: { live: 3 } });
    await bench.scheduler.idle();
    expect(kinds(batch)).toEqual(['succeeded', 'succeeded', 'succeeded', 'succeeded']);
    expect(bench.store.runs(batch)).toHaveLength(4);
  });

  it('postpones, releases, and refuses what makes no sense', async () => {
    const batch = await bench.scheduler.start(
      tinyPlan({ experiments: [{ steps: 6, pause: 0.05 }, {}], workers: 1 }),
    );
    await bench.scheduler.postpone(batch, [1], 'not today');
    await expect(bench.scheduler.postpone(batch, [0], 'too late')).rejects.toMatchObject({
      code: 'not-possible-now',
    });
    await expect(bench.scheduler.cancel(batch, [9])).rejects.toMatchObject({ code: 'not-found' });
    await bench.scheduler.idle();
    expect(bench.experiment(batch, 1).state).toEqual({ kind: 'postponed', sentence: 'not today' });
    expect(bench.store.batch(batch)?.state.kind).toBe('finished');
    await bench.scheduler.release(batch, [1]);
    await bench.scheduler.idle();
    expect(kinds(batch)).toEqual(['succeeded', 'succeeded']);
  });

  it('runs phases in order and says what the later one waits for', async () => {
    const plan = tinyPlan({
      experiments: [{ phase: 'one', steps: 8, pause: 0.05 }, { phase: 'two' }],
      workers: 2,
    });
    const batch = await bench.scheduler.start(plan);
    expect(bench.experiment(batch, 1).state).toEqual({
      kind: 'waiting',
      resource: 'phase',
      sentence: 'Waits until the phase "one" is done.',
    });
    await bench.scheduler.idle();
    expect(kinds(batch)).toEqual(['succeeded', 'succeeded']);
  });

  it('finishes at once when everything is skipped', async () => {
    const batch = await bench.scheduler.start(tinyPlan({ experiments: [{ action: 'skip' }] }));
    await bench.scheduler.idle();
    expect(bench.store.batch(batch)).toMatchObject({ state: { kind: 'finished' }, counts: { skipped: 1 } });
  });

  it('moves a removed batch to the trash, but not one that runs', async () => {
    const batch = await bench.scheduler.start(tinyPlan({ experiments: [{ steps: 4, pause: 0.05 }] }));
    await expect(bench.scheduler.remove(batch)).rejects.toMatchObject({ code: 'not-possible-now' });
    await bench.scheduler.idle();
    await bench.scheduler.remove(batch);
    expect(bench.store.batch(batch)).toBeNull();
    expect(existsSync(join(bench.workspace, 'trash', batch, 'batch.json'))).toBe(true);
  });
});
