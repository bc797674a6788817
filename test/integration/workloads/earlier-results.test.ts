import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BackupRecord, ImportReport, Verification } from '../../../src/shared/model/archive.ts';
import type { Plan } from '../../../src/shared/model/plan.ts';
import {
  type CommandWorld,
  createCommandWorld,
  type Ended,
  lastDocument,
  type RunDocument,
  trainingPython,
} from '../../support/command-line.ts';

/** Few scales and passes: the same experiments as ever, only shorter. */
const PYTHON = ['--python', trainingPython ?? ''];
const SHORT = ['--scales', '4', '7', '--repeats', '1', '--seed', '7', ...PYTHON];
const RELU = 0;
const CONVOLUTION = 12;
const LAYER_NORM = 20;
const DENSE = 22;

interface Counts extends RunDocument {
  readonly postponed: number;
}

let world: CommandWorld;
beforeAll(() => {
  world = createCommandWorld();
  const workloads = ['resources', 'workloads', 'tolerance'];
  cpSync(resolve(import.meta.dirname, '../../..', ...workloads), join(world.root, ...workloads), {
    recursive: true,
  });
});
afterAll(() => world.remove());

async function ended(...argv: string[]): Promise<Ended> {
  const end = await world.run(...argv, '--json');
  expect(end.code, end.stderr).toBe(0);
  return end;
}

async function json<T>(...argv: string[]): Promise<T> {
  return lastDocument<T>(await ended(...argv));
}

/** What somebody has who kept only the documents: groups of them, an older copy, and files that must not count. */
function keepDocuments(exported: string, folder: string): void {
  const core = join(folder, 'results', 'core_layers');
  cpSync(exported, folder, { recursive: true });
  cpSync(core, join(folder, 'backup-of-last-week'), { recursive: true });
  const relu = readFileSync(join(core, 'ReLU_tol0.5_results.json'), 'utf8');
  writeFileSync(join(core, 'Tanh_tol0.5_results.json'), relu);
  writeFileSync(join(core, 'SiLU_tol0.5_results.json'), relu.slice(0, relu.length / 2));
  writeFileSync(join(core, 'Softmax_tol2.0_results.json'), relu.replace('"ReLU"', '"Softmax"'));
  writeFileSync(join(core, 'notes.txt'), 'nothing');
}

describe.skipIf(trainingPython === undefined)('earlier results of the tolerance study', () => {
  it('come from documents, count as done, and leave what is new and what is put off', async () => {
    await ended('run', 'tolerance/custom', '--experiments', `${RELU}`, `${DENSE}`, ...SHORT);
    const { folder } = await json<{ folder: string }>('export', 'tolerance', '--format', 'results');
    const kept = join(world.root, 'kept');
    keepDocuments(folder, kept);

    world.newWorkspace();
    const report = await json<ImportReport>('import', kept);
    expect(report).toMatchObject({ imported: 2, known: 0 });
    expect(report.refused.map((sentence) => sentence.slice(kept.length + 1)).toSorted()).toEqual([
      expect.stringMatching(/SiLU_tol0.5_results.json: it is cut off or damaged/),
      expect.stringMatching(/Softmax_tol2.0_results.json: Softmax is none of the 20/),
      expect.stringMatching(/Tanh_tol0.5_results.json: its name says something else than its content, ReLU/),
    ]);
    expect(await json<ImportReport>('import', kept)).toMatchObject({ imported: 0, known: 2 });

    const indices = [RELU, CONVOLUTION, LAYER_NORM, DENSE].map(String);
    const run = await json<Counts>('run', 'tolerance/all', '--experiments', ...indices, ...SHORT);
    expect(run).toMatchObject({ skipped: 2, succeeded: 1, postponed: 1, failed: 0 });
    const { backups } = await json<{ backups: BackupRecord[] }>('backup', 'list');
    expect(backups.map(({ file, problem }) => [file?.why, file?.results, problem])).toEqual([
      ['Core layers, gpu 0 done', 1, null],
    ]);
    const before = await json<Verification>('verify', run.batch);
    expect(before).toMatchObject({ planned: 4, postponed: 1, expected: 3, found: 3, complete: true });
    expect(await json<Counts>('release', run.batch)).toMatchObject({ succeeded: 2, postponed: 0 });
    expect(await json<Verification>('verify', run.batch)).toMatchObject({ expected: 4, found: 4 });
  }, 240_000);

  it('leave a folder of unusable documents with a sentence for each', async () => {
    const folder = join(world.root, 'rubbish');
    mkdirSync(folder);
    writeFileSync(
      join(folder, 'ReLU_tol0.5_results.json'),
      '{"model_name": "ReLU", "status": "success", "proof_time": 5}',
    );
    const end = await world.run('import', folder, '--json');
    expect(end.code).toBe(1);
    expect(lastDocument<ImportReport>(end)).toMatchObject({ imported: 0, batches: [] });
    expect(end.stderr).toContain('it holds the times of a proof');
  });
});

describe.skipIf(trainingPython === undefined)('one queue of the three', () => {
  it('can be run alone by the command that the plan gives', async () => {
    const whole = await json<Plan>('plan', 'tolerance/quick', '--epochs', '2', ...PYTHON);
    const commands = whole.notes.flatMap(
      (note) => /^Queue (gpu \d) alone: minibatch (.*)$/.exec(note)?.slice(1) ?? [],
    );
    expect(commands).toHaveLength(6);
    for (let at = 0; at < commands.length; at += 2) {
      const words = (commands[at + 1] ?? '').split(' ');
      const alone = await json<Plan>('plan', ...words.slice(1), ...PYTHON);
      const own = whole.experiments.filter(({ queue }) => queue === commands[at]);
      expect(own.length).toBe([4, 4, 8][at / 2]);
      expect(alone.experiments.map(({ identity }) => identity).toSorted()).toEqual(
        own.map(({ identity }) => identity).toSorted(),
      );
    }
  }, 60_000);
});
