import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
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

it('seeds are compared together, in tables and in files, unless each is asked for by itself', async () => {
  const suite = join(world.root, 'studies', 'seeds.minibatch.yaml');
  const command = `command: "sh -c 'echo step=1 loss={lr}{seed}; echo step=2 loss={lr}{seed}'"
sweep: {grid: {lr: [1, 2]}}
seeds: 3
label: "rate {lr}, seed {seed}"
metrics: {main: loss, patterns: ['step=(?P<step>\\d+) loss=(?P<loss>[\\d.]+)']}
`;
  writeFileSync(suite, command);
  expect((await world.run('run', suite, '--workers', '2', ...PYTHON)).code).toBe(0);

  const pooled = await compared();
  expect(pooled).toMatchObject({ suite: 'seeds', suites: ['seeds', 'a'] });
  expect(pooled.rows.map(({ name, x, mean, deviation, seeds }) => [name, x, mean, deviation, seeds])).toEqual(
    [
      ['rate 1', 1, 11, 1, 3],
      ['rate 2', 2, 21, 1, 3],
    ],
  );
  expect(pooled.tests).toMatchObject([{ a: 'rate 1', b: 'rate 2', countA: 3, u: 0 }]);
  const shown = await world.run('compare', 'command');
  expect(shown.stdout).toContain('Results of the suite seeds. Others: command/a.');
  expect(shown.stdout).toMatch(/rate 2 +2 +loss +3 +3 +21(\.0*)? +1(\.0*)? /);

  const single = await compared('--group', 'seed');
  expect(single.rows.map(({ name, n, count }) => [name, n, count])).toEqual([
    ['rate 1, seed 0', 0, 1],
    ['rate 1, seed 1', 1, 1],
    ['rate 1, seed 2', 2, 1],
    ['rate 2, seed 0', 0, 1],
    ['rate 2, seed 1', 1, 1],
    ['rate 2, seed 2', 2, 1],
  ]);

  const exported = await world.run('export', 'command', '--json');
  const { files, suite: named } = lastDocument<{ files: { path: string }[]; suite: string }>(exported);
  expect(named).toBe('seeds');
  const statistics = files.find(({ path }) => path.endsWith('statistics.csv'))?.path ?? '';
  const [head = '', ...rows] = readFileSync(statistics, 'utf8').trim().split('\n');
  expect(rows).toHaveLength(2);
  expect(head).toContain('deviation');

  // More seeds later: what is there already belongs to the same configurations, whichever batch made it.
  writeFileSync(suite, command.replace('seeds: 3', 'seeds: 4'));
  expect((await world.run('run', suite, ...PYTHON)).stdout).toContain('6 skipped');
  expect((await compared()).rows.map(({ name, seeds, mean }) => [name, seeds, mean])).toEqual([
    ['rate 1', 4, 11.5],
    ['rate 2', 4, 21.5],
  ]);
  const other = await world.run('compare', 'command/a', '--json');
  expect(lastDocument<Comparison>(other)).toMatchObject({ suite: 'a', spec: { valueTitle: 'accuracy' } });
});
