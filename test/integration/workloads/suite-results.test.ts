import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Comparison } from '../../../src/shared/model/comparison.ts';
import { type CommandWorld, createCommandWorld, lastDocument } from '../../support/command-line.ts';
import { findPython } from '../../support/system-python.ts';

const ROOT = resolve(import.meta.dirname, '../../..');

let world: CommandWorld;
beforeAll(() => {
  world = createCommandWorld();
  const command = join('resources', 'workloads', 'command');
  cpSync(join(ROOT, command), join(world.root, command), { recursive: true });
});
afterAll(() => world.remove());

async function ran(name: string, metric: string, ...flags: string[]): Promise<void> {
  const path = join(world.root, `${name}.minibatch.yaml`);
  writeFileSync(
    path,
    `name: ${name}\ncommand: [sh, -c, 'echo ${metric}={width}']\nparameters: {width: 1}\nmetrics: {main: ${metric}, patterns: ['${metric}=(?P<${metric}>\\d+)']}\n`,
  );
  const ended = await world.run('run', path, ...flags, '--python', findPython());
  expect(ended.code, ended.stdout + ended.stderr).toBe(0);
}

it('results of one suite are not compared with those of another, unless one is named', async () => {
  expect((await world.run('compare', 'command')).stderr).toContain('There is no result of command');
  await ran('left', 'loss');
  expect((await world.run('compare', 'command')).stdout).toMatch(/^loss, by/);
  await ran('right', 'score');
  await ran('right', 'score', '--set', 'width=2');

  const newest = await world.run('compare', 'command', '--json');
  expect(newest.stderr).toContain('Results of the suite right. Others: command/left.\n');
  // Told apart by the parameter alone, though all parameters stand in one table.
  expect(
    lastDocument<Comparison>(newest)
      .rows.map(({ name, mean }) => [name, mean])
      .toSorted(),
  ).toEqual([
    ['right · width 1', 1],
    ['right · width 2', 2],
  ]);
  const named = await world.run('compare', 'command/left', '--json');
  expect(named.stderr).not.toContain('Others');
  expect(lastDocument<Comparison>(named).rows).toMatchObject([{ name: 'left', n: 'loss', mean: 1 }]);
  const wrong = await world.run('compare', 'command/lft');
  expect([wrong.code, wrong.stderr]).toEqual([
    2,
    'There is no result of command/lft. Did you mean "left"? There are some of right, left.\n',
  ]);
  const exported = await world.run('export', 'command/left', '--json');
  const { files } = lastDocument<{ files: { path: string }[] }>(exported);
  const rows = files.map(({ path }) => readFileSync(path, 'utf8')).join('\n');
  expect(rows).toContain('left');
  expect(rows).not.toContain('right');
});
