import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../../../src/main/platform/hash.ts';
import { parseSuite, readSuite, suiteSchema } from '../../../../src/main/workloads/suite-file.ts';
import { countSuite, expandSuite } from '../../../../src/shared/domain/suite-plan.ts';
import { overrideSuite } from '../../../../src/shared/domain/suite-override.ts';
import { ExpectedError } from '../../../../src/shared/model/error.ts';
import { failureOf } from '../../../support/expected.ts';

const ROOT = resolve(import.meta.dirname, '../../../..');
const PATH = '/studies/my.minibatch.yaml';

function expand(text: string) {
  const file = parseSuite(text, PATH);
  return file.check(() => expandSuite(file.suite, { seed: 42, hash: sha256 }));
}

function refusal(text: string): string {
  try {
    expand(text);
  } catch (error) {
    if (error instanceof ExpectedError && error.code === 'usage') return error.message;
    throw error;
  }
  throw new Error(`This was not refused:\n${text}`);
}

describe('a suite with a mistake', () => {
  it.each([
    ['comand: python a.py', 'line 1: the key "comand" is not known. Did you mean "command"?'],
    [
      'command: a\nresources:\n  memory: 3',
      'line 3: the key "memory" is not known under "resources". Did you mean "memoryMb"?',
    ],
    [
      'command: a\nsweep:\n  grd: {}',
      'line 3: the key "grd" is not known under "sweep". Did you mean "grid"?',
    ],
    [
      'command: a\nphases:\n  - name: a\n    need: [b]',
      'line 4: the key "need" is not known under "phases.0". Did you mean "needs"?',
    ],
    [
      'name: a',
      'line 1: "command": must be a text or a list of words, for example "python train.py --lr {lr}".',
    ],
    ['command: a\nretries: many', 'line 2: "retries": invalid input: expected number, received string.'],
    [
      'command: a\nparameters:\n  lr: {a: 1}',
      'line 3: "parameters.lr": must be a text, a number, true, false, null or a list of these.',
    ],
    [
      'command: a\nparameters:\n  1lr: 3',
      'line 3: "1lr" is no name: letters, digits, "_", "-" and "." after a letter.',
    ],
    [
      'command: a\nhooks:\n  batchEnd: [pwd]',
      'line 3: the key "batchEnd" is not known under "hooks". Did you mean "batchEnded"?',
    ],
    ['command: a\nhooks:\n  batchEnded: pwd', 'line 3: "hooks.batchEnded": must be a list of commands.'],
    [
      "command: a\nhooks:\n  runFailed: ['echo \"oh']",
      'line 3: "hooks.runFailed.0": has a quote that is not closed.',
    ],
    ['command: a\nseeds: 0', 'line 2: "seeds": too small: expected number to be >=1.'],
    [
      'command: a\ntimeLimit: soon',
      'line 2: "timeLimit": must be seconds or a text such as 90s, 30m, 8h or 2d.',
    ],
    ['- a', 'line 1: a suite is a table of keys, at least "command: …".'],
    ['command: "a', 'line 1: this is not YAML: Missing closing "quote.'],
    [
      'command: a {lrr}\nparameters: {lr: 1}',
      'line 1: "command": there is no parameter "lrr" for {lrr}. Did you mean "lr"?',
    ],
    [
      'command: a\nsweep:\n  grid: {lr: [1, 2]}',
      'line 2: "sweep": "lr" is swept but the command does not use it; write {lr} or {arguments} in the command.',
    ],
    ["command: a 'b", 'line 1: "command": a quote in the command is not closed.'],
    [
      'command: a | b',
      'line 1: "command": "|" in the command is for a shell; say "shell: true", or quote it.',
    ],
    [
      'command: [a, b]\nshell: true',
      'line 1: "command": "shell: true" needs the command as one text, not as a list.',
    ],
    [
      'command: a {arguments}\nsweep: {grid: {x: [1, 1]}}',
      'line 2: "sweep": two experiments have the label "x=1": they are the same; leave one out.',
    ],
    [
      'command: a {arguments}\nlabel: run\nsweep: {grid: {x: [1, 2]}}',
      'line 2: "label": two experiments have the label "run": say "label" with the parameters that differ.',
    ],
    [
      'command: a {arguments}\nsweep:\n  zip:\n    x: [1, 2]\n    y: [1]',
      'line 5: "sweep.zip.y": "y" has 1 values and "x" has 2; a zip needs equally many.',
    ],
    [
      'command: a {arguments}\nsweep:\n  grid: {x: [1]}\n  zip: {x: [1]}',
      'line 2: "sweep": the parameter "x" is swept twice; leave one of them out.',
    ],
    [
      'command: a\nqueue: lft\nqueues: {left: {device: cpu}}',
      'line 2: "queue": there is no queue "lft" under "queues". Did you mean "left"?',
    ],
    [
      'command: a\nphases:\n  - {name: one}\n  - {name: one}',
      'line 4: "phases.1.name": there are two phases called "one".',
    ],
    [
      'command: a\nphases:\n  - {name: one, needs: [tow]}\n  - {name: two}',
      'line 3: "phases.0.needs.0": the phase "one" needs "tow", which is no phase. Did you mean "two"?',
    ],
    [
      'command: a\nphases:\n  - {name: z}\n  - {name: a, needs: [b]}\n  - {name: b, needs: [c]}\n  - {name: c, needs: [a]}',
      'line 4: "phases.1.needs": the phases wait for each other: "a" needs "b" needs "c" needs "a".',
    ],
  ])('%j', (text, sentence) => {
    expect(refusal(text)).toBe(`${PATH}, ${sentence}`);
  });

  it('is refused with its number before a sweep is made, in no time', () => {
    const began = performance.now();
    expect(
      refusal(
        'command: a {arguments}\nsweep:\n  grid:\n    x: {from: 1, to: 1000}\n    y: {from: 1, to: 1000}',
      ),
    ).toBe(
      `${PATH}, line 2: "sweep": this sweep has 1,000,000 experiments, more than 10,000; make it smaller.`,
    );
    const file = parseSuite('command: a {arguments}\nseeds: 1000000000', PATH);
    expect(countSuite(file.suite)).toBe(1e9);
    expect(performance.now() - began).toBeLessThan(500);
  });

  it('names a file that is not there', async () => {
    expect(await failureOf('usage', () => readSuite('/nowhere/a.minibatch.yaml'))).toContain(
      'There is no suite file /nowhere/a.minibatch.yaml.',
    );
  });
});

