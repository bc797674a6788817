import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type ChildProcess, spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startToken } from '../../../src/main/platform/process-identity.ts';
import { type Ended, lastDocument, type RunDocument, trainingPython } from '../../support/command-line.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const MEDIUM = ['run', 'medium', '--python', trainingPython ?? '', '--workers', '2', '--target-ratios', '20'];
const SHORT = [
  '--epochs',
  '30',
  '--n',
  '1,2,5',
  '--chunk-size',
  '2',
  '--generalisation-scenarios',
  '10',
  '--seed',
  '7',
];

interface Process {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

let root: string;
const children = new Set<ChildProcess>();
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'minibatch-killed-'));
});
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(root, { recursive: true, force: true, maxRetries: 5 });
});

/** The real command line with the real workloads. */
function start(workspace: string, ...argv: string[]): Process {
  const main = join(ROOT, 'src', 'main', 'headless.ts');
  const child = spawn(process.execPath, [main, ...argv, '--workspace', join(root, workspace), '--json'], {
    env: { ...process.env, MINIBATCH_DATA: join(root, 'data') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (piece: string) => {
      text[name] += piece;
    });
  const ended = new Promise<Ended>((done) => {
    child.on('close', (code) => {
      children.delete(child);
      done({ code: code ?? 137, ...text });
    });
  });
  return { child, ended };
}

/** What the run folders of a workspace hold under a name, as JSON. */
function documents<T>(workspace: string, name: string): T[] {
  return globSync(`batches/*/runs/*/attempt-*/${name}`, { cwd: join(root, workspace) }).map(
    (path) => JSON.parse(readFileSync(join(root, workspace, path), 'utf8')) as T,
  );
}

/** Every result row by experiment, in a fixed order. */
function rowsOf({ runs }: RunDocument): Record<string, string[]> {
  const rows = (folder: string): string[] =>
    readFileSync(join(folder, 'events.jsonl'), 'utf8')
      .split('\n')
      .filter((line) => line.includes('"kind": "row"'))
      .map((line) => JSON.stringify((JSON.parse(line) as { row: unknown }).row))
      .toSorted();
  return Object.fromEntries(runs.map(({ name, folder }) => [name, rows(folder)]));
}

/** Without the name of the batch, which is all that may differ. */
async function comparison(workspace: string): Promise<unknown> {
  const ended = await start(workspace, 'compare').ended;
  expect(ended.code, ended.stderr).toBe(0);
  return lastDocument<{ rows: object[] }>(ended).rows.map((row) => ({ ...row, batch: null }));
}

describe.skipIf(trainingPython === undefined)('medium, while everything is killed', () => {
  it('goes on from its checkpoints to the rows and statistics of an undisturbed run', async () => {
    const disturbed = start('disturbed', ...MEDIUM, ...SHORT);
    const checkpoints = (): number =>
      globSync('batches/*/runs/*/attempt-1/checkpoint/latest.json', { cwd: join(root, 'disturbed') }).length;
    await vi.waitFor(
      () => {
        expect(documents('disturbed', 'result.json').length).toBeGreaterThan(0);
        // The finished one has a checkpoint too.
        expect(checkpoints()).toBeGreaterThan(documents('disturbed', 'result.json').length);
      },
      { timeout: 45_000, interval: 10 },
    );
    disturbed.child.kill('SIGKILL');
    await disturbed.ended;
    // As in a power cut: supervisors and trainings go as well.
    type Status = { state: string; supervisor: { pid: number }; process: { pid: number } | null };
    for (const { state, supervisor, process: training } of documents<Status>('disturbed', 'status.json')) {
      if (state === 'exited') continue;
      for (const one of [supervisor, training])
        if (one && startToken(one.pid)) process.kill(one.pid, 'SIGKILL');
    }
    const finished = documents<{ seed: number }>('disturbed', 'result.json').length;

    const resumed = await start('disturbed', 'resume').ended;
    expect(resumed.code, resumed.stderr).toBe(0);
    const document = lastDocument<RunDocument>(resumed);
    expect(document.succeeded).toBe(3);
    // Nothing that was finished is repeated, and what was begun goes on after its last whole chunk.
    expect(document.runs.filter((run) => run.attempt === 1).length).toBeGreaterThanOrEqual(finished);
    const again = document.runs.filter((run) => run.attempt === 2);
    expect(again.length).toBeGreaterThan(0);
    const logs = again.map(({ folder }) => readFileSync(join(folder, 'output.log'), 'utf8'));
    expect(logs.join()).toMatch(/Goes on after \d+ trainings of the previous attempt/);

    const undisturbed = await start('undisturbed', ...MEDIUM, ...SHORT).ended;
    expect(undisturbed.code, undisturbed.stderr).toBe(0);
    expect(rowsOf(document)).toEqual(rowsOf(lastDocument<RunDocument>(undisturbed)));
    expect(await comparison('disturbed')).toEqual(await comparison('undisturbed'));
    expect(existsSync(join(root, 'disturbed', '.minibatch', 'lock.json'))).toBe(false);
  }, 120_000);
});

describe.skipIf(trainingPython === undefined)('two instances on one workspace', () => {
  it('share it: the same preset at the same time is trained once', async () => {
    const quick = [
      'run',
      'quick',
      '--python',
      trainingPython ?? '',
      '--target-ratios',
      '5',
      '--epochs',
      '10',
    ];
    const both = await Promise.all([start('shared', ...quick).ended, start('shared', ...quick).ended]);
    for (const { code, stderr } of both) expect(code, stderr).toBe(0);
    const runs = documents<{ identity: string }>('shared', 'result.json').map(({ identity }) => identity);
    expect([runs.length, new Set(runs).size]).toEqual([3, 3]);
    const counts = both.map((ended) => lastDocument<{ succeeded: number; skipped: number }>(ended));
    for (const { succeeded, skipped } of counts) expect(succeeded + skipped).toBe(3);
  });
});
