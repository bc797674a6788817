import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type CommandWorld,
  createCommandWorld,
  lastDocument,
  type RunDocument,
} from '../../support/command-line.ts';

interface PlanDocument {
  readonly experiments: { readonly index: number; readonly configuration: { readonly steps: number } }[];
  readonly workers: number;
  readonly preset: string;
  readonly retries: number;
}

let world: CommandWorld;
let folder: string;
beforeAll(() => {
  world = createCommandWorld();
});
afterAll(() => world.remove());
beforeEach(() => {
  folder = join(world.newWorkspace(), 'presets', 'steps');
});

function fileOf(name: string): string {
  return readFileSync(join(folder, `${name}.yaml`), 'utf8');
}

function write(name: string, text: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.yaml`), text);
}

async function plan(...argv: string[]): Promise<PlanDocument> {
  return lastDocument<PlanDocument>(await world.run('plan', ...argv, '--json'));
}

describe('a preset of one’s own', () => {
  it('is saved as a file with what differs, listed, planned and run like any other', async () => {
    const saved = await world.run(
      ...['preset', 'save', 'My Night', 'quick', '--step-count', '7', '--indices', '0,2'],
      ...['--workers', '2', '--retries', '1', '--summary', 'Seven steps.'],
    );
    expect(saved.stdout).toBe(
      'Saved as steps/my-night: 2 experiments. "minibatch run steps/my-night" runs it.\n',
    );
    expect(fileOf('my-night')).toBe(
      [
        'title: My Night',
        'summary: Seven steps.',
        'extends: quick',
        'options:',
        '  indices: [ 0, 2 ]',
        '  step-count: 7',
        'machine:',
        '  workers: 2',
        '  retries: 1',
        '',
      ].join('\n'),
    );
    expect((await world.run('list')).stdout).toContain('steps/my-night  Seven steps.');
    expect(await plan('steps/my-night')).toMatchObject({
      preset: 'my-night',
      workers: 2,
      retries: 1,
      experiments: [
        { index: 0, configuration: { steps: 7 } },
        { index: 2, configuration: { steps: 7 } },
      ],
    });
    const ended = lastDocument<RunDocument>(await world.run('run', 'my_night', '--json'));
    expect(ended).toMatchObject({ succeeded: 2, failed: 0 });
    expect(ended.batch).toContain('-my-night-');
    // The batch says itself what it was asked for, whatever becomes of the file.
    const frozen = JSON.parse(
      readFileSync(join(world.workspace, 'batches', ended.batch, 'batch.json'), 'utf8'),
    ) as { plan: { request: object } };
    expect(frozen.plan.request).toMatchObject({
      preset: 'my-night',
      options: { 'step-count': 7, indices: [0, 2] },
      workers: 2,
      retries: 1,
    });
  });

  it('extends another one, and what is said on the command line wins over both', async () => {
    await world.run('preset', 'save', 'base', 'quick', '--step-count', '5', '--workers', '2');
    await world.run('preset', 'save', 'one', 'base', '--indices', '1');
    expect(fileOf('one')).toBe('title: one\nextends: base\noptions:\n  indices: [ 1 ]\n');
    expect(await plan('one')).toMatchObject({
      workers: 1,
      experiments: [{ index: 1, configuration: { steps: 5 } }],
    });
    write('base', `${fileOf('base')}  # two cores only\n`.replace('step-count: 5', 'step-count: 6'));
    expect((await plan('one')).experiments).toMatchObject([{ index: 1, configuration: { steps: 6 } }]);
    expect((await plan('one', '--step-count', '8')).experiments[0]).toMatchObject({
      configuration: { steps: 8 },
    });
    // Saved over itself it keeps its title, its base and what was written beside it.
    write('base', `# for nights\n${fileOf('base')}`);
    await world.run('preset', 'save', 'base', 'base', '--pause', '0.5', '--replace');
    expect(fileOf('base')).toContain('# for nights\n');
    expect(fileOf('base')).toContain('step-count: 6\n  pause: 0.5\n');
  });

  it('is renamed with those that extend it, and removed into the trash', async () => {
    await world.run('preset', 'save', 'base', 'quick', '--step-count', '5');
    await world.run('preset', 'save', 'child', 'base', '--indices', '1');
    expect((await world.run('preset', 'rename', 'base', 'Five steps')).stdout).toBe(
      'steps/base is steps/five-steps now.\n',
    );
    expect(fileOf('child')).toContain('extends: five-steps\n');
    const kept = await world.run('preset', 'remove', 'five-steps');
    expect([kept.code, kept.stderr]).toEqual([
      1,
      'steps/five-steps cannot be removed: steps/child extends it. Remove that one first.\n',
    ]);
    expect((await world.run('preset', 'remove', 'steps/child')).code).toBe(0);
    expect((await world.run('preset', 'remove', 'five-steps')).code).toBe(0);
    expect(readdirSync(join(world.workspace, 'trash')).toSorted()).toEqual([
      'preset-steps-child.yaml',
      'preset-steps-five-steps.yaml',
    ]);
    expect(existsSync(join(folder, 'child.yaml'))).toBe(false);
  });

  it('never takes a name that is taken', async () => {
    await world.run('preset', 'save', 'Night', 'quick', '--step-count', '5');
    for (const [title, sentence] of [
      ['Quick', 'steps/quick is a preset of the workload itself already. Choose another name.'],
      ['night', 'steps/night is a preset of yours already. Choose another name, or save the changes there.'],
    ] as const) {
      const ended = await world.run('preset', 'save', title, 'all', '--step-count', '6');
      expect([ended.code, ended.stderr]).toEqual([2, `${sentence}\n`]);
    }
    const none = await world.run('preset', 'remove', 'quick');
    expect(none.stderr).toBe('quick is a preset of the workload itself, which stays as it is.\n');
  });

  it('takes any name for people, and makes one for files of it', async () => {
    for (const [title, name] of [
      ['🌙 Nächte', 'nachte'],
      ['ניסוי', 'preset'],
      ['2 nights', 'preset-2-nights'],
      ['../../etc', 'etc'],
    ] as const) {
      const saved = await world.run('preset', 'save', title, 'quick', '--step-count', '9', '--json');
      expect(lastDocument(saved)).toEqual({ workload: 'steps', preset: name });
    }
    const long = await world.run('preset', 'save', 'x'.repeat(300), 'quick', '--step-count', '9');
    expect([long.code, long.stderr]).toEqual([2, expect.stringContaining('more than 80 characters')]);
  });
});

