import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type CommandWorld,
  createCommandWorld,
  lastDocument,
  type RunDocument,
  trainingPython,
} from '../../support/command-line.ts';

let world: CommandWorld;
beforeAll(() => {
  world = createCommandWorld();
});
afterAll(() => world.remove());

describe('wrong usage', () => {
  it.each([
    [['rnu', 'quick'], 'There is no command "rnu". Did you mean "run"'],
    [['status', '--colour'], 'Unknown flag --colour.'],
    [['run'], 'Name a preset, for example "minibatch run quick".'],
    [['run', 'quik'], 'There is no preset "quik". Did you mean "quick"?'],
    [['run', 'quick', 'long'], '"long" is too much'],
    [['run', 'quick', '--step-cuont', '3'], 'Unknown flag --step-cuont. Did you mean --step-count?'],
    [['run', 'quick', '--workers', '-1'], '--workers must be between 0 and 64, not -1.'],
    [['run', 'quick', '--workers', '500'], '--workers must be between 0 and 64, not 500.'],
    [['run', 'quick', '--memory-gb', '0'], '--memory-gb must be more than 0, not 0.'],
    [['run', 'quick', '--seed'], '--seed needs a value.'],
    [['run', 'quick', '--device', 'gpu'], '--device can be auto, mps, cuda, cpu, not "gpu".'],
    [['plan', 'quick', '--set', 'pause'], '"--set pause" is not of the form --set name=value.'],
    [['plan', 'quick', '--indices', '99'], '--indices is "99"'],
    [['plan', 'quick', '--pause', 'soon'], '--pause is "soon" but takes a number'],
    [['status', 'nope'], 'There is no batch "nope".'],
    [['--port', '1'], 'Begin with a command'],
  ])('%j ends with exit code 2 and a sentence', async (argv, sentence) => {
    const ended = await world.run(...argv);
    expect([ended.code, ended.stdout]).toEqual([2, '']);
    expect(ended.stderr).toContain(sentence);
    expect(ended.stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  it('tells an error as the document too', async () => {
    const ended = await world.run('run', 'quik', '--json');
    expect(ended.code).toBe(2);
    expect(lastDocument(ended)).toEqual({
      error: { code: 'usage', message: expect.stringContaining('quik') },
    });
  });
});

describe('help', () => {
  it('lists the commands and explains one', async () => {
    for (const argv of [[], ['help'], ['--help']]) {
      const ended = await world.run(...argv);
      expect([ended.code, ended.stdout]).toEqual([0, expect.stringContaining('minibatch reindex')]);
    }
    const run = await world.run('run', '--help');
    expect(run.stdout).toContain('--force-overwrite');
    expect((await world.run('--version')).stdout).toBe('0.0.0-test\n');
  });
});

it('says what is wrong with a workspace, and touches nothing', async () => {
  const file = join(world.root, 'a-file');
  writeFileSync(file, '');
  const ended = await world.run('status', '--workspace', join(file, 'inside'), '--json');
  expect(ended.code).toBe(1);
  expect(lastDocument(ended)).toEqual({
    error: { code: 'workspace-unusable', message: expect.stringContaining(file) },
  });
});

it('answers from an empty workspace', async () => {
  expect((await world.run('status')).stdout).toContain('There is no batch yet.');
  expect((await world.run('stop')).stderr).toContain('No batch is being worked on.');
  expect((await world.run('compare')).stderr).toContain('There is no result yet.');
  expect(lastDocument(await world.run('list', '--json'))).toMatchObject({
    workloads: [{ name: 'steps', presets: [{ name: 'quick' }, { name: 'long' }, { name: 'all' }] }],
    batches: [],
  });
});

describe.skipIf(trainingPython === undefined)('with a Python that can train', () => {
  const python = ['--python', trainingPython ?? ''];

  beforeEach(() => world.newWorkspace());

  it('plans in the promised form, and nothing happens', async () => {
    const ended = await world.run(
      'plan',
      'steps/quick',
      ...python,
      '--json',
      '--indices',
      '2',
      '0',
      '--set',
      'step_count=5',
    );
    expect(ended.code).toBe(0);
    expect(lastDocument(ended)).toMatchObject({
      experiments: [
        {
          index: 0,
          name: 'run 0',
          parameters: 10,
          action: 'run',
          estimate: { memoryMb: 50 },
          configuration: { steps: 5 },
        },
        {
          index: 2,
          name: 'run 2',
          parameters: 30,
          action: 'run',
          estimate: { memoryMb: 50 },
          configuration: { steps: 5 },
        },
      ],
      workers: expect.any(Number),
      limits: {
        memory: expect.any(Number),
        cores: expect.any(Number),
        cap: 6,
        slots: expect.any(Number),
        binding: expect.any(String),
      },
      totals: { run: 2, skip: 0, postpone: 0 },
    });
    expect(
      existsSync(join(world.workspace, 'batches')) && readdirSync(join(world.workspace, 'batches')),
    ).toBeFalsy();
    expect(lastDocument(await world.run('run', 'quick', '--dry-run', ...python, '--json'))).toMatchObject({
      totals: { run: 3 },
    });
    const table = await world.run('run', '--list-architectures', ...python);
    expect(table.stdout.trimEnd().split('\n')).toHaveLength(11);
  });

  it('runs, then skips, then runs again as asked and keeps the older attempts', async () => {
    const first = await world.run('run', 'quick', ...python, '--workers', '2', '--json');
    expect(first.code).toBe(0);
    const document = lastDocument<RunDocument>(first);
    expect(document).toMatchObject({ succeeded: 3, failed: 0, skipped: 0 });
    expect(document.speedup).toBeCloseTo(document.workSeconds / document.wallSeconds, 2);
    expect(document.runs.map((run) => [run.index, run.name, run.state])).toEqual([
      [0, 'run 0', 'succeeded'],
      [1, 'run 1', 'succeeded'],
      [2, 'run 2', 'succeeded'],
    ]);
    for (const run of document.runs) expect(existsSync(join(run.folder, 'result.json'))).toBe(true);
    // People's lines go to standard error then.
    expect(first.stdout.trimEnd().split('\n')).toHaveLength(1);
    expect(first.stderr).toMatch(/\[\d\/3\] worker 2: run/);
    expect(first.stderr).toMatch(/\[3\/3\] worker [12]: run \d succeeded in .+, sum [\d.]+/);

    const second = lastDocument<RunDocument>(await world.run('run', 'quick', ...python, '--json'));
    expect(second).toMatchObject({ succeeded: 0, skipped: 3, speedup: null });
    expect(second.runs.map((run) => run.folder)).toEqual(document.runs.map((run) => run.folder));

    const third = await world.run('run', 'quick', ...python, '--force_overwrite', '--start-from', '2');
    expect(third.code).toBe(0);
    expect(third.stdout).toContain('[1/1] worker 1: run 2 succeeded');
    expect(third.stdout).toMatch(/measured speed-up \d/);
    expect(existsSync(join(document.runs[2]?.folder ?? '', 'result.json'))).toBe(true);

    const compared = lastDocument<{ rows: unknown[] }>(await world.run('compare', '--json'));
    expect(compared.rows).toHaveLength(9);
    expect(compared.rows[0]).toMatchObject({
      name: 'run 0',
      parameters: 10,
      n: 0,
      count: 1,
      mean: expect.any(Number),
      median: expect.any(Number),
      q25: expect.any(Number),
      q75: expect.any(Number),
      stderr: null,
    });
    expect((await world.run('compare')).stdout).toContain('run 2');

    const exported = lastDocument<{ files: { path: string }[] }>(await world.run('export', '--json'));
    const rows = readFileSync(exported.files[0]?.path ?? '', 'utf8')
      .trimEnd()
      .split('\r\n');
    expect(rows).toHaveLength(1 + 9);
    const own = lastDocument<{ files: { path: string }[] }>(
      await world.run('export', '--format', 'text', '--json'),
    );
    expect(own.files.map((file) => readFileSync(file.path, 'utf8'))).toEqual(['3', '3', '3']);
    const unknown = await world.run('export', '--format', 'pdf');
    expect([unknown.code, unknown.stderr]).toEqual([
      2,
      expect.stringContaining('csv, json, jsonl, points, points-wide, points-jsonl, points-wide-jsonl, text'),
    ]);

    expect(lastDocument(await world.run('reindex', '--json'))).toEqual({ batches: 3, runs: 4, problems: [] });
    expect(lastDocument(await world.run('status', '--json'))).toMatchObject({
      batches: [{ state: 'finished' }, {}, {}],
    });
  });

  it('ends with 1 when something failed, names the way out, and retries it', async () => {
    const failed = await world.run('run', 'quick', ...python, '--failing', '1', '--json');
    expect(failed.code).toBe(1);
    const { batch, runs } = lastDocument<RunDocument>(failed);
    expect(runs.map((run) => run.state)).toEqual(['succeeded', 'failed', 'succeeded']);
    expect(failed.stderr).toContain(`minibatch retry ${batch}`);
    expect(failed.stderr).toContain('the tiny failure');
    expect((await world.run('logs', batch, '1')).stdout).toContain('ValueError: the tiny failure');
    const several = await world.run('logs', batch);
    expect([several.code, several.stderr]).toEqual([
      2,
      expect.stringContaining('0 (run 0), 1 (run 1), 2 (run 2)'),
    ]);

    const again = await world.run('retry', '--json');
    expect(again.code).toBe(1);
    const retried = lastDocument<RunDocument>(again);
    expect([retried.batch, retried.runs[1]?.folder]).toEqual([
      batch,
      join(dirname(runs[1]?.folder ?? ''), 'attempt-2'),
    ]);
    expect((await world.run('logs', '1', '--attempt', '1', '--lines', '3')).stdout).toContain('ValueError');
  });

  it('starts nothing new after a failure where that was asked for, and says how to go on', async () => {
    const flags = ['--failing', '1', '--fail-fast', '--workers', '1', '--seed', '7'];
    const halted = await world.run('run', 'quick', ...python, ...flags, '--json');
    expect(halted.code, halted.stderr).toBe(1);
    const { batch, runs } = lastDocument<RunDocument>(halted);
    expect(runs.map((run) => run.state)).toEqual(['succeeded', 'failed', 'queued']);
    expect(halted.stderr).toMatch(/Nothing new was started after .* failed, as asked/);
    expect(halted.stderr).toContain(`minibatch resume ${batch}`);
    const resumed = await world.run('resume', batch, '--json');
    expect(resumed.code).toBe(1);
    expect(lastDocument<RunDocument>(resumed).runs.map((run) => run.state)).toEqual([
      'succeeded',
      'failed',
      'succeeded',
    ]);
  });

  it('refuses a device that is not there instead of switching', async () => {
    const ended = await world.run('run', 'quick', ...python, '--device', 'cuda');
    expect([ended.code, ended.stderr]).toEqual([1, expect.stringContaining('cpu')]);
  });
});

it('names a Python that cannot be used', async () => {
  const ended = await world.run('plan', 'quick', '--python', '/no/such/python');
  expect([ended.code, ended.stderr]).toEqual([1, expect.stringContaining('/no/such/python')]);
});
