import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CommandWorld, createCommandWorld, lastDocument } from '../../support/command-line.ts';
import { findPython } from '../../support/system-python.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const PYTHON = ['--python', findPython()];

let world: CommandWorld;
beforeAll(() => {
  world = createCommandWorld();
  const command = join('resources', 'workloads', 'command');
  cpSync(join(ROOT, command), join(world.root, command), { recursive: true });
});
afterAll(() => world.remove());

interface PlanDocument {
  readonly preset: string;
  readonly experiments: readonly {
    readonly name: string;
    readonly configuration: { readonly values: unknown; readonly written?: unknown };
  }[];
}

async function planned(...args: string[]): Promise<PlanDocument> {
  const ended = await world.run('plan', ...args, ...PYTHON, '--json');
  expect(ended.code, ended.stderr).toBe(0);
  return lastDocument<PlanDocument>(ended);
}

async function refused(...args: string[]): Promise<string> {
  const ended = await world.run('plan', ...args, ...PYTHON);
  expect(ended.code).toBe(2);
  return ended.stderr.trimEnd();
}

function write(name: string, text: string): string {
  const path = join(world.root, name);
  writeFileSync(path, text);
  return path;
}

const names = ({ experiments }: PlanDocument): string[] => experiments.map(({ name }) => name);

describe('a table of experiments', () => {
  it('is named by the suite, relative to it, and multiplies with the rest', async () => {
    write('runs.csv', '\uFEFFlr;act\r\n0,1;relu\r\n1.0;"gelu"\r\n');
    const suite = write(
      'table.minibatch.yaml',
      'command: "echo {lr} {act}"\nsweep: {csv: runs.csv}\nseeds: 2\n'.replace('{act}', '{act} {seed}'),
    );
    const plan = await planned(suite);
    expect(names(plan)).toEqual([
      'lr=0.1 act=relu seed=0',
      'lr=0.1 act=relu seed=1',
      'lr=1 act=gelu seed=0',
      'lr=1 act=gelu seed=1',
    ]);
    // As it is written in the table it reaches the command.
    expect(plan.experiments[2]?.configuration.written).toEqual({ lr: '1.0' });
    const commands = await world.run('plan', suite, '--commands', ...PYTHON);
    expect(commands.stdout).toContain('echo 1.0 gelu');
  });

  it('with a mistake is named with the line of the suite and its own', async () => {
    write('bad.csv', 'lr,akt\n1,2\n');
    const suite = write(
      'bad.minibatch.yaml',
      'command: "echo {lr} {act}"\nparameters: {lr: 1, act: a}\nsweep:\n  csv: bad.csv\n',
    );
    const sentence = await refused(suite);
    expect(sentence).toContain(
      `${suite}, line 4: "sweep.csv": ${join(world.root, 'bad.csv')}, line 1, column "akt"`,
    );
    expect(sentence).toContain('Did you mean "act"?');
    write('bad.csv', 'lr,act\n1,2\nx,3\n');
    expect(await refused(suite)).toContain('line 3, column "lr": "x" is no number');
    const none = write('none.minibatch.yaml', 'command: "echo {lr}"\nsweep: {csv: nowhere.csv}\n');
    expect(await refused(none)).toContain(`There is no table ${join(world.root, 'nowhere.csv')}`);
    const both = write(
      'both.minibatch.yaml',
      'command: "echo {lr}"\nsweep: {csv: bad.csv, list: [{lr: 1}]}\n',
    );
    expect(await refused(both)).toContain('"list" and "csv" both write experiments out');
  });

  it('is given on the command line, and kept with the batch and with a preset', async () => {
    const suite = write(
      'line.minibatch.yaml',
      'command: "echo {lr} {width}"\nparameters: {width: 8}\nsweep: {grid: {lr: [1, 2, 3]}}\n',
    );
    const table = write('line.csv', 'lr,width\n5,\n6,7\n');
    expect(names(await planned(suite, '--csv', table))).toEqual(['lr=5', 'lr=6 width=7']);
    expect(await refused(suite, '--csv', write('typo.csv', 'lr,with\n5,6\n'))).toContain(
      'typo.csv, line 1, column "with": there is no parameter of this name. Did you mean "width"?',
    );
    expect(await refused('steps/quick', '--csv', table)).toContain(
      'Only the parameters of a suite can be swept',
    );
    const ran = lastDocument<{ batch: string; succeeded: number }>(
      await world.run('run', suite, '--csv', table, ...PYTHON, '--json'),
    );
    expect(ran.succeeded).toBe(2);
    const batch = JSON.parse(
      readFileSync(join(world.workspace, 'batches', ran.batch, 'batch.json'), 'utf8'),
    ) as { plan: { request: object } };
    expect(batch.plan.request).toMatchObject({ sweep: { list: [{ lr: 5 }, { lr: 6, width: 7 }] } });
    expect(batch.plan.request).not.toHaveProperty('csv');
    const saved = await world.run('preset', 'save', 'Two rows', suite, '--csv', table, ...PYTHON);
    expect(saved.stdout).toContain('Saved as command/two-rows: 2 experiments.');
    expect(readFileSync(join(world.workspace, 'presets', 'command', 'two-rows.yaml'), 'utf8')).toBe(
      `title: Two rows\nsuite: ${suite}\nsweep:\n  list:\n    - lr: 5\n    - lr: 6\n      width: 7\n`,
    );
    const again = await planned('command/two-rows');
    expect([again.preset, names(again)]).toEqual(['two-rows', ['lr=5', 'lr=6 width=7']]);
    expect(names(await planned('command/two-rows', '--set', 'width=9'))).toEqual(['lr=5', 'lr=6 width=7']);
  });

  it('can be done without: ranges, draws and lists that go together are flags, too', async () => {
    const suite = write(
      'flags.minibatch.yaml',
      'command: "echo {lr} {width}"\nparameters: {width: 8}\nsweep: {grid: {lr: [1, 2, 3]}}\n',
    );
    expect(names(await planned(suite, '--set', 'width={from: 1, to: 3}', '--zip', 'lr,width'))).toEqual([
      'lr=1 width=1',
      'lr=2 width=2',
      'lr=3 width=3',
    ]);
    expect(names(await planned(suite, '--set', 'lr={uniform: [0, 1]}', '--draws', '4'))).toHaveLength(4);
    expect(await refused(suite, '--set', 'lr={uniform: [0, 1]}')).toContain('say how often, with "draws"');
    expect(await refused(suite, '--set', 'lr={unifrom: [0, 1]}')).toContain('"lr" cannot be set to that');
  });
});
