import { availableParallelism } from 'node:os';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ComparisonRow } from '../../../src/shared/model/comparison.ts';
import type { Plan } from '../../../src/shared/model/plan.ts';
import type { Verification } from '../../../src/shared/model/archive.ts';
import { lastDocument, type RunDocument, trainingPython } from '../../support/command-line.ts';
import { createKilledWorld, type KilledWorld } from '../../support/killed-app.ts';

const PYTHON = ['--python', trainingPython ?? ''];
/** The file beside it takes down the processes that were started. */
const METHODS = `
import os, subprocess, sys, time

def hangs(times, samples, orders):
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)
    with open(os.path.join(os.path.dirname(__file__), "pids"), "w") as file:
        file.write(f"{os.getpid()} {child.pid}")
    time.sleep(600)

def good(times, samples, orders):
    return {order: samples for order in orders}
`;

let world: KilledWorld;
beforeAll(() => {
  world = createKilledWorld();
});
afterAll(() => world.remove());

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe.skipIf(trainingPython === undefined)('the derivatives study', () => {
  it('warns of two levels of parallelism that ask for more than the machine has', async () => {
    const asked = ['--workers', '6', '--threads', '3', ...PYTHON];
    const ended = await world.start('plan', 'plan', 'derivatives/quick', ...asked).ended;
    const { limits, workers } = lastDocument<Plan>(ended);
    expect([ended.code, workers]).toEqual([0, 6]);
    const cores = availableParallelism();
    expect(limits.sentence.includes(`Warning: that is 18 threads on ${cores} core`)).toBe(cores < 18);
    const own = await world.start('plan', 'plan', 'derivatives/quick', ...PYTHON, '--threads', String(cores))
      .ended;
    expect(lastDocument<Plan>(own).workers).toBe(1);
  });

  it('ends a method with all that it started, and keeps what the others gave', async () => {
    const file = join(world.root, 'own.py');
    writeFileSync(file, METHODS);
    const one = ['--systems', 'lotka_volterra', '--noise', '1e-3', '--trials', '1', '--points', '61'];
    const methods = ['--methods', 'central-difference', '--methods-file', file, '--method-timeout', '2'];
    const ended = await world.start('hang', 'run', 'derivatives/quick', ...one, ...methods, ...PYTHON).ended;
    expect(ended.code).toBe(1);
    const pids = readFileSync(join(world.root, 'pids'), 'utf8').split(' ').map(Number);
    expect(pids).toHaveLength(2);
    await vi.waitFor(() => expect(pids.filter(lives)).toEqual([]), { timeout: 10_000 });

    const { batch, runs } = lastDocument<RunDocument>(ended);
    const [run] = runs.filter(({ state }) => state === 'partial');
    const attempt = run?.folder ?? '';
    expect(ended.stderr).toContain('1 of 3 methods failed: hangs (still working after 2 s)');
    expect(existsSync(join(attempt, 'artifacts', 'predictions', 'good.csv'))).toBe(true);
    expect(existsSync(join(attempt, 'artifacts', 'predictions', 'hangs.csv'))).toBe(false);
    const verified = lastDocument<Verification>(await world.start('hang', 'verify', batch).ended);
    expect(verified).toMatchObject({ expected: 1, found: 0, complete: false });
  }, 120_000);

  it('compares methods, not configurations', async () => {
    const few = [
      '--systems',
      'lorenz',
      '--noise',
      '1e-3',
      '--trials',
      '2',
      '--points',
      '61',
      '--orders',
      '0',
      '1',
    ];
    const methods = ['--methods', 'central-difference,whittaker'];
    const ended = await world.start('few', 'run', 'derivatives/quick', ...few, ...methods, ...PYTHON).ended;
    expect(ended.code, ended.stderr).toBe(0);
    const compared = await world.start('few', 'compare', 'derivatives').ended;
    expect(compared.stderr).toMatch(/^method +/m);
    const { rows } = lastDocument<{ rows: ComparisonRow[] }>(compared);
    expect(rows.map(({ name, n, count }) => [name, n, count]).toSorted()).toEqual([
      ['central-difference', 0, 2],
      ['central-difference', 1, 2],
      ['whittaker', 0, 2],
      ['whittaker', 1, 2],
    ]);
    for (const { x } of rows) expect(x).toBeGreaterThan(0);

    const other = await world.start('few', 'compare', 'derivatives', '--value', 'rmse').ended;
    expect(other.stderr).toContain('RMSE, by Order; lower is better');
    const found = lastDocument<{ rows: ComparisonRow[]; compared: { value: string } }>(other);
    expect(found.compared.value).toBe('rmse');
    const means = (of: readonly ComparisonRow[]) => of.map(({ mean }) => mean);
    expect(found.rows).toHaveLength(4);
    expect(means(found.rows)).not.toEqual(means(rows));
  }, 120_000);
});
