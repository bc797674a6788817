import { appendFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startToken } from '../../../src/main/platform/process-identity.ts';
import { readStatusFile } from '../../../src/main/store/run-file.ts';
import type { LiveRun } from '../../../src/main/worker/live-run.ts';
import { signalSupervisor } from '../../../src/main/worker/supervisor-signal.ts';
import { openWorkersBench, type WorkersBench } from '../../support/workers-bench.ts';

let bench: WorkersBench;
beforeEach(() => {
  bench = openWorkersBench();
});
afterEach(() => bench.close());

async function running(live: LiveRun): Promise<void> {
  await vi.waitFor(() => expect(live.status?.state).toBe('running'), { timeout: 30_000, interval: 10 });
}

describe('workers', () => {
  it('tell what a run reports while it lives', async () => {
    const seen = vi.fn();
    const live = bench.workers.start(bench.request({ steps: 3 }, { onChange: seen }));
    expect(await live.ended).toBe('ended');
    live.close();
    expect(seen).toHaveBeenCalled();
    expect(live.progress).toMatchObject({
      phase: 'training',
      progress: { done: 3, total: 3, unit: 'steps' },
    });
    expect(live.progress.metric).toBeCloseTo(1 / 3);
  });

  it('let a run live on when they let go of it, and take it over again', async () => {
    const first = bench.request({ behaviour: 'hang' });
    const live = bench.workers.start(first);
    await running(live);
    const supervisor = live.status?.supervisor;
    live.close();
    expect(startToken(supervisor?.pid ?? 0)).toBe(supervisor?.start);
    bench.reopen();
    const adopted = bench.workers.adopt(first);
    await running(adopted);
    adopted.signal('cancel');
    await adopted.ended;
    adopted.close();
    expect(adopted.status).toMatchObject({ state: 'exited', stopReason: 'cancel' });
  });

  it('keep a signal for a supervisor that is not there yet', async () => {
    const live = bench.workers.start(bench.request({ behaviour: 'hang' }));
    expect(live.status).toBeNull();
    live.signal('cancel');
    await live.ended;
    live.close();
    expect(live.status).toMatchObject({ state: 'exited', stopReason: 'cancel' });
  });

  it('pause and continue in place', async () => {
    const live = bench.workers.start(bench.request({ steps: 5, pause: 0.05 }));
    await running(live);
    live.signal('pause');
    await vi.waitFor(() => expect(live.status?.state).toBe('paused'), { timeout: 15_000, interval: 10 });
    live.signal('continue');
    await live.ended;
    live.close();
    expect(live.status?.exitCode).toBe(0);
  });

  it('read past an event line of 50 MB while the run goes on', async () => {
    const live = bench.workers.start(bench.request({ steps: 6, pause: 0.1 }));
    await vi.waitFor(() => expect(live.progress.progress).not.toBeNull(), { timeout: 30_000, interval: 10 });
    const path = join(live.folder, 'events.jsonl');
    appendFileSync(path, Buffer.concat([Buffer.alloc(50 * 2 ** 20, 'x'), Buffer.from('\n')]));
    await live.ended;
    live.close();
    expect(live.progress.progress?.done).toBe(6);
  });

  it('never signal a process whose start token differs', async () => {
    const live = bench.workers.start(bench.request({ behaviour: 'hang' }));
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
    const broken = bench.request({});
    rmSync(join(bench.workspace, 'workload'), { recursive: true });
    const live = bench.workers.start({ ...broken, file: { ...broken.file, command: ['/nowhere/python'] } });
    await live.ended;
    live.close();
    expect(live.status).toMatchObject({
      stopReason: 'start-failed',
      message: expect.stringContaining('/nowhere/python'),
    });
    expect(readFileSync(join(live.folder, 'run.json'), 'utf8')).toContain('/nowhere/python');
  });

  it('use a worker on standby for a run of its kind only', async () => {
    const plain = bench.request({ steps: 1 });
    const next = { ...plain, kind: { ...plain.kind, requires: ['json'] } };
    bench.workers.prepare([next.kind], true);
    const other = bench.workers.start({
      ...bench.request({ steps: 1 }, { folder: 'other' }),
      kind: { ...next.kind, threads: 2 },
    });
    const warm = bench.workers.start(next);
    expect([other.file.standby, warm.file.standby]).toEqual([false, true]);
    await Promise.all([other.ended, warm.ended]);
    other.close();
    warm.close();
    expect(warm.status).toMatchObject({ exitCode: 0 });
    expect(existsSync(join(warm.folder, 'supervisor.py'))).toBe(true);
  });
});
