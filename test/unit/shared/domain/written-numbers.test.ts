import { describe, expect, it } from 'vitest';
import { readSuiteText, suiteText } from '../../../../src/shared/domain/suite-parameters.ts';
import { isWholeFloat, takeWritten, writtenValues } from '../../../../src/shared/domain/written-numbers.ts';
import { parseSuite } from '../../../../src/main/workloads/suite-file.ts';
import { suite } from '../../../../src/shared/model/suite.ts';

describe('numbers as they were written', () => {
  it.each(['1.0', '-2.', '1e3', '+1.50e1', '0.0'])('%s is a float that its number does not show', (text) => {
    expect(isWholeFloat(text)).toBe(true);
  });

  it.each(['1', '0.5', '1e-3', 'e3', '.', '1.0.0', '0x10', '1e400', 'v1.0', ''])(
    '%s is none, or one that shows itself',
    (text) => {
      expect(isWholeFloat(text)).toBe(false);
    },
  );

  it('are found wherever a suite holds values, through aliases too', () => {
    const { written } = parseSuite(
      `command: python a.py {arguments}
parameters: {a: &a 1.0, b: *a, c: 1, text: "2.0"}
sweep:
  grid: {d: [2.0, 3], e: [[4.0, 5]]}
  zip: {f: [6.0]}
  list: [{g: 7.0}]
  random: {count: 1, parameters: {h: {choice: [8.0, 0.5]}}}
phases: [{name: p, parameters: {i: 1e2}, sweep: {grid: {j: {from: 1.0, to: 2}}}}]
`,
      'a.yaml',
    );
    expect([...written].map(([name, texts]) => [name, ...texts.values()])).toEqual([
      ['a', '1.0'],
      ['b', '1.0'],
      ['d', '2.0'],
      ['e', '4.0'],
      ['f', '6.0'],
      ['h', '8.0'],
      ['g', '7.0'],
      ['i', '1e2'],
      ['j', '1.0'],
    ]);
  });

  it('keep a point where they are computed among floats, and none where among whole numbers', () => {
    const made = suite.parse({
      command: 'x',
      sweep: {
        grid: {
          half: { from: 0, to: 1, count: 3 },
          whole: { from: 1, to: 100, count: 3, scale: 'log' },
          float: { from: 1, to: 2 },
        },
      },
    });
    const values = [
      { half: 0, whole: 1, float: 1, fixed: [1, 2] },
      { half: 0.5, whole: 10, float: 2, fixed: [1, 2] },
    ];
    const written = new Map([
      ['float', new Map([[1, '1.']])],
      ['fixed', new Map([[2, '2.0']])],
    ]);
    expect(writtenValues(made, written, values)).toEqual([
      { half: '0.0', float: '1.', fixed: [null, '2.0'] },
      { float: '2.0', fixed: [null, '2.0'] },
    ]);
  });

  it('come as texts from a form or a flag and become numbers with their text', () => {
    expect(readSuiteText('[1.0, 2, 1e-3]')).toEqual(['1.0', 2, 0.001]);
    expect(suiteText(['1.0', 2])).toBe('[1.0, 2]');
    const taken = takeWritten({ a: ['1.0', 2], b: '3.0', c: 'x' }, new Map());
    expect(taken.values).toEqual({ a: [1, 2], b: 3, c: 'x' });
    expect(taken.written.get('b')?.get(3)).toBe('3.0');
  });
});
