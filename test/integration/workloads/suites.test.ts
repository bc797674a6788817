import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isSameProcess } from '../../../src/main/worker/supervisor-signal.ts';
import { readStatusFile } from '../../../src/main/store/run-file.ts';
import { type CommandWorld, createCommandWorld, lastDocument } from '../../support/command-line.ts';
import { findPython } from '../../support/system-python.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
/** Runs start in their place, the app included, in far less. */
const PATIENCE = 60_000;

let world: CommandWorld;
let studies: string;
beforeAll(() => {
  world = createCommandWorld();
  const workloads = join(world.root, 'resources', 'workloads');
  cpSync(join(ROOT, 'resources', 'workloads', 'command'), join(workloads, 'command'), { recursive: true });
  studies = join(world.root, 'studies');
  cpSync(join(ROOT, 'test', 'fixtures', 'suites'), studies, { recursive: true });
});
afterAll(() => world.remove());

function write(name: string, text: string): string {
  const path = join(studies, name);
  writeFileSync(path, text);
  return path;
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + PATIENCE;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('It did not come true.');
    await new Promise((done) => setTimeout(done, 20));
  }
}

/** Folders of all attempts, in the order of their names. */
function attempts(workspace: string): string[] {
  const batches = join(workspace, 'batches');
  if (!existsSync(batches)) return [];
  return readdirSync(batches).flatMap((batch) => {
    const runs = join(batches, batch, 'runs');
    return existsSync(runs)
      ? readdirSync(runs).flatMap((run) =>
          readdirSync(join(runs, run)).map((attempt) => join(runs, run, attempt)),
        )
      : [];
  });
}

interface Result {
  readonly summary: Record<string, unknown>;
  readonly rows: number;
  readonly identity: string;
}

