import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectInProcess } from '../../../src/main/doors/in-process.ts';
import type { Comparison } from '../../../src/shared/model/comparison.ts';
import { type CommandWorld, createCommandWorld, lastDocument } from '../../support/command-line.ts';
import { findPython } from '../../support/system-python.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const PYTHON = ['--python', findPython()];
/** Both metrics are at their best in the middle: width 1 ends better, width 2 was better. */
const SUITE = `command: cat w{width}
sweep: {grid: {width: [1, 2]}}
metrics: {main: loss/val, patterns: ['(?P<step>\\d+): (?P<loss__val>\\S+) (?P<accuracy>\\S+) (?P<speed>\\S+)']}
`;
const OUTPUTS = {
  w1: '1: 0.9 0.5 10\n2: 0.3 0.7 nan\n3: 0.4 0.6 20\n',
  w2: '1: 0.8 0.4 10\n2: 0.1 0.9 30\n3: nan 0.3 40\n',
};

let world: CommandWorld;
beforeAll(async () => {
  world = createCommandWorld();
  const command = join('resources', 'workloads', 'command');
  cpSync(join(ROOT, command), join(world.root, command), { recursive: true });
  const studies = join(world.root, 'studies');
  mkdirSync(studies);
  for (const [name, text] of Object.entries(OUTPUTS)) writeFileSync(join(studies, name), text);
  writeFileSync(join(studies, 'two.minibatch.yaml'), SUITE);
  const ran = await world.run('run', join(studies, 'two.minibatch.yaml'), '--workers', '2', ...PYTHON);
  expect(ran.code, ran.stdout + ran.stderr).toBe(0);
});
afterAll(() => world.remove());

async function compared(...args: string[]): Promise<Comparison> {
  const ended = await world.run('compare', 'command', ...args, '--json');
  expect(ended.code, ended.stderr).toBe(0);
  return lastDocument<Comparison>(ended);
}

function rowsOf({ rows }: Comparison) {
  return rows.map(({ x, n, mean, nonFinite }) => [x, n, mean, nonFinite]);
}

it('results are compared by the metric and the value that are asked for, with nothing run again', async () => {
  const standing = await compared();
  expect(standing.compared).toEqual({ metric: 'loss/val', value: 'last' });
  expect(standing.choices.metrics.map(({ name }) => name)).toEqual(['loss/val', 'accuracy', 'speed']);
  expect(rowsOf(standing)).toEqual([
    [1, 'loss/val', 0.4, 0],
    [2, 'loss/val', null, 1],
  ]);

  const best = await compared('--metric', 'loss/val', '--value', 'best');
  expect(best).toMatchObject({ spec: { valueTitle: 'loss/val (best)', higherIsBetter: false } });
  expect(rowsOf(best)).toEqual([
    [1, 'loss/val', 0.3, 0],
    [2, 'loss/val', 0.1, 0],
  ]);

  const accurate = await compared('--metric', 'accuracy', '--value', 'best', '--group', 'width');
  expect(accurate.spec.higherIsBetter).toBe(true);
  expect(rowsOf(accurate)).toEqual([
    [1, 1, 0.7, 0],
    [2, 2, 0.9, 0],
  ]);

  const told = await world.run('compare', 'command', '--value', 'best');
  expect(told.stdout).toContain('loss/val (best), by Metric; lower is better');
  expect(told.stdout).toContain('Other metrics: --metric accuracy, speed');
  expect(told.stdout).toContain('Other values: --value last, min, max');
  expect(accurate.batches).toHaveLength(1);
});

it('what the results do not have is refused with what they have', async () => {
  for (const [args, sentence] of [
    [
      ['--metric', 'loss/vla'],
      'the metric "loss/vla". Did you mean "loss/val"? They can be by loss/val, accuracy, speed.',
    ],
    [['--value', 'bets'], 'the value "bets". Did you mean "best"? They can be by last, best, min, max.'],
    [
      ['--metric', 'speed', '--value', 'best'],
      'Neither the name "speed" nor the suite (compare.better) says',
    ],
  ] as const) {
    const refused = await world.run('compare', 'command', ...args);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining(sentence)]);
  }
});

it('a window gets what there is instead, with a sentence', async () => {
  const core = await world.openCore();
  const client = connectInProcess(core.connect);
  try {
    const shown = await client.call('results.compare', {
      workload: 'command',
      metric: 'gone',
      value: 'max',
      fallBack: true,
    });
    expect(shown.compared).toEqual({ metric: 'loss/val', value: 'max' });
    expect(shown.notes).toEqual([expect.stringContaining('They are shown by loss/val instead.')]);
  } finally {
    client.close();
    await core.close();
  }
});

it('exported statistics are those of the chosen value, and say so', async () => {
  const exported = await world.run('export', 'command', '--metric', 'accuracy', '--value', 'max', '--json');
  const { files } = lastDocument<{ files: { path: string }[] }>(exported);
  const statistics = files.find(({ path }) => path.endsWith('statistics.csv'))?.path ?? '';
  const [head = '', first = '', second = ''] = readFileSync(statistics, 'utf8').trim().split('\n');
  expect(head.trim().endsWith(',compared')).toBe(true);
  expect([first, second]).toEqual([
    expect.stringContaining('accuracy (max)'),
    expect.stringContaining('0.9'),
  ]);
  const json = await world.run('export', 'command', '--value', 'best', '--format', 'json', '--json');
  const [file] = lastDocument<{ files: { path: string }[] }>(json).files;
  expect(JSON.parse(readFileSync(file?.path ?? '', 'utf8'))).toMatchObject({
    compared: { metric: 'loss/val', value: 'best', title: 'loss/val (best)', better: 'lower' },
  });
});
