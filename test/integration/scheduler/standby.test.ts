import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { tinyPlan } from '../../support/plans.ts';
import { type Bench, openBench } from '../../support/scheduler-bench.ts';

/** The goal for a real machine is 50 ms; a busy test machine gets some more. */
const STARTUP_LIMIT_SECONDS = 0.15;

let bench: Bench;
beforeAll(async () => {
  bench = await openBench({ standby: true, requires: ['json'] });
});
afterAll(() => bench.close());

function standbyFolders(): string[] {
  const root = join(bench.workspace, '.minibatch', 'standby');
  return existsSync(root) ? readdirSync(root) : [];
}

async function oneIsReady(): Promise<number> {
  const ready = (): string[] =>
    standbyFolders().map((name) => join(bench.workspace, '.minibatch', 'standby', name, 'ready.json'));
  await vi.waitFor(() => expect(ready().some((path) => existsSync(path))).toBe(true), {
    timeout: 30_000,
    interval: 10,
  });
  const path = ready().find((one) => existsSync(one)) ?? '';
  return (JSON.parse(readFileSync(path, 'utf8')) as { pid: number }).pid;
}

describe('a worker started ahead of need', () => {
  it('begins the next run within milliseconds and is used once', async () => {
    const batch = await bench.scheduler.start(
      tinyPlan({ experiments: [{ steps: 10, pause: 0.08 }, {}], workers: 1 }),
    );
    await oneIsReady();
    await bench.scheduler.idle();
    const runs = bench.store.runs(batch);
    expect(runs.map(({ standby }) => standby)).toEqual([false, true]);
    expect(runs[1]?.startupSeconds).toBeLessThan(STARTUP_LIMIT_SECONDS);
    expect(bench.store.experiments(batch).map(({ state }) => state.kind)).toEqual(['succeeded', 'succeeded']);
    await vi.waitFor(() => expect(standbyFolders()).toEqual([]));
  });

  it('is replaced by a cold start when it has died', async () => {
    const batch = await bench.scheduler.start(
      tinyPlan({ experiments: [{ steps: 10, pause: 0.08 }, {}], workers: 1 }),
    );
    process.kill(await oneIsReady(), 'SIGKILL');
    await bench.scheduler.idle();
    expect(bench.store.experiments(batch).map(({ state, attempt }) => [state.kind, attempt])).toEqual([
      ['succeeded', 1],
      ['succeeded', 1],
    ]);
  });

  it('is not kept once nothing is queued', async () => {
    const batch = await bench.scheduler.start(
      tinyPlan({ experiments: [{ steps: 10, pause: 0.08 }, {}], workers: 1 }),
    );
    await oneIsReady();
    await bench.scheduler.cancel(batch, [1]);
    await vi.waitFor(() => expect(standbyFolders()).toEqual([]));
    await bench.scheduler.idle();
  });
});
