import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../../src/main/platform/clock.ts';
import { startToken } from '../../../src/main/platform/process-identity.ts';
import { spawnPty } from '../../../src/main/platform/pty.ts';
import { type RunFile, readStatusFile } from '../../../src/main/store/run-file.ts';
import { workerEnvironment } from '../../../src/main/worker/environment.ts';
import type { LiveRun } from '../../../src/main/worker/live-run.ts';
import { signalSupervisor } from '../../../src/main/worker/supervisor-signal.ts';
import { createWorkers, type StartRequest, type Workers } from '../../../src/main/worker/workers.ts';
import { type BehaviourParameters, writeBehaviourWorkload } from '../../support/behaviour-workload.ts';
import { type LeakCheck, watchForLeaks } from '../../support/leaks.ts';
import { RESOURCES } from '../../support/scheduler-parts.ts';
import { findPython } from '../../support/system-python.ts';

let workspace: string;
let leaks: LeakCheck;
let workers: Workers;
beforeEach(() => {
  leaks = watchForLeaks();
  workspace = mkdtempSync(join(tmpdir(), 'minibatch-workers-'));
  workers = open();
});
afterEach(async () => {
  workers.close();
  await leaks.expectNone();
  rmSync(workspace, { recursive: true, force: true });
});

function open(): Workers {
  const observe = () => ({ swapGrowthBytes: null, pressure: null });
  return createWorkers({
    workspace,
    resources: RESOURCES,
    clock: systemClock,
    spawn: spawnPty,
    standby: true,
    observe,
  });
}

function request(parameters: BehaviourParameters, onChange = (): void => undefined): StartRequest {
  const workloadFolder = join(workspace, 'workload');
  mkdirSync(workloadFolder, { recursive: true });
  writeBehaviourWorkload(workloadFolder);
  const python = findPython();
  const folder = join(workspace, 'run');
  const environment = workerEnvironment({
    base: process.env,
    python,
    device: 'cpu',
    threads: 1,
    mpsShare: null,
  });
  const file: RunFile = {
    version: 1,
    batch: 'b',
    index: 0,
    attempt: 1,
    name: 'n',
    workload: 'tiny',
    workloadVersion: 1,
    workloadFolder,
    identity: 'a'.repeat(64),
    parameters: { ...parameters },
    seed: 1,
    batchSeed: 1,
    device: 'cpu',
    hostDevice: 'cpu',
    threads: 1,
    command: [python, join(RESOURCES, 'python', 'minibatch', 'worker.py'), folder],
    environment,
    workingFolder: folder,
    cacheFolder: join(workspace, 'cache'),
    resumeFrom: null,
    memoryLimitMb: null,
    timeoutSeconds: null,
    graceSeconds: 1,
    worker: 1,
    standby: false,
    slotFreeAt: null,
  };
  const kind = { python, requires: [], workloadFolder, device: 'cpu', threads: 1, environment };
  return { folder, file, kind, mainMetric: 'loss/train', onChange };
}

async function running(live: LiveRun): Promise<void> {
  await vi.waitFor(() => expect(live.status?.state).toBe('running'), { timeout: 30_000, interval: 10 });
}

describe('workers', () => {
  it('tell what a run reports while it lives', async () => {
    const seen = vi.fn();
    const live = workers.start(request({ steps: 3 }, seen));
    expect(await live.ended).toBe('ended');
    live.close();
    expect(seen).toHaveBeenCalled();
    expect(live.progress).toMatchObject({
      phase: 'training',
      progress: { done: 3, total: 3, unit: 'steps' },
    });
    expect(live.progress.metric).toBeCloseTo(1 / 3);
    expect(existsSync(join(live.folder, 'supervisor.py'))).toBe(true);
  });

  it('let a run live on when they let go of it, and take it over again', async () => {
    const first = request({ behaviour: 'hang' });
    const live = workers.start(first);
    await running(live);
    const supervisor = live.status?.supervisor;
    live.close();
    workers.close();
    expect(startToken(supervisor?.pid ?? 0)).toBe(supervisor?.start);
    workers = open();
    const adopted = workers.adopt(first);
    await running(adopted);
    adopted.signal('cancel');
    await adopted.ended;
    adopted.close();
    expect(adopted.status).toMatchObject({ state: 'exited', stopReason: 'cancel' });
  });

  it('keep a signal for a supervisor that is not there yet', async () => {
    const live = workers.start(request({ behaviour: 'hang' }));
    expect(live.status).toBeNull();
    live.signal('cancel');
    await live.ended;
    live.close();
    expect(live.status).toMatchObject({ state: 'exited', stopReason: 'cancel' });
  });

  it('pause and continue in place', async () => {
    const live = workers.start(request({ steps: 5, pause: 0.05 }));
    await running(live);
    live.signal('pause');
    await vi.waitFor(() => expect(live.status?.state).toBe('paused'), { timeout: 15_000, interval: 10 });
    live.signal('continue');
    await live.ended;
    live.close();
    expect(live.status?.exitCode).toBe(0);
  });

  it('read past an event line of 50 MB while the run goes on', async () => {
    const live = workers.start(request({ steps: 6, pause: 0.1 }));
    await vi.waitFor(() => expect(live.progress.progress).not.toBeNull(), { timeout: 30_000, interval: 10 });
    const path = join(live.folder, 'events.jsonl');
    appendFileSync(path, Buffer.concat([Buffer.alloc(50 * 2 ** 20, 'x'), Buffer.from('\n')]));
    await live.ended;
    live.close();
    expect(live.progress.progress?.done).toBe(6);
  });

  it('never signal a process whose start token differs', async () => {
    const live = workers.start(request({ behaviour: 'hang' }));
    await running(live);
    const pid = live.status?.supervisor.pid ?? 0;
    expect(signalSupervisor({ pid, start: 'linux:another-boot:1' }, 'cancel')).toBe(false);
    expect(signalSupervisor({ pid, start: null }, 'cancel')).toBe(false);
    const status = readStatusFile(live.folder);
    expect(status.kind === 'ok' && status.value.stopReason).toBeNull();
    live.signal('cancel');
    await live.ended;
    live.close();
  });

  it('say in the status what a supervisor that cannot start said', async () => {
    const broken = request({});
    rmSync(join(workspace, 'workload'), { recursive: true });
    const live = workers.start({ ...broken, file: { ...broken.file, command: ['/nowhere/python'] } });
    await live.ended;
    live.close();
    expect(live.status).toMatchObject({
      stopReason: 'start-failed',
      message: expect.stringContaining('/nowhere/python'),
    });
    expect(readFileSync(join(live.folder, 'run.json'), 'utf8')).toContain('/nowhere/python');
  });

  it('use a worker on standby for a run of its kind only', async () => {
    const next = request({ steps: 1 });
    workers.prepare([next.kind], true);
    const other = workers.start({
      ...next,
      folder: join(workspace, 'other'),
      kind: { ...next.kind, threads: 2 },
    });
    const warm = workers.start(next);
    expect([other.file.standby, warm.file.standby]).toEqual([false, true]);
    await Promise.all([other.ended, warm.ended]);
    other.close();
    warm.close();
    expect(warm.status).toMatchObject({ exitCode: 0 });
  });
});