/** Empty for an attempt that was cut off before its supervisor had begun. */
function logOf(folder: string): string {
  const path = join(folder, 'output.log');
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

/** What the experiments came to, by name: everything but times. */
function results(workspace: string): unknown[] {
  return attempts(workspace)
    .filter((folder) => existsSync(join(folder, 'result.json')))
    .map((folder) => {
      const { summary, rows, identity } = JSON.parse(
        readFileSync(join(folder, 'result.json'), 'utf8'),
      ) as Result;
      const table = events(folder).filter((event) => event.kind === 'row');
      const points = new Map(
        events(folder)
          .filter((event) => event.kind === 'metric')
          .map((event) => [event.step, event.values]),
      );
      return { identity, summary, rows, table: table.map((event) => event.row), points: [...points] };
    })
    .toSorted((a, b) => a.identity.localeCompare(b.identity));
}

interface Event {
  readonly kind: string;
  readonly step?: number;
  readonly values?: unknown;
  readonly row?: unknown;
  readonly level?: string;
  readonly text?: string;
}

function events(folder: string): Event[] {
  const path = join(folder, 'events.jsonl');
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .flatMap((line) => {
      try {
        return [JSON.parse(line) as Event];
      } catch {
        return [];
      }
    });
}

/** As a power cut would: the supervisors first, so that none of them can write how its run ended. */
async function killRuns(workspace: string): Promise<void> {
  for (const folder of attempts(workspace)) {
    const read = readStatusFile(folder);
    if (read.kind !== 'ok' || read.value.state === 'exited') continue;
    const { supervisor, process: training } = read.value;
    for (const one of [supervisor, training]) if (one && isSameProcess(one)) process.kill(one.pid, 'SIGKILL');
    await until(() => !isSameProcess(supervisor) && !(training && isSameProcess(training)));
  }
}

const python = findPython();

describe('a suite that is killed with the app and resumed', () => {
  it.each([
    ['classify', (folder: string) => events(folder).some((event) => event.kind === 'checkpoint')],
    ['sample', (folder: string) => events(folder).some((event) => event.kind === 'checkpoint')],
    ['pipeline', (folder: string) => existsSync(join(folder, 'work', 'numbers.txt'))],
  ])(
    'comes to the results of %s that nobody disturbed',
    async (name, underWay) => {
      const suite = join(studies, `${name}.minibatch.yaml`);
      const args = [suite, '--workers', '2', '--python', python];
      const undisturbed = world.newWorkspace();
      const whole = world.start('run', ...args);
      expect((await whole.ended).code, whole.text()).toBe(0);

      const workspace = world.newWorkspace();
      const first = world.start('run', ...args);
      await until(() => attempts(workspace).length === 2 && attempts(workspace).some(underWay));
      first.child.kill('SIGKILL');
      await first.ended;
      await killRuns(workspace);
      expect(results(workspace)).toEqual([]);
      const begun = attempts(workspace).filter(underWay).length;
      const resumed = await world.run('resume');
      expect(resumed.code, resumed.stderr + resumed.stdout).toBe(0);
      expect(attempts(workspace)).toHaveLength(4);
      expect(results(workspace)).toEqual(results(undisturbed));
      expect(results(workspace)).toHaveLength(2);
      const continued = attempts(workspace).filter((folder) => logOf(folder).includes('Goes on from'));
      expect(continued).toHaveLength(name === 'pipeline' ? 0 : begun);
    },
    PATIENCE,
  );
});

describe('a script with a parser and log calls', () => {
  it('gets a suite from init that runs as it is', async () => {
    const workspace = world.newWorkspace();
    const init = await world.run('init', join(studies, 'rollout.py'), '--python', python);
    expect(init.code, init.stderr).toBe(0);
    const again = await world.run('init', join(studies, 'rollout.py'), '--python', python);
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('--force replaces it')]);
    const suite = join(studies, 'rollout.minibatch.yaml');
    const set = ['--set', 'learning-rate=0.001', '--set', 'seed=3', '--set', 'total-timesteps=40'];
    const ended = await world.run('run', suite, ...set, '--python', python);
    expect(ended.code, ended.stdout + ended.stderr).toBe(0);
    const [folder = '', ...others] = attempts(workspace);
    expect(others).toEqual([]);
    const points = events(folder).filter((event) => event.kind === 'metric');
    expect(points.map((event) => event.step)).toEqual([10, 20, 30, 40]);
    expect(results(workspace)).toMatchObject([
      { table: [{ metric: 'charts/episodic_return', points: 4, step: 40 }] },
    ]);
    expect(events(folder).findLast((event) => event.kind === 'progress')).toMatchObject({
      done: 40,
      total: 40,
    });
  });
});

