import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Comparison } from '../../../src/shared/model/comparison.ts';
import { type CommandWorld, createCommandWorld, lastDocument } from '../../support/command-line.ts';
import { findPython } from '../../support/system-python.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const PYTHON = ['--python', findPython()];
/** Accuracy is the better the larger the width, and better with gelu. */
const SUITE = `command: "sh -c 'echo accuracy=0.{width}{bonus}; echo loss={width}'"
parameters: {bonus: 0}
sweep: {grid: {act: [relu, gelu], width: [1, 2]}}
environment: {ACT: "{act}"}
metrics: {main: accuracy, patterns: ['(?P<name>accuracy|loss)=(?P<value>[\\d.]+)']}
`;

let world: CommandWorld;
beforeAll(() => {
  world = createCommandWorld();
  const command = join('resources', 'workloads', 'command');
  cpSync(join(ROOT, command), join(world.root, command), { recursive: true });
});
afterAll(() => world.remove());

async function compared(...args: string[]): Promise<Comparison> {
  const ended = await world.run('compare', 'command', ...args, '--json');
  expect(ended.code, ended.stderr).toBe(0);
  return lastDocument<Comparison>(ended);
}

it('results of a suite are compared as it says, as the names of its metrics say, and as is asked for', async () => {
  mkdirSync(join(world.root, 'studies'));
  const suite = join(world.root, 'studies', 'a.minibatch.yaml');
  writeFileSync(suite, SUITE);
  const ran = await world.run('run', suite, '--workers', '2', ...PYTHON);
  expect(ran.code, ran.stdout + ran.stderr).toBe(0);

  const first = await compared();
  expect(first.spec).toMatchObject({ valueTitle: 'accuracy', x: 'width', higherIsBetter: true });
  expect(first.choices.groups.map(({ name }) => name)).toEqual(['group', 'act', 'width']);
  expect(first.rows.map(({ n, x, mean }) => [n, x, mean])).toEqual([
    ['accuracy', 1, 0.1],
    ['accuracy', 2, 0.2],
    ['accuracy', 1, 0.1],
    ['accuracy', 2, 0.2],
  ]);
  expect((await world.run('compare', 'command')).stdout).toContain('accuracy, by Metric; higher is better');

  const byAct = await compared('--group', 'act');
  expect(byAct.rows.map(({ n }) => n)).toEqual(['relu', 'relu', 'gelu', 'gelu']);
  const refused = await world.run('compare', 'command', '--group', 'atc');
  expect([refused.code, refused.stderr]).toEqual([
    2,
    expect.stringContaining('cannot be grouped by "atc". Did you mean "act"?'),
  ]);

  // How results are shown is no part of them: nothing runs again, and the newest batch decides.
  writeFileSync(suite, `${SUITE}compare: {group: act, better: lower}\n`);
  const again = await world.run('run', suite, ...PYTHON);
  expect(again.stdout, again.stderr).toContain('4 skipped');
  writeFileSync(
    suite,
    `${SUITE}compare: {group: act, better: lower}\nseeds: 1\n`.replace('loss={width}', 'loss={seed}'),
  );
  expect((await world.run('run', suite, ...PYTHON)).code).toBe(0);
  const told = await compared();
  expect(told.spec).toMatchObject({ group: 'act', groupTitle: 'act', higherIsBetter: false });

  writeFileSync(suite, `${SUITE}compare: {group: atc}\n`);
  const wrong = await world.run('plan', suite, ...PYTHON);
  expect([wrong.code, wrong.stderr]).toEqual([
    2,
    expect.stringContaining(
      '"compare.group": there is no parameter "atc" to compare by. Did you mean "act"?',
    ),
  ]);
});
