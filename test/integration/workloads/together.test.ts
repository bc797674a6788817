import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  type CommandWorld,
  createCommandWorld,
  lastDocument,
  type RunDocument,
  trainingPython,
} from '../../support/command-line.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const CHOICE = [
  'scaling/custom',
  ...['--widths', '16', '--tokens-per-parameter', '0', '--python', trainingPython ?? ''],
];

let world: CommandWorld;
beforeAll(() => {
  world = createCommandWorld();
  cpSync(join(ROOT, 'resources/workloads/scaling'), join(world.root, 'resources/workloads/scaling'), {
    recursive: true,
  });
});
afterAll(() => world.remove());

/** Helpers of runs in this workspace that live. */
function helpers(): string[] {
  const listed = execFileSync('ps', ['-ww', '-eo', 'args='], { encoding: 'utf8' });
  return listed.split('\n').filter((line) => line.includes('--part') && line.includes(world.root));
}

const impossible = trainingPython === undefined || availableParallelism() < 2;
describe.skipIf(impossible)('a training in two processes on the CPU', () => {
  it('is planned, trained and skipped the next time, also in one', async () => {
    const asked = [...CHOICE, '--steps', '6', '--processes', '2'];
    const planned = await world.run('plan', ...asked, '--json');
    expect(lastDocument<{ experiments: unknown[] }>(planned).experiments[0]).toMatchObject({
      devices: 2,
      granted: 2,
    });
    const ended = await world.run('run', ...asked, '--json');
    expect(ended.code, ended.stderr).toBe(0);
    const [run] = lastDocument<RunDocument>(ended).runs;
    const result = JSON.parse(readFileSync(join(run?.folder ?? '', 'result.json'), 'utf8'));
    expect(result).toMatchObject({ device: 'cpu+cpu', threads: 1, summary: { processes: 2 } });
    const alone = await world.run('run', ...CHOICE, '--steps', '6', '--json');
    expect(lastDocument<RunDocument>(alone)).toMatchObject({ skipped: 1, succeeded: 0 });
    expect(helpers()).toEqual([]);
  }, 120_000);

  it('leaves no process behind when it is cancelled', async () => {
    const long = [...CHOICE, '--steps', '1000000', '--processes', '2'];
    const running = world.start('run', ...long);
    await vi.waitFor(() => expect(helpers()).toHaveLength(1), { timeout: 60_000, interval: 50 });
    running.child.kill('SIGINT');
    await running.ended;
    await vi.waitFor(() => expect(helpers()).toEqual([]), { timeout: 30_000, interval: 50 });
  }, 120_000);
});
