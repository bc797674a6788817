import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startToken } from '../../../src/main/platform/process-identity.ts';
import { killOrphan } from '../../../src/main/worker/supervisor-signal.ts';
import type { Plan } from '../../../src/shared/model/plan.ts';
import { tinyPlan } from '../../support/plans.ts';
import { openBench } from '../../support/scheduler-bench.ts';

const HOST = resolve(import.meta.dirname, '../../support/scheduler-host.ts');

let workspace: string;
let host: ChildProcess | null = null;
beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'minibatch-adopt-'));
});
afterEach(() => {
  host?.kill('SIGKILL');
  rmSync(workspace, { recursive: true, force: true });
});

/** Starts an app of its own on the workspace; resolves with the id of the batch it started. */
async function startHost(plan: Plan, ...flags: string[]): Promise<string> {
  const child = spawn(
    process.execPath,
    [HOST, '--workspace', workspace, '--plan', JSON.stringify(plan), ...flags],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  host = child;
  return await new Promise((done) =>
    child.stdout.once('data', (text: Buffer) => done(text.toString().trim())),
  );
}

async function killHost(): Promise<void> {
  const gone = new Promise((done) => host?.once('exit', done));
  host?.kill('SIGKILL');
  await gone;
  host = null;
}

interface Status {
  readonly state: string;
  readonly supervisor: { pid: number; start: string };
  readonly process: { pid: number; start: string };
}

function statusOf(batch: string, index: number, attempt = 1): Status | null {
  const path = join(
    workspace,
    'batches',
    batch,
    'runs',
    `${index}-tiny-${index}`,
    `attempt-${attempt}`,
    'status.json',
  );
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Status) : null;
}

async function running(batch: string, index: number): Promise<Status> {
  await vi.waitFor(() => expect(statusOf(batch, index)?.state).toBe('running'), {
    timeout: 30_000,
    interval: 10,
  });
  const status = statusOf(batch, index);
  if (!status) throw new Error('The status has gone again.');
  return status;
}

describe('after the app was killed', () => {
  it('adopts what still runs, and goes on with the batch', async () => {
    const plan = tinyPlan({ experiments: [{}, { steps: 15, pause: 0.1 }, {}], workers: 1 });
    const batch = await startHost(plan);
    const { supervisor } = await running(batch, 1);
    await killHost();
    expect(startToken(supervisor.pid)).toBe(supervisor.start);

    const bench = await openBench({ workspace });
    expect(bench.store.batch(batch)?.state).toEqual({ kind: 'running' });
    await bench.scheduler.idle();
    expect(bench.store.experiments(batch).map(({ state }) => state.kind)).toEqual([
      'succeeded',
      'succeeded',
      'succeeded',
    ]);
    expect(bench.store.runs(batch).map(({ attempt }) => attempt)).toEqual([1, 1, 1]);
    await bench.close();
  });

  it('counts what finished while it was away, and leaves the rest interrupted until it is resumed', async () => {
    const batch = await startHost(tinyPlan({ experiments: [{ steps: 6, pause: 0.05 }, {}], workers: 1 }));
    await running(batch, 0);
    await killHost();
    await vi.waitFor(() => expect(statusOf(batch, 0)?.state).toBe('exited'), { timeout: 30_000 });

    const bench = await openBench({ workspace });
    expect(bench.store.experiments(batch).map(({ state }) => state.kind)).toEqual(['succeeded', 'queued']);
    expect(bench.store.batch(batch)?.state).toMatchObject({ kind: 'interrupted' });
    await bench.scheduler.resume(batch);
    await bench.scheduler.idle();
    expect(bench.store.runs(batch)).toHaveLength(2);
    expect(bench.store.batch(batch)?.state).toEqual({ kind: 'finished' });
    await bench.close();
  });

  it('marks a dead run interrupted, and continues from its checkpoint when told to continue batches', async () => {
    const batch = await startHost(tinyPlan({ experiments: [{ steps: 20, pause: 0.1 }], workers: 1 }));
    const status = await running(batch, 0);
    const checkpoint = join(
      workspace,
      'batches',
      batch,
      'runs',
      '0-tiny-0',
      'attempt-1',
      'checkpoint',
      'latest.json',
    );
    await vi.waitFor(() => expect(existsSync(checkpoint)).toBe(true), { timeout: 30_000, interval: 10 });
    await killHost();
    process.kill(status.supervisor.pid, 'SIGKILL');
    killOrphan(status.process);
    await vi.waitFor(() => expect(startToken(status.process.pid)).toBeNull());

    const bench = await openBench({ workspace, continueBatches: true });
    expect(bench.store.runs(batch)[0]?.state).toMatchObject({
      kind: 'interrupted',
      sentence: 'The run ended while the app was away. Resume goes on from its last checkpoint.',
    });
    await bench.scheduler.idle();
    expect(bench.experiment(batch, 0)).toMatchObject({
      state: { kind: 'succeeded' },
      attempt: 2,
      summary: { steps: 20 },
    });
    await bench.close();
  });

  it('does not take a stranger with the same pid for the supervisor', async () => {
    const bench = await openBench({ workspace });
    const batch = await bench.scheduler.start(tinyPlan({ experiments: [{}] }));
    await bench.scheduler.idle();
    const folder = join(workspace, 'batches', batch, 'runs', '0-tiny-0', 'attempt-1');
    const status = {
      ...statusOf(batch, 0),
      state: 'running',
      supervisor: { pid: process.pid, start: 'linux:another-boot:1' },
      endedAt: null,
      exitCode: null,
    };
    writeFileSync(join(folder, 'status.json'), JSON.stringify(status));
    // A whole result would count even without a record of the end.
    rmSync(join(folder, 'result.json'));
    bench.store.reindexBatch(batch);
    expect(bench.experiment(batch, 0).state.kind).toBe('interrupted');
    await bench.close();
  });
});
