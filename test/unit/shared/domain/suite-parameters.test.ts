import { describe, expect, it } from 'vitest';
import { readSuiteText, suiteParameters, suiteText } from '../../../../src/shared/domain/suite-parameters.ts';
import { suite } from '../../../../src/shared/model/suite.ts';

describe('the parameters of a suite, as a form shows them', () => {
  it('have the text of a single value or list, and a phrase for everything else', () => {
    const found = suiteParameters(
      suite.parse({
        command: 'python a.py {arguments} --name {tag}',
        parameters: { width: 64, mode: 'fast', quiet: true },
        sweep: {
          grid: {
            lr: [0.1, 0.2],
            depth: { from: 1, to: 9, step: 2 },
            decay: { from: 1, to: 100, count: 3, scale: 'log' },
          },
          zip: { a: [1, 2], b: [3, 4] },
          random: { count: 2, parameters: { noise: { uniform: [0, 1] } } },
        },
        seeds: 3,
      }),
    );
    expect(Object.fromEntries(found.map(({ name, text, hint }) => [name, [text, hint]]))).toEqual({
      width: ['64', ''],
      mode: ['fast', ''],
      quiet: ['true', ''],
      lr: ['[0.1, 0.2]', '2 values'],
      depth: ['', '1 to 9 by 2'],
      decay: ['', '1 to 100, 3 values, log scale'],
      a: ['[1, 2]', '2 values, one with each of its list'],
      b: ['[3, 4]', '2 values, one with each of its list'],
      noise: ['', 'drawn at random'],
      tag: ['', ''],
      seed: ['', 'seeds of the suite'],
    });
    expect(found.filter(({ varies }) => !varies).map(({ name }) => name)).toEqual([
      'width',
      'mode',
      'quiet',
      'tag',
    ]);
  });

  it('name the phases that say something else', () => {
    const [lr] = suiteParameters(
      suite.parse({
        command: 'a',
        parameters: { lr: 1 },
        phases: [{ name: 'one', parameters: { lr: 2 } }, { name: 'two' }],
      }),
    );
    expect(lr).toEqual({ name: 'lr', kind: 'number', text: '', hint: 'as in one', varies: true });
  });

  it.each([
    1,
    0.1,
    true,
    null,
    'adam',
    '0.1',
    'true',
    '',
    ' x',
    '[1]',
    'a, b',
    [1, 'two', false, null],
    ['a, b', 'say "hi"', '', '7'],
    ['a b'],
    [],
  ])('come back from their text: %j', (value) => {
    expect(readSuiteText(suiteText(value))).toEqual(value);
  });

  it('take what is no value as a word', () => {
    expect(['{"a": 1}', '1e', ' 1 ', '[ann,  bob]', '[0.1,2e-3]', '[]'].map(readSuiteText)).toEqual([
      '{"a": 1}',
      '1e',
      1,
      ['ann', 'bob'],
      [0.1, 0.002],
      [],
    ]);
  });
});
