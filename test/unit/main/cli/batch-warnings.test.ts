import { expect, it } from 'vitest';
import { warnedLines, warningLines } from '../../../../src/main/cli/batch-warnings.ts';
import type { ExperimentRecord } from '../../../../src/shared/model/run.ts';

it('the end of a batch names the number of runs with warnings and the way to them', () => {
  expect(warnedLines(new Map(), 'b')).toEqual([]);
  expect(warnedLines(new Map([[0, ['x']]]), 'b')).toEqual([
    '1 run has warnings. See them with: minibatch status b',
  ]);
  const [line] = warnedLines(new Map(Array.from({ length: 3 }, (_, index) => [index, ['x']])), 'b');
  expect(line).toContain('3 runs have warnings');
});

it('a warning that several runs have is told once', () => {
  const experiments = ['a', 'b', 'c'].map((name, index) => ({ name, index }) as ExperimentRecord);
  const warnings = new Map([
    [0, ['Same.', 'Same.']],
    [2, ['Same.', 'Own.']],
  ]);
  expect(warningLines(warnings, { experiments })).toEqual([
    'Warning of 2 runs (0, 2): Same.',
    'Warning of c: Own.',
  ]);
});
