import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  type CommandWorld,
  createCommandWorld,
  lastDocument,
  type RunDocument,
} from '../../support/command-line.ts';

const ROOT = resolve(import.meta.dirname, '../../..');

let world: CommandWorld;
beforeAll(() => {
  world = createCommandWorld();
  cpSync(
    join(ROOT, 'resources', 'workloads', 'command'),
    join(world.root, 'resources', 'workloads', 'command'),
    { recursive: true },
  );
});
afterAll(() => world.remove());

it('a suite names its hooks, which are frozen with the batch, run in its folder, and are no part of what is trained', async () => {
  const studies = join(world.root, 'studies');
  mkdirSync(join(studies, 'code'), { recursive: true });
  const suite = join(studies, 'told.minibatch.yaml');
  const command = 'folder: code\ncommand: sh -c "echo hello; exit {code}"\nsweep: {grid: {code: [0, 3]}}\n';
  writeFileSync(
    suite,
    `${command}hooks:\n  runFailed: ['sh -c "echo $MINIBATCH_RUN $MINIBATCH_EXIT_REASON > failed"']\n  batchEnded: [[touch, ended]]\n`,
  );
  const first = await world.run('run', suite, '--json');
  expect(first.code).toBe(1);
  const { batch } = lastDocument<RunDocument>(first);
  expect(readFileSync(join(studies, 'failed'), 'utf8')).toBe('1 script-error\n');
  expect(readFileSync(join(studies, 'ended'), 'utf8')).toBe('');
  const frozen = JSON.parse(readFileSync(join(world.workspace, 'batches', batch, 'batch.json'), 'utf8'));
  expect(frozen.plan.suite.hooks.batchEnded).toEqual([['touch', 'ended']]);

  // The same experiments without the hooks have their results already.
  writeFileSync(suite, command);
  const again = lastDocument<RunDocument>(await world.run('run', suite, '--json'));
  expect(again.runs.map(({ state }) => state)).toEqual(['skipped', 'failed']);
});
