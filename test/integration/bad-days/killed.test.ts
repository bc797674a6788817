import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { lastDocument, type RunDocument, trainingPython } from '../../support/command-line.ts';
import { createKilledWorld, type KilledWorld, rowsOf } from '../../support/killed-app.ts';

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

let world: KilledWorld;
beforeAll(() => {
  world = createKilledWorld();
});
afterAll(() => world.remove());

/** Without the name of the batch, which is all that may differ. */
async function comparison(workspace: string): Promise<unknown> {
  const ended = await world.start(workspace, 'compare').ended;
  expect(ended.code, ended.stderr).toBe(0);
  return lastDocument<{ rows: object[] }>(ended).rows.map((row) => ({ ...row, batch: null }));
}

describe.skipIf(trainingPython === undefined)('medium, while everything is killed', () => {
  it('goes on from its checkpoints to the rows and statistics of an undisturbed run', async () => {
    const disturbed = world.start('disturbed', ...MEDIUM, ...SHORT);
    const checkpoints = (): number => world.count('disturbed', 'checkpoint/latest.json');
    await vi.waitFor(
      () => {
        expect(world.documents('disturbed', 'result.json').length).toBeGreaterThan(0);
        // The finished one has a checkpoint too.
        expect(checkpoints()).toBeGreaterThan(world.documents('disturbed', 'result.json').length);
      },
      { timeout: 45_000, interval: 10 },
    );
    await world.powerCut(disturbed, 'disturbed');
    const finished = world.documents<{ seed: number }>('disturbed', 'result.json').length;

    const resumed = await world.start('disturbed', 'resume').ended;
    expect(resumed.code, resumed.stderr).toBe(0);
    const document = lastDocument<RunDocument>(resumed);
    expect(document.succeeded).toBe(3);
    // Nothing that was finished is repeated, and what was begun goes on after its last whole chunk.
    expect(document.runs.filter((run) => run.attempt === 1).length).toBeGreaterThanOrEqual(finished);
    const again = document.runs.filter((run) => run.attempt === 2);
    expect(again.length).toBeGreaterThan(0);
    const logs = again.map(({ folder }) => readFileSync(join(folder, 'output.log'), 'utf8'));
    expect(logs.join()).toMatch(/Goes on after \d+ trainings of the previous attempt/);

    const undisturbed = await world.start('undisturbed', ...MEDIUM, ...SHORT).ended;
    expect(undisturbed.code, undisturbed.stderr).toBe(0);
    expect(rowsOf(document)).toEqual(rowsOf(lastDocument<RunDocument>(undisturbed)));
    expect(await comparison('disturbed')).toEqual(await comparison('undisturbed'));
    expect(existsSync(join(world.root, 'disturbed', '.minibatch', 'lock.json'))).toBe(false);
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
    const both = await Promise.all([
      world.start('shared', ...quick).ended,
      world.start('shared', ...quick).ended,
    ]);
    for (const { code, stderr } of both) expect(code, stderr).toBe(0);
    const runs = world
      .documents<{ identity: string }>('shared', 'result.json')
      .map(({ identity }) => identity);
    expect([runs.length, new Set(runs).size]).toEqual([3, 3]);
    const counts = both.map((ended) => lastDocument<{ succeeded: number; skipped: number }>(ended));
    for (const { succeeded, skipped } of counts) expect(succeeded + skipped).toBe(3);
  });
});
