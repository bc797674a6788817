import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type CommandWorld, createCommandWorld, lastDocument } from '../../support/command-line.ts';
import { findPython } from '../../support/system-python.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const PYTHON = ['--python', findPython()];
/** Takes a setting only where its type is that of the default, as scripts with settings at their top do. */
const SCRIPT = `import ast, sys
settings = {"grad_clip": 1.0, "batch_size": 12, "betas": [0.9], "dropout": 0.0}
for word in sys.argv[1:]:
    name, value = word.lstrip("-").split("=")
    value = ast.literal_eval(value)
    assert type(value) == type(settings[name]), "%s is %r" % (name, value)
    settings[name] = value
print("loss=%s" % sum(settings[name] for name in ("grad_clip", "batch_size", "dropout")))
`;

let world: CommandWorld;
beforeAll(() => {
  world = createCommandWorld();
  const command = join('resources', 'workloads', 'command');
  cpSync(join(ROOT, command), join(world.root, command), { recursive: true });
  mkdirSync(join(world.root, 'strict'));
  writeFileSync(join(world.root, 'strict', 'train.py'), SCRIPT);
});
afterAll(() => world.remove());

interface Planned {
  readonly experiments: readonly {
    readonly configuration: Readonly<Record<string, unknown>>;
  }[];
}

function write(text: string): string {
  const path = join(world.root, 'strict', 'strict.minibatch.yaml');
  writeFileSync(path, `command: python train.py {arguments}\narguments: "--{name}={value}"\n${text}`);
  return path;
}

it('a number reaches the command as it was written, and as a float where it was computed from floats', async () => {
  const suite = write(`parameters: {batch_size: 12}
sweep: {grid: {grad_clip: [1.0, 1e1], dropout: {from: 0, to: 1, step: 0.5}}}
metrics: {patterns: ['loss=(?P<loss>[\\d.]+)']}
`);
  const ran = await world.run('run', suite, '--workers', '2', ...PYTHON, '--json');
  expect(ran.code, ran.stdout + ran.stderr).toBe(0);
  const compared = await world.run('compare', 'command', '--x', 'grad_clip', '--json');
  const { rows } = lastDocument<{ rows: { x: number; mean: number }[] }>(compared);
  expect(rows.map(({ x, mean }) => [x, mean])).toEqual([
    [1, 13],
    [1, 13.5],
    [1, 14],
    [10, 22],
    [10, 22.5],
    [10, 23],
  ]);

  const set = await world.run('run', suite, '--set', 'grad_clip=[2.0]', '--set', 'dropout=3.', ...PYTHON);
  expect(set.code, set.stdout + set.stderr).toBe(0);
  const wrong = await world.run('run', suite, '--set', 'grad_clip=2', ...PYTHON);
  expect(wrong.code).toBe(1);
});

it('identities know of it only where a number alone would be another text', async () => {
  const plan = async (text: string): Promise<Planned> =>
    lastDocument(await world.run('plan', write(text), ...PYTHON, '--json'));
  const whole = await plan('parameters: {a: 1}\n');
  const plain = await plan('parameters: {a: 0.5, b: 1e-3}\n');
  const written = await plan('parameters: {a: 1.0}\n');
  expect(whole.experiments[0]?.configuration).not.toHaveProperty('written');
  expect(plain.experiments[0]?.configuration).not.toHaveProperty('written');
  expect(written.experiments[0]?.configuration).toMatchObject({ values: { a: 1 }, written: { a: '1.0' } });
});
