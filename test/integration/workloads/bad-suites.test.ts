import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type CommandWorld,
  createCommandWorld,
  lastDocument,
  type RunDocument,
} from '../../support/command-line.ts';
import { findPython } from '../../support/system-python.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const PYTHON = ['--python', findPython()];
const PATIENCE = 60_000;

let world: CommandWorld;
beforeAll(() => {
  world = createCommandWorld();
  const command = join('resources', 'workloads', 'command');
  cpSync(join(ROOT, command), join(world.root, command), { recursive: true });
});
afterAll(() => world.remove());
beforeEach(() => void world.newWorkspace());

let count = 0;
function suite(text: string): string {
  const path = join(world.root, `bad-${++count}.minibatch.yaml`);
  writeFileSync(path, text);
  return path;
}

function batches(): string[] {
  const folder = join(world.workspace, 'batches');
  return existsSync(folder) ? readdirSync(folder) : [];
}

describe('a suite that cannot be meant', () => {
  it.each([
    [
      'phases in a ring',
      'command: "true"\nphases:\n  - {name: a, needs: [b]}\n  - {name: b, needs: [a]}\n',
      'line 3: "phases.0.needs": the phases wait for each other: "a" needs "b" needs "a".',
    ],
    [
      'one label twice',
      'command: "true {x}"\nlabel: same\nsweep: {grid: {x: [1, 2]}}\n',
      'line 2: "label": two experiments have the label "same": say "label" with the parameters that differ.',
    ],
    [
      'an unknown key',
      'command: "true"\nretrys: 2\n',
      'line 2: the key "retrys" is not known. Did you mean "retries"?',
    ],
    [
      'a value of the wrong type',
      'command: "true {x}"\nsweep: {grid: {x: 3}}\n',
      'line 2: "sweep.grid.x": must be a list of values, or {from, to, step} or {from, to, count, scale}.',
    ],
    [
      'data beside the code',
      'command: "true"\ncode:\n  link: [../data]\n',
      'line 3: "code.link.0": "../data" does not lie in the folder of the code; "root: .." under "code" makes that larger.',
    ],
    [
      'a million experiments',
      'command: "true {x} {y}"\nsweep: {grid: {x: {from: 1, to: 1000}, y: {from: 1, to: 1000}}}\n',
      'line 2: "sweep": this sweep has 1,000,000 experiments, more than 10,000; make it smaller.',
    ],
  ])('%s: refused in one sentence with file and line, and nothing is written', async (_, text, sentence) => {
    const path = suite(text);
    for (const command of ['plan', 'run']) {
      const ended = await world.run(command, path, ...PYTHON);
      expect([ended.code, ended.stdout, ended.stderr]).toEqual([2, '', `${path}, ${sentence}\n`]);
    }
    expect(batches()).toEqual([]);
  });
});

describe('a declaration of more memory than the machine has', () => {
  it('is postponed with the reason, and the rest runs', async () => {
    const text =
      'command: "true {size}"\nphases:\n  - {name: small, parameters: {size: 1}}\nresources: {memoryMb: 90000000}\n';
    const planned = await world.run('plan', suite(text), ...PYTHON, '--json');
    expect(lastDocument(planned)).toMatchObject({
      totals: { run: 0, postpone: 1 },
      experiments: [
        {
          action: 'postpone',
          reason: expect.stringMatching(/^Needs about .+, more than the .+ of this machine\./),
        },
      ],
    });
    const ended = await world.run('run', suite(text), ...PYTHON, '--json');
    expect(lastDocument(ended)).toMatchObject({ succeeded: 0, postponed: 1 });
    expect(ended.code).toBe(0);
  });
});

describe('a command', () => {
  it('that writes above its folder and a script that rejects its parameter touch only their own runs', async () => {
    const text =
      "command: [sh, -c, 'echo mine > ../above.txt; echo x > {x}.txt; test {x} -gt 1']\nsweep: {grid: {x: [1, 2, three]}}\n";
    const ended = await world.run('run', suite(text), '--workers', '2', ...PYTHON, '--json');
    const { runs, succeeded, failed } = lastDocument<RunDocument>(ended);
    expect([ended.code, succeeded, failed]).toEqual([1, 1, 2]);
    for (const { folder } of runs) expect(readFileSync(join(folder, 'above.txt'), 'utf8')).toBe('mine\n');
    expect(existsSync(join(world.root, 'above.txt'))).toBe(false);
    // Whatever it wrote beside its files, the run's own record is whole.
    expect(lastDocument(await world.run('reindex', '--json'))).toMatchObject({ runs: 3, problems: [] });
  });

  it(
    'that prints a line of 50 MB keeps its metrics, and its log can be read',
    async () => {
      const text = `command: [python, -c, 'print("loss=3"); print("x" * (50 << 20)); print("loss=2")']\nmetrics: {patterns: ['^loss=(?P<loss>\\d)']}\n`;
      const ended = await world.run('run', suite(text), ...PYTHON, '--json');
      const { runs } = lastDocument<RunDocument>(ended);
      expect([ended.code, runs[0]?.state], ended.stderr).toEqual([0, 'succeeded']);
      const result = JSON.parse(readFileSync(join(runs[0]?.folder ?? '', 'result.json'), 'utf8')) as object;
      expect(result).toMatchObject({ summary: { loss: 2 } });
      const shown = (await world.run('logs', '0')).stdout.trimEnd().split('\n');
      expect(shown.map((line) => line.slice(0, 10))).toEqual(['loss=3', 'xxxxxxxxxx', 'loss=2']);
      expect(shown[1]?.length).toBeLessThan(20_000);
      expect(shown[1]).toMatch(/line cut at 16 kB\)$/);
    },
    PATIENCE,
  );
});
