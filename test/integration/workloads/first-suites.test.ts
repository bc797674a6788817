import { chmodSync, cpSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type CommandWorld,
  createCommandWorld,
  lastDocument,
  type RunDocument,
} from '../../support/command-line.ts';
import { findPython } from '../../support/system-python.ts';

const ROOT = resolve(import.meta.dirname, '../../..');

/** Settings at the top that the command line overrides by name, of the same type and known to the script. */
const SETTINGS = `import math
out_dir = 'out'
eval_interval = 2
dropout = 0.0
learning_rate = 0.1
max_iters = 4
exec(open('configurator.py').read())
iter_num = 0
best_val_loss = 1e9
while iter_num <= max_iters:
    loss = math.exp(-learning_rate * iter_num)
    if iter_num % eval_interval == 0:
        print(f"step {iter_num}: train loss {loss:.4f}, val loss {loss + dropout + 1:.4f}")
    print(f"iter {iter_num}: loss {loss:.4f}, time {3.0:.2f}ms")
    iter_num += 1
`;
const CONFIGURATOR = `import sys
from ast import literal_eval
for arg in sys.argv[1:]:
    key, val = arg.removeprefix('--').split('=')
    if key not in globals():
        raise ValueError(f"Unknown config key: {key}")
    try:
        attempt = literal_eval(val)
    except (SyntaxError, ValueError):
        attempt = val
    assert type(attempt) == type(globals()[key]), key
    globals()[key] = attempt
`;
/** A parser, two kinds of lines, and data beside the folder of the script. */
const PARSER = `import argparse
parser = argparse.ArgumentParser()
parser.add_argument('--batch-size', type=int, default=64, help='input batch size')
parser.add_argument('--lr', type=float, default=1.0)
parser.add_argument('--dry-run', action='store_true', default=False)
parser.add_argument('--seed', type=int, default=1)
args = parser.parse_args()
data = [float(line) for line in open('../data/numbers.txt')]
for epoch in range(1, 3):
    for at, value in enumerate(data):
        print('Train Epoch: {} [{}/{} ({:.0f}%)]\\tLoss: {:.6f}'.format(epoch, at, len(data), 100 * at / len(data), value / epoch * args.lr))
    print('\\nTest set: Average loss: {:.4f}, Accuracy: {}/{} ({:.0f}%)\\n'.format(args.lr / epoch, epoch, 2, 50 * epoch))
`;

let world: CommandWorld;
let folder: string;
beforeAll(() => {
  world = createCommandWorld();
  const command = join('resources', 'workloads', 'command');
  cpSync(join(ROOT, command), join(world.root, command), { recursive: true });
  folder = join(world.root, 'projects', 'script');
  mkdirSync(join(folder, '..', 'data'), { recursive: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, '..', 'data', 'numbers.txt'), '0.5\n0.25\n');
  writeFileSync(join(folder, 'settings.py'), SETTINGS);
  writeFileSync(join(folder, 'configurator.py'), CONFIGURATOR);
  writeFileSync(join(folder, 'parser.py'), PARSER);
});
afterAll(() => world.remove());
beforeEach(() => void world.newWorkspace());

/** The suite that `init` writes, where it lies. */
async function firstSuite(script: string, ...flags: string[]): Promise<string> {
  const ended = await world.run('init', join(folder, script), '--force', ...flags);
  expect(ended.code, ended.stderr).toBe(0);
  return join(folder, script.replace(/\.\w+$/, '.minibatch.yaml'));
}

async function ran(suite: string, ...flags: string[]): Promise<RunDocument & { code: number; said: string }> {
  const ended = await world.run('run', suite, ...flags, '--workers', '2', '--json');
  return { ...lastDocument<RunDocument>(ended), code: ended.code, said: ended.stderr };
}

/** Points of a run by metric. */
function curves(run: string): Record<string, [number, number][]> {
  const found: Record<string, [number, number][]> = {};
  for (const line of readFileSync(join(run, 'events.jsonl'), 'utf8').trim().split('\n')) {
    const event = JSON.parse(line) as { kind: string; step: number; values: Record<string, number> };
    if (event.kind !== 'metric') continue;
    for (const [name, value] of Object.entries(event.values)) (found[name] ??= []).push([event.step, value]);
  }
  return found;
}

