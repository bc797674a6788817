import { existsSync, readFileSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type CommandWorld,
  createCommandWorld,
  lastDocument,
  type RunDocument,
  trainingPython,
} from '../../support/command-line.ts';

let world: CommandWorld;
beforeAll(() => {
  world = createCommandWorld();
});
afterAll(() => world.remove());
beforeEach(() => world.newWorkspace());

/** Answers of a status call until one fits. */
async function statusUntil(
  fits: (experiments: { state: string; live: { progress: { done: number } | null } | null }[]) => boolean,
): Promise<void> {
  await vi.waitFor(
    async () => {
      const ended = await world.run('status', 'latest', '--json');
      expect(ended.code).toBe(0);
      expect(fits(lastDocument<{ experiments: never[] }>(ended).experiments)).toBe(true);
    },
    { timeout: 20_000, interval: 100 },
  );
}

describe.skipIf(trainingPython === undefined)('several processes on one workspace', () => {
  const long = ['run', 'long', '--python', trainingPython ?? '', '--workers', '2'];

  it('watches, pauses, resumes and stops a batch that another process runs', async () => {
    const runner = world.start(...long);
    const [, batch = ''] = await runner.printed(/Batch (\S+)\n/);
    await statusUntil((all) => all.every((one) => (one.live?.progress?.done ?? 0) > 0));

    const logs = world.start('logs', '0', '-f', '--json');
    await statusUntil((all) => all.every((one) => one.state === 'running'));
    expect((await world.run('pause')).stdout).toContain(`${batch} is paused`);
    await statusUntil((all) => all.every((one) => one.state === 'paused'));
    const resumed = world.start('resume', '--json');
    await resumed.printed(/Going on with/);
    await statusUntil((all) => all.every((one) => one.state === 'running'));

    // A second batch is handed to the process that holds the workspace.
    const second = world.start('run', 'quick', '--python', trainingPython ?? '', '--json');
    await second.printed(/worked on by the running Minibatch/);

    const stopped = await world.run('stop', batch, '--json');
    expect([stopped.code, lastDocument(stopped)]).toEqual([
      0,
      expect.objectContaining({ state: 'interrupted' }),
    ]);
    expect(lastDocument<RunDocument>(await second.ended)).toMatchObject({ succeeded: 3 });
    const [first, watcher, follower] = await Promise.all([runner.ended, resumed.ended, logs.ended]);
    expect([first.code, watcher.code, follower.code]).toEqual([130, 130, 0]);
    expect(first.stdout).toContain(`Go on with: minibatch resume ${batch}`);
    expect(lastDocument<RunDocument>(watcher).runs.map((run) => run.state)).toEqual([
      'interrupted',
      'interrupted',
    ]);
    expect(existsSync(join(world.workspace, '.minibatch', 'lock.json'))).toBe(false);
  });

  it('stops at a checkpoint on the first interrupt, with exit code 130, and goes on from there', async () => {
    const args = [
      'run',
      'quick',
      '--python',
      trainingPython ?? '',
      '--workers',
      '2',
      '--indices',
      '0,1',
      '--step-count',
      '60',
      '--pause',
      '0.05',
    ];
    const runner = world.start(...args);
    await runner.printed(/Batch (\S+)\n/);
    await statusUntil((all) => all.some((one) => (one.live?.progress?.done ?? 0) >= 10));
    runner.child.kill('SIGINT');
    const ended = await runner.ended;
    expect(ended.code).toBe(130);
    expect(ended.stdout).toContain('Press Ctrl-C again to cancel the runs at once.');

    const resumed = await world.run('resume', '--json');
    expect(resumed.code).toBe(0);
    const { runs } = lastDocument<RunDocument>(resumed);
    expect(runs.map((run) => run.state)).toEqual(['succeeded', 'succeeded']);
    const events = readFileSync(join(runs[0]?.folder ?? '', 'events.jsonl'), 'utf8');
    expect(Number(/resumed at (\d+)/.exec(events)?.[1])).toBeGreaterThanOrEqual(5);
  });

  it('cancels on the second interrupt', async () => {
    const runner = world.start(
      'run',
      'long',
      '--python',
      trainingPython ?? '',
      '--indices',
      '0',
      '--pause',
      '5',
    );
    await runner.printed(/Batch (\S+)\n/);
    await statusUntil((all) => all.some((one) => one.state === 'running'));
    runner.child.kill('SIGINT');
    await runner.printed(/Press Ctrl-C again/);
    runner.child.kill('SIGINT');
    await runner.printed(/Cancelling the runs/);
    expect((await runner.ended).code).toBe(130);
  });

  it('loses nothing when it is killed, and repeats nothing when it goes on', async () => {
    const args = [
      'run',
      'quick',
      '--python',
      trainingPython ?? '',
      '--workers',
      '1',
      '--step-count',
      '40',
      '--pause',
      '0.03',
    ];
    const runner = world.start(...args);
    await runner.printed(/\[1\/3\]/);
    runner.child.kill('SIGKILL');
    expect((await runner.ended).code).toBe(137);

    const resumed = await world.run('resume', '--json');
    expect(resumed.code).toBe(0);
    const document = lastDocument<RunDocument>(resumed);
    expect(document).toMatchObject({ succeeded: 3 });
    // The finished one was not repeated, and the live one went on under its supervisor.
    expect(document.runs.map((run) => run.attempt)).toEqual([1, 1, 1]);
  });
});

describe('serve', () => {
  it('prints its address once, keeps the socket to its owner, and ends with Ctrl-C', async () => {
    const server = world.start('serve');
    const [url = ''] = await server.printed(/http:\/\/127\.0\.0\.1:\d+\/login\?token=[\w-]{43}/);
    const answer = await new Promise<{ status: number | undefined; location: string | undefined }>(
      (resolve, reject) => {
        request(url, (response) => {
          response.resume();
          resolve({ status: response.statusCode, location: response.headers.location });
        })
          .on('error', reject)
          .end();
      },
    );
    expect(answer).toEqual({ status: 303, location: '/' });
    expect(statSync(join(world.workspace, '.minibatch', 'door.sock')).mode & 0o777).toBe(0o600);
    expect((await world.run('status')).code).toBe(0);

    const twice = await world.run('serve');
    expect([twice.code, twice.stderr]).toEqual([
      1,
      expect.stringContaining('is in use by another Minibatch'),
    ]);
    server.child.kill('SIGINT');
    const ended = await server.ended;
    expect([ended.code, ended.stderr]).toEqual([0, '']);
    expect(ended.stdout.match(/token=/g)).toHaveLength(1);
    expect(existsSync(join(world.workspace, '.minibatch', 'door.sock'))).toBe(false);
  });

  it('takes over from a process that was killed', async () => {
    const first = world.start('serve', '--json');
    await first.printed(/"url"/);
    first.child.kill('SIGKILL');
    await first.ended;
    expect(existsSync(join(world.workspace, '.minibatch', 'lock.json'))).toBe(true);
    expect((await world.run('status')).stdout).toContain('There is no batch yet.');
  });
});