describe('a file with a mistake', () => {
  it.each([
    [
      'an unknown key',
      'extends: quick\noptoins: {}\n',
      'line 2: The key "optoins" is not known here. Did you mean "options"?',
    ],
    [
      'an unknown option',
      'extends: quick\noptions:\n  step-cuont: 3\n',
      'line 3: "options.step-cuont": There is no option "step-cuont". Did you mean "step-count"?',
    ],
    [
      'a value of the wrong type',
      'extends: quick\noptions:\n  pause: soon\n',
      'line 3: "options.pause": Pause is "soon" but takes a number from 0 to 10.',
    ],
    [
      'a machine setting out of range',
      'extends: quick\nmachine:\n  workers: 500\n',
      'line 3: "machine.workers" too big',
    ],
    [
      'an unknown base',
      'extends: quik\n',
      'line 1: "extends": There is no preset "quik" to extend. Did you mean "quick"?',
    ],
    [
      'itself as its base',
      'title: A\nextends: broken\n',
      'line 2: "extends": "broken" extends itself; name another preset.',
    ],
    ['no base', 'title: A\n', 'line 1: A preset needs either "extends"'],
    ['no YAML', 'a: [1\n', 'This is not YAML'],
    ['a list', '- a\n', 'line 1: A preset is a table of keys'],
  ])('with %s is named with file, line and key, and hides nothing else', async (_, text, sentence) => {
    await world.run('preset', 'save', 'good', 'quick', '--step-count', '5');
    write('broken', text);
    const listed = await world.run('list');
    expect(listed.stdout).toContain('steps/good');
    expect(listed.stderr).toContain(`${join(folder, 'broken.yaml')}, line`);
    expect(listed.stderr).toContain(sentence);
    const planned = await world.run('plan', 'steps/broken');
    expect([planned.code, planned.stderr]).toEqual([2, expect.stringContaining(sentence)]);
    expect((await world.run('preset', 'remove', 'steps/broken')).code).toBe(0);
  });

  it('in a ring is told with the whole ring', async () => {
    write('a', 'extends: b\n');
    write('b', 'extends: steps/c\n');
    write('c', 'extends: a\n');
    const listed = await world.run('preset', 'list');
    expect(listed.stderr).toContain(
      '"extends": These presets extend each other in a ring: "a", then "b", then "c", then "a"; one of them has to extend another preset.',
    );
    expect(listed.stderr.trim().split('\n')).toHaveLength(3);
    const saved = await world.run('preset', 'save', 'd', 'a');
    expect(saved.code).toBe(2);
  });
});

describe('a few experiments of a preset', () => {
  it('are planned and run alone with --only', async () => {
    expect((await plan('all', '--only', '3,5-6')).experiments.map(({ index }) => index)).toEqual([3, 5, 6]);
    expect((await plan('all', '--only', '0', '7', '--start-from', '2')).experiments).toMatchObject([
      { index: 7 },
    ]);
    const none = await world.run('plan', 'quick', '--only', '1,8');
    expect([none.code, none.stderr]).toEqual([
      2,
      '--only names 8, which is no experiment here: the indices of quick are 0 to 2.\n',
    ]);
    const ended = lastDocument<RunDocument>(await world.run('run', 'quick', '--only', '1', '--json'));
    expect(ended.runs.map(({ index }) => index)).toEqual([1]);
  });
});