describe('the first suite of a script', () => {
  it('with settings at its top runs as it is, with a curve for each loss', async () => {
    const suite = await firstSuite('settings.py', '--python', findPython());
    const { code, said, runs } = await ran(suite);
    expect(code, said).toBe(0);
    expect(runs.map(({ name }) => name)).toEqual([
      'learning_rate=0.033',
      'learning_rate=0.1',
      'learning_rate=0.3',
    ]);
    const found = curves(runs[1]?.folder ?? '');
    expect(found['loss']?.map(([step]) => step)).toEqual([0, 1, 2, 3, 4]);
    expect(found['val_loss']).toEqual([
      [0, 2],
      [2, 1.8187],
      [4, 1.6703],
    ]);
    expect(said).toMatch(/learning_rate=0\.1 succeeded.+val_loss 1\.67/);
  });

  it('with a parser sweeps the learning rate, and says how to give it data beside its folder', async () => {
    const suite = await firstSuite('parser.py', '--python', findPython());
    const text = readFileSync(suite, 'utf8');
    expect(text).toMatch(/batch-size: 64[^]*lr: \[0\.33, 1, 3\][^]*seeds: \[0, 1\]/);
    const without = await ran(suite, '--set', 'seed=1', '--set', 'lr=1');
    expect(without.code).toBe(1);
    expect(without.said).toContain('The script found no file "../data/numbers.txt".');
    const hint = /\{root: \.\., link: \[\.\.\/data\]\}/.exec(text)?.[0];
    writeFileSync(suite, `${text}code: ${hint}\n`);
    const { code, said, runs } = await ran(suite, '--set', 'seed=1', '--set', 'lr=1');
    expect(code, said).toBe(0);
    expect(curves(runs[0]?.folder ?? '')).toMatchObject({
      loss: [
        [0, 0.5],
        [1, 0.25],
        [2, 0.25],
        [3, 0.125],
      ],
      average_loss: [
        [0, 1],
        [1, 0.5],
      ],
    });
  });

  it('with a word that its parser demands is refused until that is said, and then runs', async () => {
    writeFileSync(
      join(folder, 'demands.py'),
      'import argparse\nparser = argparse.ArgumentParser()\nparser.add_argument("data", metavar="DIR")\nparser.add_argument("--lr", type=float, default=0.1)\nargs = parser.parse_args()\nprint("loss", args.lr)\n',
    );
    const suite = await firstSuite('demands.py', '--python', findPython());
    const refused = await world.run('plan', suite);
    expect([refused.code, refused.stderr]).toEqual([
      2,
      `${suite}, line 3: "command": there is no parameter "data" for {data}.\n`,
    ]);
    writeFileSync(
      suite,
      readFileSync(suite, 'utf8').replace(/^# parameters:\n {2}# data: .*$/m, 'parameters:\n  data: here'),
    );
    const { code, said, runs } = await ran(suite, '--set', 'lr=0.5');
    expect(code, said).toBe(0);
    expect(curves(runs[0]?.folder ?? '')).toEqual({ loss: [[0, 0.5]] });
  });

  it('is not written for a folder', async () => {
    const ended = await world.run('init', folder);
    expect([ended.code, ended.stderr]).toEqual([2, `${folder} is a folder; name the script in it.\n`]);
  });

  it('takes the Python of the environment that is switched on', async () => {
    const environment = join(world.root, 'environment');
    mkdirSync(join(environment, 'bin'), { recursive: true });
    const python = join(environment, 'bin', 'python');
    writeFileSync(python, `#!/bin/sh\nexec "${findPython()}" "$@"\n`);
    chmodSync(python, 0o755);
    vi.stubEnv('VIRTUAL_ENV', environment);
    try {
      expect(readFileSync(await firstSuite('settings.py'), 'utf8')).toContain(`interpreter: ${python}\n`);
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it('that is a shell script is started as one, and one of words is shown how to sweep them', async () => {
    writeFileSync(join(folder, 'count.sh'), 'echo "loss = $((10 - $1))"\n');
    const suite = await firstSuite('count.sh');
    expect(readFileSync(suite, 'utf8')).toMatch(/^command: sh count\.sh$[^]*# .*: sh count\.sh \{lr\}$/m);
    chmodSync(join(folder, 'count.sh'), 0o755);
    const text = readFileSync(await firstSuite('count.sh'), 'utf8');
    expect(text).toMatch(/^command: \.\/count\.sh$/m);
    chmodSync(join(folder, 'count.sh'), 0o644);
    writeFileSync(
      suite,
      text
        .replace('command: ./count.sh', 'command: sh count.sh {lr}')
        .replace('# sweep:\n#   grid: {lr: [0.1, 0.2]}', 'sweep:\n  grid: {lr: [1, 2]}'),
    );
    const { code, said, runs } = await ran(suite, '--python', findPython());
    expect(code, said).toBe(0);
    expect(runs.map(({ folder: own }) => curves(own)['loss'])).toEqual([[[0, 9]], [[0, 8]]]);
    expect(globSync('batches/*', { cwd: world.workspace })).toHaveLength(1);
  });
});
