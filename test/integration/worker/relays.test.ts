import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isAlive } from '../../../src/main/platform/process-identity.ts';
import type { LiveRun } from '../../../src/main/worker/live-run.ts';
import type { StartRequest } from '../../../src/main/worker/workers.ts';
import { openWorkersBench, type WorkersBench } from '../../support/workers-bench.ts';

let bench: WorkersBench;
beforeEach(() => {
  bench = openWorkersBench();
});
afterEach(() => bench.close());

/** The kind asks for no imports, so that its runs are forked by relays. */
function request(
  name: string,
  parameters: Parameters<WorkersBench['request']>[0] = { steps: 1 },
): StartRequest {
  return bench.request(parameters, { folder: name });
}

async function ended(live: LiveRun): Promise<LiveRun> {
  await live.ended;
  live.close();
  return live;
}

const supervisorOf = (live: LiveRun): number => live.status?.supervisor.pid ?? 0;

async function running(live: LiveRun): Promise<void> {
  await vi.waitFor(() => expect(live.status?.state).toBe('running'), { timeout: 30_000, interval: 10 });
}

describe('runs of a workload that imports nothing', () => {
  it('are taken by one supervisor, one after the other', async () => {
    const first = await ended(bench.workers.start(request('first')));
    const second = await ended(bench.workers.start(request('second')));
    expect([first, second].map((live) => live.status?.exitCode)).toEqual([0, 0]);
    expect(supervisorOf(second)).toBe(supervisorOf(first));
    expect(second.status?.process?.pid).not.toBe(first.status?.process?.pid);
    expect([first.file.standby, second.file.standby]).toEqual([false, true]);
  });

  it('have one each when they live at the same time', async () => {
    const both = ['a', 'b'].map((name) => bench.workers.start(request(name)));
    await Promise.all(both.map(ended));
    expect(new Set(both.map(supervisorOf)).size).toBe(2);
  });

  it('start anew when the waiting supervisor was killed', async () => {
    const first = await ended(bench.workers.start(request('first')));
    process.kill(supervisorOf(first), 'SIGKILL');
    const second = await ended(bench.workers.start(request('second')));
    expect(second.status?.exitCode).toBe(0);
    expect(supervisorOf(second)).not.toBe(supervisorOf(first));
  });

  it('are ended and recorded when their supervisor is killed, and the next one starts anew', async () => {
    const live = bench.workers.start(request('first', { behaviour: 'hang' }));
    await running(live);
    const pid = live.status?.process?.pid ?? 0;
    process.kill(supervisorOf(live), 'SIGKILL');
    await ended(live);
    expect(isAlive(pid, live.status?.process?.start ?? '')).toBe(false);
    expect(readFileSync(join(live.folder, 'diagnosis.json'), 'utf8')).toContain('"supervisorLost":true');
    expect((await ended(bench.workers.start(request('second')))).status?.exitCode).toBe(0);
  });

  it('live on when they are let go of, and can be typed into and stopped by whoever adopts them', async () => {
    const first = request('first', { behaviour: 'ask' });
    const live = bench.workers.start(first);
    await running(live);
    live.close();
    bench.reopen();
    const adopted = bench.workers.adopt(first);
    await running(adopted);
    expect(adopted.type('good evening\n')).toBe(true);
    await ended(adopted);
    expect(adopted.status?.exitCode).toBe(0);
    expect(readFileSync(join(first.folder, 'output.log'), 'utf8')).toContain('heard good evening');
  });

  it('leave no supervisor waiting that nobody needs', async () => {
    const live = await ended(bench.workers.start(request('first')));
    const { pid, start } = live.status?.supervisor ?? { pid: 0, start: '' };
    expect(isAlive(pid, start ?? '')).toBe(true);
    bench.workers.prepare([], true);
    await vi.waitFor(() => expect(isAlive(pid, start ?? '')).toBe(false), { timeout: 10_000, interval: 10 });
  });
});
