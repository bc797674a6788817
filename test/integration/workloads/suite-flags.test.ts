import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
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
  readonly device: string;
  readonly threads: number;
  readonly retries: number;
  readonly retryDelaySeconds: number;
  readonly failFast: boolean;
  readonly phases: readonly { readonly name: string; readonly needs: readonly string[] }[];
  readonly experiments: readonly {
    readonly name: string;
    readonly configuration: { readonly values: unknown };
  }[];
}

async function planned(...args: string[]): Promise<PlanDocument> {
  const ended = await world.run('plan', ...args, ...PYTHON, '--json');
  expect(ended.code, ended.stderr).toBe(0);
  return lastDocument<PlanDocument>(ended);
}

function write(name: string, text: string): string {
  const path = join(world.root, `${name}.minibatch.yaml`);
  writeFileSync(path, text);
  return path;
}

describe('a flag', () => {
  it('wins over the suite, also where it says what holds without a suite', async () => {
    const suite = write(
      'says',
      'command: "true"\nresources: {threads: 3, device: cpu}\nretries: 2\nretryDelay: 2m\nfailFast: true\n',
    );
    expect(await planned(suite)).toMatchObject({
      threads: 3,
      retries: 2,
      retryDelaySeconds: 120,
      failFast: true,
      device: 'cpu',
    });
    expect(await planned(suite, '--no-fail-fast', '--retry-delay', '0')).toMatchObject({
      retryDelaySeconds: 0,
      failFast: false,
    });
    expect(await planned(suite, '--threads', '1', '--retries', '0')).toMatchObject({
      threads: 1,
      retries: 0,
    });
    // Cannot be told from the suite's on a machine without a GPU but for the reason.
    const said = await world.run('plan', suite, ...PYTHON);
    const auto = await world.run('plan', suite, '--device', 'auto', ...PYTHON);
    expect(said.stdout).toContain('Device cpu: Asked for.');
    expect(auto.stdout).not.toContain('Asked for.');
  });
});

describe('a preset that is a suite', () => {
  it('takes parameters with --set, before or behind its name', async () => {
    const { experiments } = await planned('--set', 'lr=[0.5]', 'command/quick', '--set', 'seed=7');
    expect(experiments.map(({ configuration }) => configuration.values)).toMatchObject([
      { lr: 0.5, seed: 7 },
    ]);
  });

  it('refuses an unknown parameter with the names there are, and other flags as ever', async () => {
    const unknown = await world.run('plan', 'command/quick', '--set', 'seeed=1', ...PYTHON);
    expect([unknown.code, unknown.stderr]).toEqual([
      2,
      expect.stringContaining(
        'there is no parameter "seeed" to set. Did you mean "seed"? Parameters are steps, lr, seed.',
      ),
    ]);
    const flag = await world.run('plan', 'command/quick', '--lr', '1', ...PYTHON);
    expect([flag.code, flag.stderr]).toEqual([2, expect.stringContaining('Unknown flag --lr')]);
    const option = await world.run('plan', 'steps/quick', '--set', 'step-count=2', ...PYTHON);
    expect(option.code, option.stderr).toBe(0);
  });
});

describe('the phases of a suite', () => {
  it('stand in the plan with what they need', async () => {
    const suite = write(
      'phases',
      'command: "true {arguments}"\nphases:\n  - {name: join, needs: [l, r]}\n  - {name: l, parameters: {a: 1}, needs: []}\n  - {name: r, parameters: {a: 2}}\n',
    );
    const { phases, experiments } = await planned(suite);
    expect(phases).toEqual([
      { name: 'l', needs: [] },
      { name: 'r', needs: [] },
      { name: 'join', needs: ['l', 'r'] },
    ]);
    expect(experiments.map(({ name }) => name)).toEqual(['l', 'r', 'join']);
    const { stdout } = await world.run('plan', suite, ...PYTHON);
    expect(stdout).toContain('Phase join begins when l and r are done.');
  });

  it('run side by side where they do not need each other: each waits here until the other has begun', async () => {
    const place = join(world.root, 'meeting');
    mkdirSync(place);
    const meet = `touch ${place}/{own}; until test -e ${place}/{other}; do sleep 0.02; done`;
    const suite = write(
      'meet',
      `command: [sh, -c, '${meet}']
timeLimit: 30s
outsideWrites: allow
phases:
  - {name: l, parameters: {own: l, other: r}}
  - {name: r, needs: [], parameters: {own: r, other: l}}
  - {name: join, needs: [l, r], parameters: {own: j, other: l}}
`,
    );
    const ended = await world.run('run', suite, '--workers', '2', ...PYTHON, '--json');
    expect(ended.code, ended.stdout + ended.stderr).toBe(0);
    expect(lastDocument(ended)).toMatchObject({ succeeded: 3, failed: 0 });
  });
});
