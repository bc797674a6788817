import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type CommandWorld,
  createCommandWorld,
  lastDocument,
  type RunDocument,
} from '../../support/command-line.ts';
import { findPython } from '../../support/system-python.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const PYTHON = ['--python', findPython()];

/** Larger batches are quicker up to a point; every run writes files of the same names. */
const SCRIPT = `import argparse, pathlib
parser = argparse.ArgumentParser()
parser.add_argument("--batch-size", type=int, default=8)
parser.add_argument("--activation", choices=["relu", "gelu"], default="relu")
parser.add_argument("--seed", type=int, default=0)
args = parser.parse_args()
print("speed=%d" % min(args.batch_size * 10, 320))
print("loss=%.2f" % (0.5 + (args.activation == "relu") * 0.25 + args.seed * 0.01))
pathlib.Path("model.txt").write_text("%s %s %s" % (args.batch_size, args.activation, args.seed))
`;

let world: CommandWorld;
let folder: string;
beforeAll(() => {
  world = createCommandWorld();
  const command = join('resources', 'workloads', 'command');
  cpSync(join(ROOT, command), join(world.root, command), { recursive: true });
  folder = join(world.root, 'study');
  mkdirSync(folder);
  writeFileSync(join(folder, 'train.py'), SCRIPT);
});
afterAll(() => world.remove());

async function ran(name: string, text: string): Promise<RunDocument> {
  const path = join(folder, `${name}.minibatch.yaml`);
  writeFileSync(path, text);
  const ended = await world.run('run', path, '--workers', '2', ...PYTHON, '--json');
  expect(ended.code, ended.stderr).toBe(0);
  return lastDocument<RunDocument>(ended);
}

interface Compared {
  readonly rows: readonly {
    readonly name: string;
    readonly n: string;
    readonly mean: number;
    readonly count: number;
  }[];
}

async function compared(batch: string): Promise<Compared['rows']> {
  return lastDocument<Compared>(await world.run('compare', 'command', '--batch', batch, '--json')).rows;
}

describe('a study in a suite', () => {
  it('tries batch sizes before anything else, and shows which one is quickest', async () => {
    world.newWorkspace();
    const { batch, runs } = await ran(
      'probe',
      `command: python train.py {arguments}
phases:
  - {name: probe, sweep: {grid: {batch-size: [8, 16, 32, 64]}}}
  - {name: train, needs: [probe], parameters: {batch-size: 32}, seeds: 2}
metrics: {main: speed, patterns: ['(?P<name>speed|loss)=(?P<value>[\\d.]+)']}
compare: {metric: speed, value: max, x: batch-size}
`,
    );
    const times = runs.map(({ folder: own }) => result(own));
    const ends = times.slice(0, 4).map(({ endedAt }) => endedAt);
    const begins = times.slice(4).map(({ startedAt }) => startedAt);
    expect(begins).toHaveLength(2);
    expect(Math.min(...begins)).toBeGreaterThanOrEqual(Math.max(...ends));
    const speeds = (await compared(batch)).filter(({ name }) => name.startsWith('probe'));
    expect(speeds.map(({ name, mean }) => [name, mean])).toEqual([
      ['probe batch-size=8', 80],
      ['probe batch-size=16', 160],
      ['probe batch-size=32', 320],
      ['probe batch-size=64', 320],
    ]);
  });

  it('keeps files of one name apart, groups by a word, and gives everything as one document', async () => {
    world.newWorkspace();
    const { batch, runs } = await ran(
      'words',
      `command: python train.py {arguments}
sweep: {grid: {activation: [relu, gelu]}}
seeds: 2
metrics: {main: loss, patterns: ['loss=(?P<loss>[\\d.]+)']}
compare: {group: activation}
`,
    );
    const written = runs.map(({ folder: own }) => readFileSync(join(own, 'work', 'model.txt'), 'utf8'));
    expect(written).toEqual(['8 relu 0', '8 relu 1', '8 gelu 0', '8 gelu 1']);
    expect(existsSync(join(folder, 'model.txt'))).toBe(false);
    expect((await compared(batch)).map(({ n, mean }) => [n, mean])).toEqual([
      ['relu', 0.755],
      ['gelu', 0.505],
    ]);
    const exported = await world.run('export', 'command', '--batch', batch, '--format', 'json', '--json');
    const [file] = lastDocument<{ files: { path: string }[] }>(exported).files;
    const text = readFileSync(file?.path ?? '', 'utf8');
    for (const label of runs.map(({ name }) => name)) expect(text).toContain(label);
  });
});

function result(run: string): { startedAt: number; endedAt: number } {
  return JSON.parse(readFileSync(join(run, 'result.json'), 'utf8')) as { startedAt: number; endedAt: number };
}