describe('the code of a suite', () => {
  it(
    'is frozen at the start, with commit, changes and what git does not know, and edits do not leak in',
    async () => {
      const folder = join(world.root, 'repository');
      mkdirSync(join(folder, 'data'), { recursive: true });
      const git = (...args: string[]): string =>
        execFileSync('git', ['-C', folder, '-c', 'user.name=a', '-c', 'user.email=a@b', ...args]).toString();
      writeFileSync(join(folder, '.gitignore'), 'data\n*.bin\n');
      writeFileSync(join(folder, 'data', 'numbers.txt'), '42');
      writeFileSync(join(folder, 'helper.py'), 'VALUE = 1\n');
      // Waits for the edit before it imports what is edited.
      writeFileSync(
        join(folder, 'train.py'),
        `import os, sys, time\nwhile not os.path.exists(sys.argv[1]): time.sleep(0.02)\nimport helper, fresh\nopen("out.txt", "w").write("x")\nprint("value", helper.VALUE, fresh.VALUE, open("data/numbers.txt").read())\n`,
      );
      git('init', '-q');
      git('add', '.');
      git('commit', '-qm', 'first');
      writeFileSync(join(folder, 'helper.py'), 'VALUE = 2\n');
      writeFileSync(join(folder, 'fresh.py'), 'VALUE = 3\n');
      writeFileSync(join(folder, 'noise.bin'), 'x');
      const go = join(world.root, 'go');
      const suite = join(folder, 'a.minibatch.yaml');
      writeFileSync(
        suite,
        `command: python train.py ${go}\nmetrics: {patterns: ['value (?P<value>\\d+) (?P<fresh>\\d+) (?P<data>\\d+)']}\ncode: {link: [data]}\n`,
      );
      const workspace = world.newWorkspace();
      const run = world.start('run', suite, '--python', python);
      await until(() => attempts(workspace).length === 1);
      writeFileSync(join(folder, 'helper.py'), 'VALUE = 20\n');
      writeFileSync(join(folder, 'fresh.py'), 'VALUE = 30\n');
      writeFileSync(go, '');
      expect((await run.ended).code, run.text()).toBe(0);
      expect(results(workspace)).toMatchObject([{ summary: { value: 2, fresh: 3, data: 42 } }]);
      const batch = resolve(attempts(workspace)[0] ?? '', '../../..');
      const frozen = JSON.parse(readFileSync(join(batch, 'batch.json'), 'utf8')) as {
        code: Record<string, unknown>;
      };
      expect(frozen.code).toMatchObject({
        commit: git('rev-parse', 'HEAD').trim(),
        diff: 'code.diff',
        linked: ['data'],
      });
      expect(readFileSync(join(batch, 'code.diff'), 'utf8')).toContain('+VALUE = 2');
      expect(existsSync(join(batch, 'code', 'noise.bin'))).toBe(false);
      expect(statSync(join(batch, 'code', 'helper.py')).mode & 0o222).toBe(0);
      expect(readdirSync(join(attempts(workspace)[0] ?? '', 'work')).toSorted()).toEqual(['out.txt']);
      expect(existsSync(join(folder, 'out.txt'))).toBe(false);
      // Changed code is another experiment; unchanged code is done already.
      const plan = async (): Promise<string> =>
        lastDocument<{ experiments: { action: string }[] }>(
          await world.run('plan', suite, '--json', '--python', python),
        )
          .experiments.map((one) => one.action)
          .join();
      expect(await plan()).toBe('run');
      writeFileSync(join(folder, 'helper.py'), 'VALUE = 2\n');
      writeFileSync(join(folder, 'fresh.py'), 'VALUE = 3\n');
      expect(await plan()).toBe('skip');
    },
    PATIENCE,
  );
});