describe('a sweep', () => {
  const values = (text: string) => expand(text).map((one) => one.values);

  it('multiplies grid, zip, list and seeds, and the parameters stay', () => {
    const found = expand(
      'command: a {arguments}\nparameters: {p: 1}\nsweep:\n  grid: {x: [1, 2]}\n  zip: {y: [3, 4], z: [5, 6]}\n  list: [{q: a}, {q: b}]\nseeds: [7, 8]',
    );
    expect(found).toHaveLength(16);
    expect(found[0]?.values).toEqual({ p: 1, x: 1, y: 3, z: 5, q: 'a', seed: 7 });
    expect(found[15]?.values).toEqual({ p: 1, x: 2, y: 4, z: 6, q: 'b', seed: 8 });
    expect(found[0]?.label).toBe('x=1 y=3 z=5 q=a seed=7');
  });

  it('takes ranges by step and count, linear and logarithmic', () => {
    expect(
      values('command: a {arguments}\nsweep: {grid: {x: {from: 0, to: 1, step: 0.25}}}').map(({ x }) => x),
    ).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect(
      values('command: a {arguments}\nsweep: {grid: {x: {from: 0.001, to: 1, count: 4, scale: log}}}').map(
        ({ x }) => x,
      ),
    ).toEqual([0.001, 0.01, 0.1, 1]);
  });

  const random = (parameters: string, count: number): string =>
    `command: a {arguments}\nsweep: {random: {count: ${count}, seed: 7, parameters: {${parameters}}}}`;

  it('draws the same numbers whatever the order, the company and the count', () => {
    const lr = 'lr: {logUniform: [1.0e-5, 1.0e-1]}';
    const few = values(random(lr, 5)).map((one) => one.lr);
    const many = values(random(`w: {choice: [8, 16]}, ${lr}`, 50)).map((one) => one.lr);
    expect(many.slice(0, 5)).toEqual(few);
    expect(new Set(many).size).toBe(50);
  });

  it('fills its range evenly, on a logarithmic scale where asked', () => {
    const drawn = values(
      random('lr: {logUniform: [1.0e-4, 1]}, n: {integer: [1, 4]}, u: {uniform: [-1, 1]}', 2000),
    );
    const exponents = drawn.map(({ lr }) => Math.log10(Number(lr)));
    expect(Math.min(...exponents)).toBeGreaterThanOrEqual(-4);
    expect(Math.max(...exponents)).toBeLessThanOrEqual(0);
    expect(exponents.reduce((sum, one) => sum + one, 0) / 2000).toBeCloseTo(-2, 1);
    for (const n of [1, 2, 3, 4])
      expect(Math.abs(drawn.filter((one) => one.n === n).length - 500)).toBeLessThan(100);
    expect(drawn.some(({ u }) => Number(u) < -0.9) && drawn.some(({ u }) => Number(u) > 0.9)).toBe(true);
  });
});

