import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../../src/main/platform/clock.ts';
import { startToken } from '../../../src/main/platform/process-identity.ts';
import type { ExperimentState } from '../../../src/shared/model/run.ts';
import type { BehaviourParameters } from '../../support/behaviour-workload.ts';
import { tinyPlan } from '../../support/plans.ts';
import { type Bench, openBench } from '../../support/scheduler-bench.ts';

/** What the machine's clock is wrong by, in seconds. */
let error = 0;
let bench: Bench;
beforeAll(async () => {
  bench = await openBench({
    clock: { now: () => systemClock.now() + error, monotonic: () => systemClock.monotonic() },
  });
});
afterAll(() => bench.close());

async function start(parameters: BehaviourParameters): Promise<string> {
  return await bench.scheduler.start(tinyPlan({ experiments: [parameters] }));
}

async function run(parameters: BehaviourParameters): Promise<{ state: ExperimentState; folder: string }> {
  const batch = await start(parameters);
  await bench.scheduler.idle();
  return { state: bench.experiment(batch, 0).state, folder: folderOf(batch) };
}

function folderOf(batch: string): string {
  return join(bench.workspace, bench.store.runs(batch).at(-1)?.folder ?? '');
}

describe('a run', () => {
  it('that prints 200 MB is kept whole and holds nothing up', async () => {
    const { state, folder } = await run({ behaviour: 'flood', lines: 2_000_000 });
    expect(state.kind).toBe('succeeded');
    // The terminal turns \n into \r\n.
    expect(statSync(join(folder, 'output.log')).size).toBe(2_000_000 * 101);
  });

  it('that never prints succeeds, with an empty log that is there', async () => {
    const { state, folder } = await run({});
    expect([state.kind, statSync(join(folder, 'output.log')).size]).toEqual(['succeeded', 0]);
  });

  it('that writes wild events keeps all of its own', async () => {
    const { state, folder } = await run({ behaviour: 'wild-events', steps: 5 });
    expect(state.kind).toBe('succeeded');
    expect(statSync(join(folder, 'events.jsonl')).size).toBeGreaterThan(50 * 2 ** 20);
    expect(bench.notices.at(-1)).toMatch(
      /events\.jsonl has 3 lines that are no events; they were left out\.$/,
    );
  });

  it('that ignores the request to stop is ended all the same, and can go on later', async () => {
    const batch = await start({ behaviour: 'ignore-sigint' });
    await vi.waitFor(
      () => expect(readFileSync(join(folderOf(batch), 'output.log'), 'utf8')).toContain('deaf'),
      {
        timeout: 30_000,
      },
    );
    await bench.scheduler.stop(batch, 'checkpoint');
    await bench.scheduler.idle();
    expect(bench.experiment(batch, 0).state).toMatchObject({
      kind: 'interrupted',
      sentence: 'Stopped as asked, before its first checkpoint. Resume starts it again.',
    });
  });

  it('that forks and dies leaves no process behind', async () => {
    const { state, folder } = await run({ behaviour: 'fork-and-die' });
    expect(state).toMatchObject({
      kind: 'failed',
      reason: { sentence: 'The program ended with exit code 7. See its output, then retry.' },
    });
    const child = Number(readFileSync(join(folder, 'child.pid'), 'utf8'));
    await vi.waitFor(() => expect(startToken(child)).toBeNull(), { timeout: 15_000 });
  });

  it.each([
    ['back by a day', -86_400],
    ['ahead by a year', 31_536_000],
  ])('keeps its times sane while the clock jumps %s', async (_, jump) => {
    const began = systemClock.monotonic();
    const batch = await start({ steps: 6, pause: 0.05 });
    await bench.until(batch, 0, ['running']);
    error = jump;
    await bench.scheduler.idle();
    error = 0;
    const { state } = bench.experiment(batch, 0);
    if (state.kind !== 'succeeded') throw new Error(`The state is ${state.kind}.`);
    const took = systemClock.monotonic() - began;
    expect(state.seconds).toBeGreaterThan(0.25);
    expect(state.seconds).toBeLessThan(took);
    expect(state.endedAt).toBeGreaterThanOrEqual(state.startedAt);
    const { progress } = bench.store.batch(batch) ?? expect.fail('The batch is gone.');
    expect(progress.wallSeconds).toBeLessThan(took);
    expect(progress.remainingSeconds).toBe(0);
    expect(existsSync(join(folderOf(batch), 'result.json'))).toBe(true);
  });
});
