import { expect, it } from 'vitest';
import { type Warnings, warnedLines, warningLines } from '../../../../src/main/cli/batch-warnings.ts';
import type { ExperimentRecord } from '../../../../src/shared/model/run.ts';

function of(runs: Warnings['runs'], batch: string[] = []): Warnings {
  return { runs, batch };
}

it('the end of a batch names the number of runs with warnings and the way to them', () => {
  expect(warnedLines(of(new Map()), 'b')).toEqual([]);
  expect(warnedLines(of(new Map([[0, ['x']]])), 'b')).toEqual([
    '1 run has warnings. See them with: minibatch status b',
  ]);
  const [line] = warnedLines(of(new Map(Array.from({ length: 3 }, (_, index) => [index, ['x']]))), 'b');
  expect(line).toContain('3 runs have warnings');
});

it('a warning that several runs have is told once', () => {
  const experiments = ['a', 'b', 'c'].map((name, index) => ({ name, index }) as ExperimentRecord);
  const runs = new Map([
    [0, ['Same.', 'Same.']],
    [2, ['Same.', 'Own.']],
  ]);
  expect(warningLines({ runs, batch: ['A hook failed.'] }, { experiments })).toEqual([
    'Warning of the batch: A hook failed.',
    'Warning of 2 runs (0, 2): Same.',
    'Warning of c: Own.',
  ]);
});
