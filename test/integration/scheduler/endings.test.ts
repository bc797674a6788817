import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startToken } from '../../../src/main/platform/process-identity.ts';
import type { ExperimentState } from '../../../src/shared/model/run.ts';
import { tinyPlan } from '../../support/plans.ts';
import { type Bench, openBench } from '../../support/scheduler-bench.ts';
import type { BehaviourParameters } from '../../support/behaviour-workload.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

/** Runs one experiment to its end. */
async function run(
  parameters: BehaviourParameters,
  more: { timeoutSeconds?: number; retries?: number } = {},
): Promise<{ state: ExperimentState; folder: string; batch: string }> {
  const batch = await bench.scheduler.start(tinyPlan({ experiments: [parameters], ...more }));
  await bench.scheduler.idle();
  return { state: bench.experiment(batch, 0).state, folder: folderOf(batch), batch };
}

function folderOf(batch: string): string {
  const record = bench.store.runs(batch).at(-1);
  return join(bench.workspace, record?.folder ?? '');
}

function failure(state: ExperimentState): { kind: string; sentence: string } {
  if (state.kind !== 'failed') throw new Error(`The state is ${state.kind}, not failed.`);
  return { kind: state.reason.kind, sentence: state.reason.sentence };
}

describe('how a run ends', () => {
  it('says which error the program raised', async () => {
    const { state } = await run({ behaviour: 'fail' });
    expect(failure(state)).toEqual({
      kind: 'script-error',
      sentence:
        'The program ended with exit code 1: ValueError: the tiny failure. See its output, then retry.',
    });
  });

  it('knows a lack of memory from the text of the error', async () => {
    expect(failure((await run({ behaviour: 'out-of-memory' })).state).kind).toBe('out-of-memory');
  });

  it('names a module that is missing', async () => {
    expect(failure((await run({ behaviour: 'missing-module' })).state).sentence).toContain(
      '"a_module_that_is_missing" is missing',
    );
  });

  it('does not call an end without a result a success', async () => {
    expect(failure((await run({ behaviour: 'no-result' })).state).kind).toBe('no-result');
  });

  it('never counts the result of a run that failed afterwards', async () => {
    const { state, folder, batch } = await run({ behaviour: 'result-then-fail' });
    expect(existsSync(join(folder, 'result.json'))).toBe(true);
    expect(failure(state).kind).toBe('script-error');
    expect(bench.store.findResults([bench.experiment(batch, 0).identity]).size).toBe(0);
  });

  it('shows a partial result without counting it as done, and tries again where that was asked for', async () => {
    const { state, batch } = await run({ behaviour: 'partial', steps: 2 }, { retries: 1 });
    expect(state).toMatchObject({ kind: 'partial', sentence: 'One of two seeds diverged.' });
    const { identity, summary, attempt } = bench.experiment(batch, 0);
    expect([summary, attempt]).toEqual([{ steps: 2 }, 2]);
    expect(bench.store.findResults([identity]).size).toBe(0);
    expect(bench.store.batch(batch)?.counts).toMatchObject({ succeeded: 0, failed: 1 });
    bench.store.reindex();
    expect(bench.experiment(batch, 0)).toMatchObject({ state, summary });
  });

  it('takes a logout, which ends the supervisor unasked, for an interruption', async () => {
    const batch = await bench.scheduler.start(tinyPlan({ experiments: [{ steps: 400, pause: 0.05 }] }));
    await vi.waitFor(() => expect(bench.experiment(batch, 0).live?.progress?.done).toBeGreaterThan(1), {
      timeout: 30_000,
    });
    const status = JSON.parse(readFileSync(join(folderOf(batch), 'status.json'), 'utf8')) as {
      supervisor: { pid: number };
    };
    process.kill(status.supervisor.pid, 'SIGTERM');
    await bench.scheduler.idle();
    const { state } = bench.experiment(batch, 0);
    expect(state).toMatchObject({ kind: 'interrupted', sentence: expect.stringContaining('logout') });
    expect(bench.store.batch(batch)?.state.kind).toBe('interrupted');
    bench.store.reindex();
    expect(bench.experiment(batch, 0).state).toEqual(state);
  });

  it('tells a kill from outside apart from an error', async () => {
    const { state, folder } = await run({ behaviour: 'kill-itself' });
    expect(failure(state)).toMatchObject({ kind: 'killed-unknown' });
    expect(existsSync(join(folder, 'diagnosis.json'))).toBe(true);
  });

  it('ends a run at its time limit', async () => {
    const { state } = await run({ behaviour: 'hang' }, { timeoutSeconds: 0.3 });
    expect(state).toMatchObject({ kind: 'timed-out', limitSeconds: 0.3 });
  });

  it('ends the children that a run left behind', async () => {
    const { state, folder } = await run({ behaviour: 'fork-and-die' });
    expect(failure(state)).toMatchObject({
      kind: 'script-error',
      sentence: expect.stringContaining('exit code 7'),
    });
    const child = Number(readFileSync(join(folder, 'child.pid'), 'utf8'));
    await vi.waitFor(() => expect(startToken(child)).toBeNull(), { timeout: 15_000 });
  });

  it('keeps all of a flood of output', async () => {
    const { state, folder } = await run({ behaviour: 'print', lines: 200_000 });
    expect(state.kind).toBe('succeeded');
    // The terminal turns \n into \r\n: 101 bytes a line.
    expect(statSync(join(folder, 'output.log')).size).toBeGreaterThanOrEqual(200_000 * 101);
  });

  it('carries a metric that is not a number', async () => {
    const { state, batch } = await run({ behaviour: 'nan', steps: 8, pause: 0.05 });
    expect(state.kind).toBe('succeeded');
    const seen =
      bench.store.changes.since(0) ?? bench.store.changes.since(bench.store.changes.seq - 40) ?? [];
    const metrics = seen
      .flatMap((set) => set.changes)
      .flatMap((change) =>
        change.kind === 'experiment' && change.value.batch === batch ? [change.value.live?.metric] : [],
      );
    expect(metrics).toContain('NaN');
  });

  it('records rows and makes the result findable', async () => {
    const { batch } = await run({ steps: 4 });
    const { identity } = bench.experiment(batch, 0);
    const result = bench.store.findResults([identity]).get(identity);
    expect(result).toMatchObject({ workload: 'tiny', batch, index: 0, attempt: 1 });
    expect(result && bench.store.rows(result)).toHaveLength(4);
  });

  it('says so when the interpreter cannot be executed', async () => {
    await bench.reopen({ python: async () => '/nowhere/python' });
    const { state } = await run({});
    await bench.reopen();
    expect(failure(state)).toMatchObject({
      kind: 'start-failed',
      sentence: expect.stringContaining('/nowhere/python'),
    });
  });

  it('survives the removal of the run folder', async () => {
    const batch = await bench.scheduler.start(tinyPlan({ experiments: [{ behaviour: 'hang' }] }));
    await bench.until(batch, 0, ['running']);
    rmSync(folderOf(batch), { recursive: true });
    await bench.scheduler.idle();
    expect(failure(bench.experiment(batch, 0).state).kind).toBe('folder-missing');
  });

  it('notices that the supervisor was killed, and ends the orphan', async () => {
    const batch = await bench.scheduler.start(tinyPlan({ experiments: [{ behaviour: 'hang' }] }));
    await bench.until(batch, 0, ['running']);
    const status: unknown = JSON.parse(readFileSync(join(folderOf(batch), 'status.json'), 'utf8'));
    const { supervisor, process: training } = status as {
      supervisor: { pid: number };
      process: { pid: number };
    };
    process.kill(supervisor.pid, 'SIGKILL');
    await bench.scheduler.idle();
    expect(failure(bench.experiment(batch, 0).state).kind).toBe('supervisor-lost');
    await vi.waitFor(() => expect(startToken(training.pid)).toBeNull());
  });
});