describe('phases and queues', () => {
  it('come in an order that their needs allow, with what they say themselves', () => {
    const found = expand(
      'command: a {arguments}\nparameters: {p: 1}\nqueues: {left: {device: "cuda:1"}}\nphases:\n  - {name: tune, needs: [warm], queue: left, sweep: {grid: {x: [1, 2]}}}\n  - {name: warm, command: b, parameters: {p: 2}}',
    );
    expect(
      found.map(({ phase, label, queue, command, values }) => [phase, label, queue, command[0], values]),
    ).toEqual([
      ['warm', 'warm', 'main', 'b', { p: 2 }],
      ['tune', 'tune x=1', 'cuda:1', 'a', { p: 1, x: 1 }],
      ['tune', 'tune x=2', 'cuda:1', 'a', { p: 1, x: 2 }],
    ]);
  });
});

describe('overrideSuite', () => {
  const { suite } = parseSuite(
    'command: a {arguments}\nparameters: {p: 1}\nsweep: {grid: {x: [1, 2], y: [1, 2]}}\nseeds: 3',
    PATH,
  );
  const labels = (given: Parameters<typeof overrideSuite>[1]) =>
    expandSuite(overrideSuite(suite, given), { seed: 1, hash: sha256 }).map((one) => one.label);

  it('takes a value in the place of an axis and a list as an axis', () => {
    expect(labels({ x: 5, seed: 4 })).toEqual(['y=1', 'y=2']);
    expect(labels({ x: 5, y: 5, seed: 4, p: [1, 2] })).toEqual(['p=1', 'p=2']);
  });

  it('refuses a parameter that the suite does not have', () => {
    expect(() => overrideSuite(suite, { px: 5 })).toThrow(
      'there is no parameter "px" to set. Did you mean "p" or "x"? Parameters are p, x, y, seed',
    );
  });
});

describe('the published schema', () => {
  it('is the one that suites are read by', () => {
    const published = readFileSync(join(ROOT, 'resources/workloads/command/suite.schema.json'), 'utf8');
    expect(JSON.parse(published)).toEqual(JSON.parse(JSON.stringify(suiteSchema())));
  });

  it('knows every key of the suites that come with it', async () => {
    for (const path of ['resources/workloads/command/example/quick', 'test/fixtures/suites/classify']) {
      const file = await readSuite(join(ROOT, `${path}.minibatch.yaml`));
      expect(file.check(() => expandSuite(file.suite, { seed: 1, hash: sha256 })).length).toBeGreaterThan(1);
    }
  });
});
