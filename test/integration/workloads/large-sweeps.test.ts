import { cpSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CommandWorld, createCommandWorld } from '../../support/command-line.ts';
import { findPython } from '../../support/system-python.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const PYTHON = ['--python', findPython()];
/** Milliseconds of processor time, the core with its look at the machine included. A million objects take more. */
const ENOUGH = 1_000;
const MOST_MEGABYTES = 100;

let world: CommandWorld;
beforeAll(async () => {
  world = createCommandWorld();
  const command = join('resources', 'workloads', 'command');
  cpSync(join(ROOT, command), join(world.root, command), { recursive: true });
  // Modules are loaded and interpreters looked at once.
  await world.run('plan', 'steps/quick', ...PYTHON);
});
afterAll(() => world.remove());

const million = '1,000,000';
const written = Array.from({ length: 1_000_000 }, (_, index) => index).join(',');

describe('a sweep of a million', () => {
  it.each([
    ['grid', 'sweep: {grid: {x: {from: 1, to: 1000}, y: {from: 1, to: 1000}}}', 'sweep', million],
    ['linear range', 'sweep: {grid: {x: {from: 0, to: 1, count: 1000000}}}', 'sweep', million],
    ['step', 'sweep: {grid: {x: {from: 0, to: 0.999999, step: 1.0e-6}}}', 'sweep', million],
    ['log range', 'sweep: {grid: {x: {from: 1.0e-5, to: 1, count: 1000000, scale: log}}}', 'sweep', million],
    [
      'random, log-uniform',
      'sweep: {random: {count: 1000000, parameters: {x: {logUniform: [1, 9]}}}}',
      'sweep',
      million,
    ],
    [
      'list times range',
      'sweep: {list: [{x: 1}, {x: 2}], grid: {y: {from: 1, to: 500000}}}',
      'sweep',
      million,
    ],
    ['zip times seeds', 'sweep: {zip: {x: [1, 2], y: [3, 4]}}\nseeds: 500000', 'sweep', million],
    ['seeds', 'seeds: 1000000', 'seeds', million],
    ['phases', 'phases: [{name: a, seeds: 500000}, {name: b, seeds: 500000}]', 'phases', million],
    [
      'forty axes',
      `sweep: {grid: {${Array.from({ length: 40 }, (_, at) => `x${at}: {from: 1, to: 1.0e+9}`).join(', ')}}}`,
      'sweep',
      'more than 10^15',
    ],
  ])(
    '%s: refused with the count, at once, in little memory, and nothing is written',
    async (_, text, key, count) => {
      const path = join(world.root, 'large.minibatch.yaml');
      writeFileSync(path, `command: "true {arguments}"\n${text}\n`);
      const began = process.cpuUsage();
      const before = process.memoryUsage().rss;
      const ended = await world.run('run', path, ...PYTHON);
      const { user, system } = process.cpuUsage(began);
      expect([ended.code, ended.stderr]).toEqual([
        2,
        `${path}, line 2: "${key}": this sweep has ${count} experiments, more than 10,000; make it smaller.\n`,
      ]);
      expect((user + system) / 1_000).toBeLessThan(ENOUGH);
      expect((process.memoryUsage().rss - before) / 2 ** 20).toBeLessThan(MOST_MEGABYTES);
      const batches = join(world.workspace, 'batches');
      expect(existsSync(batches) ? readdirSync(batches) : []).toEqual([]);
    },
  );

  it('that is written out is too large a file, and is told how to be shorter', async () => {
    const path = join(world.root, 'written.minibatch.yaml');
    writeFileSync(path, `command: "true {x}"\nsweep: {grid: {x: [${written}]}}\n`);
    const began = process.cpuUsage();
    const ended = await world.run('run', path, ...PYTHON);
    const { user, system } = process.cpuUsage(began);
    expect([ended.code, ended.stderr]).toEqual([
      2,
      expect.stringContaining('this file has 6.6 MB, more than the 4 MB'),
    ]);
    expect((user + system) / 1_000).toBeLessThan(ENOUGH);
  });
});