describe('a command that misbehaves', () => {
  async function endOf(
    name: string,
    text: string,
  ): Promise<{ code: number; said: string; workspace: string }> {
    const workspace = world.newWorkspace();
    const ended = await world.run('run', write(`${name}.minibatch.yaml`, text), '--python', python);
    return { code: ended.code, said: ended.stdout + ended.stderr, workspace };
  }

  it('keeps its exit code and its last line', async () => {
    const { code, said, workspace } = await endOf(
      'fails',
      `command: [sh, -c, 'echo no such luck; exit 7']\n`,
    );
    expect(code).toBe(1);
    expect(said).toContain('exit code 7: no such luck');
    expect(readStatusFile(attempts(workspace)[0] ?? '')).toMatchObject({ value: { exitCode: 7 } });
  });

  it('is not done without what the suite expects', async () => {
    const text = `command: [sh, -c, 'echo fine']\nexpect: {files: ["*.pt"], metrics: [loss]}\n`;
    const { code, said } = await endOf('empty', text);
    expect(code).toBe(1);
    expect(said).toContain('but the file *.pt and the metric loss, which the suite expects, are missing');
  });

  it('cannot write events or results of its own, and leaves no child behind', async () => {
    const text = `command: [sh, -c, 'echo "{\\"t\\": 1, \\"kind\\": \\"result\\", \\"summary\\": {\\"loss\\": 0}}"; echo "{\\"t\\": 1, \\"kind\\": \\"row\\", \\"row\\": {}}"; (trap "" HUP; sleep 300) & echo $! > child; exit 0']\nmetrics: {jsonLines: true}\n`;
    const { code, workspace } = await endOf('mimic', text);
    expect(code).toBe(0);
    const [folder = ''] = attempts(workspace);
    expect(events(folder).filter((event) => event.kind === 'result')).toHaveLength(1);
    expect(results(workspace)).toMatchObject([{ summary: { t: 1, 'summary/loss': 0 }, rows: 2 }]);
    const child = Number(readFileSync(join(folder, 'work', 'child'), 'utf8'));
    expect(() => process.kill(child, 0)).toThrow();
  });

  it('is told of files that it wrote into the folder of its code, or fails if the suite refuses that', async () => {
    const mark = join(studies, 'shared-result.txt');
    const text = `command: [sh, -c, 'echo 1 > own.txt; echo 2 > ${mark}; echo loss 3']\n`;
    const sentence = `a file was written outside its folder, by it or by something else: ${mark}.`;
    const warned = await endOf('writes', text);
    expect(warned.code, warned.said).toBe(0);
    expect(warned.said).toMatch(/1 run has warnings\. See them with: minibatch status \S+-writes-/);
    const status = await world.run('status', 'latest');
    expect(status.stdout).toContain(sentence);
    expect(lastDocument(await world.run('status', 'latest', '--json'))).toMatchObject({
      experiments: [{ warnings: [expect.stringContaining(sentence)] }],
    });
    const messages = events(attempts(warned.workspace)[0] ?? '').filter((event) => event.kind === 'message');
    expect(messages).toMatchObject([{ level: 'warning', text: expect.stringContaining(sentence) }]);
    const refused = await endOf('writes', `${text}outsideWrites: refuse\n`);
    expect([refused.code, refused.said]).toEqual([1, expect.stringContaining(sentence)]);
    const allowed = await endOf('writes', `${text}outsideWrites: allow\n`);
    expect(allowed.code).toBe(0);
    expect(allowed.said).not.toContain('warnings');
    expect(events(attempts(allowed.workspace)[0] ?? '').filter((event) => event.kind === 'message')).toEqual(
      [],
    );
    rmSync(mark);
  });

  it('that does not exist is refused before anything is written', async () => {
    for (const [text, sentence] of [
      ['command: pyton train.py\n', 'there is no program "pyton" in the PATH. Did you mean "python"?'],
      ['command: python trian.py\n', 'there is no script trian.py in'],
      ['command: ./classify.py\n', 'may not be executed'],
      ['command: a\nfolder: nowhere\n', 'there is no folder'],
      [
        'command: "true {arguments}"\nsweep: {grid: {x: {from: 1, to: 1000}, y: {from: 1, to: 1000}}}\n',
        'this sweep has 1,000,000 experiments, more than 10,000',
      ],
    ] as const) {
      const { code, said, workspace } = await endOf('wrong', text);
      expect(code).toBe(2);
      expect(said).toContain(sentence);
      expect(attempts(workspace)).toEqual([]);
    }
  });

  it('is retried, limited in time, and set from the command line', async () => {
    const workspace = world.newWorkspace();
    const text = `command: [sh, -c, 'test -e {mark} && exit 0; touch {mark}; exit 3']\nparameters: {mark: nowhere}\nretries: 1\ntimeLimit: 30s\n`;
    const suite = write('again.minibatch.yaml', text);
    const mark = join(world.root, 'mark');
    const ended = await world.run('run', suite, '--set', `mark=${mark}`, '--python', python);
    expect(ended.code, ended.stdout + ended.stderr).toBe(0);
    expect(attempts(workspace)).toHaveLength(2);
    const file = JSON.parse(readFileSync(join(attempts(workspace)[0] ?? '', 'run.json'), 'utf8')) as Record<
      string,
      unknown
    >;
    expect(file).toMatchObject({ timeoutSeconds: 30, parameters: { values: { mark } } });
  });
});
