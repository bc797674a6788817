import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readJournal } from '../../../src/main/store/batch-file.ts';
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

describe('a batch that stops at the first failure', () => {
  it('lets what runs finish, rests with the reason, and goes on when resumed', async () => {
    const slow = { steps: 12, pause: 0.06 };
    const batch = await bench.scheduler.start(
      tinyPlan({ experiments: [slow, { behaviour: 'fail' }, {}, {}], workers: 2, failFast: true }),
    );
    await bench.until(batch, 1, ['failed']);
    await vi.waitFor(() =>
      expect(bench.store.batch(batch)?.state).toMatchObject({
        kind: 'stopping',
        sentence: expect.stringContaining('tiny 1 failed'),
      }),
    );
    await bench.scheduler.idle();
    expect(kinds(batch)).toEqual(['succeeded', 'failed', 'queued', 'queued']);
    const rests = bench.store.batch(batch)?.state;
    expect(rests).toMatchObject({ kind: 'interrupted', cause: 'failure' });
    // What the folders say is what was recorded, and a new start of the app does not go on by itself.
    bench.store.reindexBatch(batch);
    expect(bench.store.batch(batch)?.state).toEqual(rests);
    await bench.reopen({ continueBatches: true });
    expect(kinds(batch)).toEqual(['succeeded', 'failed', 'queued', 'queued']);

    await bench.scheduler.resume(batch);
    await bench.scheduler.idle();
    expect(kinds(batch)).toEqual(['succeeded', 'failed', 'succeeded', 'succeeded']);
    expect(bench.store.batch(batch)?.state).toEqual({ kind: 'finished' });
  });

  it('goes on after a failure that a retry mends, and is finished where nothing was left', async () => {
    const marker = join(bench.workspace, 'mended');
    const experiments = [{ behaviour: 'fail-once', marker } as const, { behaviour: 'fail' } as const];
    const batch = await bench.scheduler.start(
      tinyPlan({ experiments, workers: 1, retries: 1, failFast: true }),
    );
    await bench.scheduler.idle();
    expect(kinds(batch)).toEqual(['succeeded', 'failed']);
    expect(bench.store.batch(batch)?.state).toEqual({ kind: 'finished' });
  });
});

describe('a delay before retries', () => {
  it('is waited for, doubled, and told with its end', async () => {
    const marker = join(bench.workspace, 'unused', 'never');
    const batch = await bench.scheduler.start(
      tinyPlan({
        experiments: [{ behaviour: 'fail-once', marker }, {}],
        workers: 1,
        retries: 2,
        retryDelaySeconds: 0.4,
      }),
    );
    // The marker cannot be made without its folder, so that this attempt and the next both fail.
    const waits = await bench.until(batch, 0, ['waiting']);
    expect(waits.state).toMatchObject({
      resource: 'retry',
      sentence: expect.stringMatching(/^Failed; waits until \d\d:\d\d:\d\d before it is tried again\.$/),
    });
    // The next in the order does not wait with it.
    await bench.until(batch, 1, ['succeeded']);
    await turnUntil(() => bench.store.runs(batch).filter((run) => run.index === 0).length === 2);
    await turnUntil(() => bench.experiment(batch, 0).state.kind === 'waiting');
    mkdirSync(join(bench.workspace, 'unused'));
    writeFileSync(marker, '');
    await turnUntil(() => bench.experiment(batch, 0).state.kind === 'succeeded');

    const runs = bench.store.runs(batch).filter((run) => run.index === 0);
    const gaps = runs.slice(1).map((run, at) => run.startedAt - (runs[at]?.endedAt ?? 0));
    expect(gaps[0]).toBeGreaterThanOrEqual(0.4);
    expect(gaps[1]).toBeGreaterThanOrEqual(0.8);
    const { journal } = readJournal(join(bench.workspace, 'batches', batch));
    const delays = journal.flatMap((entry) =>
      entry.kind === 'again' && entry.notBefore !== undefined ? [entry.notBefore - entry.t] : [],
    );
    expect(delays.map((delay) => delay.toFixed(1))).toEqual(['0.4', '0.8']);
    expect(existsSync(marker)).toBe(true);
  });

  it('ends when a person says that the batch shall go on', async () => {
    const batch = await bench.scheduler.start(
      tinyPlan({ experiments: [{ behaviour: 'fail' }], retries: 1, retryDelaySeconds: 600 }),
    );
    await bench.until(batch, 0, ['waiting']);
    await bench.scheduler.stop(batch, 'cancel');
    await bench.scheduler.idle();
    expect(kinds(batch)).toEqual(['queued']);
    await bench.scheduler.resume(batch);
    await bench.scheduler.idle();
    expect(kinds(batch)).toEqual(['failed']);
    expect(bench.store.runs(batch)).toHaveLength(2);
  });
});

/** Turns the scheduler, as the samples of the machine do, until something is so. */
async function turnUntil(test: () => boolean): Promise<void> {
  await vi.waitFor(
    () => {
      bench.machine.set({});
      expect(test()).toBe(true);
    },
    { timeout: 15_000, interval: 20 },
  );
}
