import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
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

const python = ['--python', trainingPython ?? ''];

describe.skipIf(trainingPython === undefined)('minibatch wait', () => {
  it('waits for a batch of another process and exits as it does', async () => {
    const runner = world.start(
      'run',
      'quick',
      ...python,
      '--failing',
      '1',
      '--step-count',
      '40',
      '--pause',
      '0.02',
    );
    const [, batch = ''] = await runner.printed(/Batch (\S+)\n/);
    const waiter = world.start('wait', batch, '--json');
    await waiter.printed(/Waiting for \S+: running/);
    const [ran, waited] = await Promise.all([runner.ended, waiter.ended]);
    expect([ran.code, waited.code]).toEqual([1, 1]);
    expect(lastDocument<RunDocument>(waited)).toMatchObject({ batch, succeeded: 2, failed: 1 });
  });

  it('takes over the waiting when the other process is killed, and its runs go on', async () => {
    const runner = world.start(
      'run',
      'quick',
      ...python,
      '--indices',
      '0',
      '--step-count',
      '60',
      '--pause',
      '0.05',
    );
    const [, batch = ''] = await runner.printed(/Batch (\S+)\n/);
    const waiter = world.start('wait', batch);
    await waiter.printed(/Waiting for/);
    await runner.printed(/./);
    runner.child.kill('SIGKILL');
    const ended = await waiter.ended;
    expect([ended.code, ended.stderr]).toEqual([0, '']);
    expect(ended.stdout).toContain('1 succeeded');
  });

  it('exits at once for a batch at rest, with 130 for one that was interrupted', async () => {
    const run = await world.run('run', 'quick', ...python, '--json');
    const { batch } = lastDocument<RunDocument>(run);
    expect((await world.run('wait', batch)).code).toBe(0);
    expect((await world.run('wait', 'latest', '--json')).code).toBe(0);
    expect((await world.run('wait')).stderr).toContain('No batch is running.');
    expect((await world.run('wait', 'nonsense')).code).toBe(2);

    const long = world.start('run', 'long', ...python);
    const [, other = ''] = await long.printed(/Batch (\S+)\n/);
    await world.run('stop', other);
    expect((await long.ended).code).toBe(130);
    expect((await world.run('wait', other)).code).toBe(130);
  });

  it('gives up when the time is over, or at Ctrl-C, and lets the batch go on', async () => {
    const runner = world.start('run', 'long', ...python);
    const [, batch = ''] = await runner.printed(/Batch (\S+)\n/);
    const late = await world.run('wait', batch, '--timeout', '0.2', '--json');
    expect([late.code, lastDocument(late)]).toEqual([124, { batch, ended: false, why: 'timeout' }]);

    const waiter = world.start('wait', batch);
    await waiter.printed(/Waiting for/);
    waiter.child.kill('SIGINT');
    const ended = await waiter.ended;
    expect([ended.code, ended.stdout]).toEqual([130, expect.stringContaining('Not waiting any longer')]);
    expect((await world.run('status', batch)).stdout).toContain('running');
    await world.run('stop', batch);
    await runner.ended;
  });
});

describe.skipIf(trainingPython === undefined)('hooks on the command line', () => {
  it('are run before "run" ends, and one that fails is a warning of the batch', async () => {
    const file = join(world.root, 'told');
    writeFileSync(join(world.root, 'notes'), '');
    const ended = await world.run(
      'run',
      'quick',
      ...python,
      '--on-end',
      `sh -c 'echo $MINIBATCH_STATE $MINIBATCH_SUCCEEDED > "${file}"'`,
      '--on-end',
      'a-program-that-is-missing',
      '--json',
    );
    expect(ended.code).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe('finished 3\n');
    const document = lastDocument<RunDocument & { warnings: string[] }>(ended);
    expect(document.warnings).toEqual([
      'The hook "a-program-that-is-missing" (--on-end) failed after the end of the batch: not installed. Its output is in hooks.log of the batch.',
    ]);
    const status = await world.run('status', document.batch);
    expect(status.stdout).toContain('Warning of the batch: The hook "a-program-that-is-missing"');
  });

  it('refuses a command whose quotes are not closed', async () => {
    const ended = await world.run('run', 'quick', ...python, '--on-end', "echo 'oh");
    expect([ended.code, ended.stderr]).toEqual([
      2,
      expect.stringContaining(`--on-end: a quote of "echo 'oh" is not closed.`),
    ]);
  });
});
