import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  type CommandWorld,
  createCommandWorld,
  lastDocument,
  type RunDocument,
} from '../../support/command-line.ts';

let world: CommandWorld;
beforeAll(() => {
  world = createCommandWorld();
});
afterAll(() => world.remove());

it('makes a new attempt of what has succeeded, beside the older one', async () => {
  const first = lastDocument<RunDocument>(await world.run('run', 'quick', '--json'));
  const again = lastDocument<RunDocument>(await world.run('retry', 'latest', '1', '--again', '--json'));
  expect(again).toMatchObject({ batch: first.batch, succeeded: 3, failed: 0 });
  expect(again.runs.map(({ index, attempt }) => [index, attempt])).toEqual([
    [0, 1],
    [1, 2],
    [2, 1],
  ]);
  const [older, newer] = [1, 2].map((attempt) =>
    join(world.workspace, 'batches', first.batch, 'runs', '1-run-1', `attempt-${attempt}`, 'result.json'),
  );
  expect([existsSync(older ?? ''), existsSync(newer ?? '')]).toEqual([true, true]);
  const run = JSON.parse(readFileSync((newer ?? '').replace('result.json', 'run.json'), 'utf8')) as object;
  // From the beginning: a checkpoint of the attempt that is done is not gone on from.
  expect(run).toMatchObject({ attempt: 2, resumeFrom: null });
  // The folders alone say the same.
  await world.run('reindex');
  const status = lastDocument<{ counts: object }>(await world.run('status', first.batch, '--json'));
  expect(status).toMatchObject({ counts: { succeeded: 3, queued: 0 } });
});

it('runs what was skipped, and counts the newer result from then on', async () => {
  const skipped = lastDocument<RunDocument>(await world.run('run', 'quick', '--json'));
  expect(skipped).toMatchObject({ skipped: 3 });
  const again = lastDocument<RunDocument>(
    await world.run('retry', skipped.batch, '0', '2', '--again', '--json'),
  );
  expect(again).toMatchObject({ batch: skipped.batch, succeeded: 2, skipped: 1 });
  const plan = await world.run('plan', 'quick');
  expect(plan.stdout).toContain(`in batch ${skipped.batch}.`);
});

it('is refused for what is not done, with the way out', async () => {
  const failed = lastDocument<RunDocument>(
    await world.run('run', 'quick', '--failing', '1', '--step-count', '4', '--json'),
  );
  const ended = await world.run('retry', failed.batch, '1', '--again');
  expect([ended.code, ended.stderr]).toEqual([
    1,
    'run 1 cannot be run again: it is failed, and not done. Retry it instead.\n',
  ]);
  const none = await world.run('retry', failed.batch, '--again');
  expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('Name the experiments')]);
  const unknown = await world.run('retry', failed.batch, '7', '--again');
  expect(unknown.stderr).toContain('There is no experiment 7');
});
