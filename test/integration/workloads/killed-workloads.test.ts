import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { lastDocument, type RunDocument, trainingPython } from '../../support/command-line.ts';
import { createKilledWorld, type KilledWorld, rowsOf } from '../../support/killed-app.ts';

const SHARED = ['--python', trainingPython ?? '', '--workers', '2', '--seed', '7'];
/** Checkpoints come early and much work comes behind them, so that there is a middle to be killed in. */
const DERIVATIVES = [
  'derivatives/quick',
  ...['--systems', 'lotka_volterra', '--noise', '1e-3', '--trials', '2', '--points', '201'],
];
/** One network, trained by the first experiment and taken over by the second. */
const TOLERANCE = [
  'tolerance/quick',
  ...['--experiments', '38,39', '--epochs', '8', '--images', '800', '--test-images', '40'],
];
/** One part of games, and a network that is trained on them. */
const HEX = [
  'hex/test',
  ...['--experiments', 'policy_heavy', '--games', '120', '--epochs', '8', '--patience', '8'],
];
/** A Transformer and an LSTM; the first measurement is at step 12. */
const SCALING = [
  'scaling/custom',
  ...['--widths', '16', '--lstm-widths', '16', '--steps', '500', '--tokens-per-parameter', '0'],
];

let world: KilledWorld;
beforeAll(() => {
  world = createKilledWorld();
});
afterAll(() => world.remove());

describe.skipIf(trainingPython === undefined)('a workload that is killed with the app and resumed', () => {
  it.each([
    {
      name: 'derivatives',
      argv: DERIVATIVES,
      goesOn: /Goes on after [1-9]\d* methods/,
      clocks: ['seconds'],
    },
    { name: 'tolerance', argv: TOLERANCE, goesOn: /Goes on after [1-9]\d* of 8 epochs/, clocks: [] },
    { name: 'scaling', argv: SCALING, goesOn: /Goes on after [1-9]\d* of 500 steps/, clocks: [] },
    {
      name: 'hex',
      argv: HEX,
      goesOn: /Goes on after [1-9]\d* of 8 epochs/,
      clocks: ['seconds', 'trainingSeconds', 'samplesPerSecond', 'finishedAt', 'memoryMb'],
    },
  ])(
    'comes to the rows of $name that nobody disturbed',
    async ({ name, argv, goesOn, clocks }) => {
      const disturbed = `${name}-disturbed`;
      const first = world.start(disturbed, 'run', ...argv, ...SHARED);
      await vi.waitFor(
        () => {
          // One that ended too early is told below, with what it said.
          if (first.child.exitCode === null)
            expect(world.count(disturbed, 'checkpoint/latest.json')).toBeGreaterThan(0);
        },
        { timeout: 60_000, interval: 10 },
      );
      await world.powerCut(first, disturbed);
      expect((await first.ended).code, (await first.ended).stderr).toBe(137);
      const finished = world.count(disturbed, 'result.json');
      expect(finished).toBeLessThan(2);

      const [resumed, undisturbed] = await Promise.all([
        world.start(disturbed, 'resume').ended,
        world.start(`${name}-undisturbed`, 'run', ...argv, ...SHARED).ended,
      ]);
      expect(resumed.code, resumed.stderr).toBe(0);
      const document = lastDocument<RunDocument>(resumed);
      const again = document.runs.filter(({ attempt }) => attempt === 2);
      expect(document.succeeded).toBe(2);
      expect(again.length).toBeGreaterThan(0);
      const logs = again.map(({ folder }) => readFileSync(join(folder, 'output.log'), 'utf8'));
      expect(logs.join('\n')).toMatch(goesOn);

      expect(undisturbed.code, undisturbed.stderr).toBe(0);
      // What a clock says, or the memory of the process, may differ; nothing else.
      const rows = rowsOf(lastDocument<RunDocument>(undisturbed), clocks);
      expect(Object.values(rows).map((own) => own.length > 0)).toEqual([true, true]);
      expect(rowsOf(document, clocks)).toEqual(rows);
    },
    180_000,
  );
});
