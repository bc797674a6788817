import { describe, expect, it } from 'vitest';
import {
  checkOptions,
  coerceOption,
  parseAssignment,
  resolveOptions,
} from '../../../../src/shared/domain/option-values.ts';
import type { Json } from '../../../../src/shared/model/json.ts';
import type { OptionSpec } from '../../../../src/shared/model/workload.ts';
import { usageOf } from '../../../support/expected.ts';

function spec(changes: Partial<OptionSpec>): OptionSpec {
  return { name: 'epochs', type: 'integer', default: 1_000, help: '', advanced: false, ...changes };
}

const epochs = spec({ min: 1, max: 100_000 });
const rate = spec({ name: 'learning-rate', type: 'number', default: 0.03, min: 0 });
const features = spec({ name: 'features', type: 'choice', default: 'summary', choices: ['summary', 'full'] });
const transposed = spec({ name: 'transposed-loss', type: 'boolean', default: false });
const architectures = spec({ name: 'architectures', type: 'integer-list', default: null, min: 0, max: 18 });
const title = spec({ name: 'title', type: 'string', default: '' });
const all = [epochs, rate, features, transposed, architectures, title];

describe('coerceOption', () => {
  it.each<[OptionSpec, Json, Json]>([
    [epochs, 50, 50],
    [epochs, '50', 50],
    [epochs, '1e3', 1_000],
    [rate, '1e-3', 0.001],
    [rate, 0, 0],
    [features, 'full', 'full'],
    [transposed, 'yes', true],
    [transposed, '0', false],
    [transposed, true, true],
    [architectures, '0,2, 5-8', [0, 2, 5, 6, 7, 8]],
    [architectures, '[1, 2]', [1, 2]],
    [architectures, [3], [3]],
    [architectures, 4, [4]],
    [architectures, '', []],
    [architectures, null, null],
    [title, 'a=b', 'a=b'],
    [title, 7, '7'],
  ])('$name takes %j', (option, given, expected) => expect(coerceOption(option, given)).toEqual(expected));

  it.each<[OptionSpec, Json, string]>([
    [epochs, 'abc', '--epochs is "abc" but takes a whole number from 1 to 100000.'],
    [epochs, 0, '--epochs is 0 but takes a whole number from 1 to 100000.'],
    [epochs, 1.5, '--epochs is 1.5 but takes a whole number from 1 to 100000.'],
    [epochs, '', '--epochs is "" but takes a whole number from 1 to 100000.'],
    [epochs, null, '--epochs is null but takes a whole number from 1 to 100000.'],
    [rate, '-1', '--learning-rate is "-1" but takes a number of at least 0.'],
    [rate, 'Infinity', '--learning-rate is "Infinity" but takes a number of at least 0.'],
    [features, 'ful', '--features is "ful" but takes one of summary, full. Did you mean "full"?'],
    [transposed, 'maybe', '--transposed-loss is "maybe" but takes true or false.'],
    [
      architectures,
      '0,19',
      '--architectures is "0,19" but takes a list of whole numbers, each from 0 to 18, such as 0,2,5-8.',
    ],
    [
      architectures,
      '3-1',
      '--architectures is "3-1" but takes a list of whole numbers, each from 0 to 18, such as 0,2,5-8.',
    ],
    [
      architectures,
      '0-999999999',
      '--architectures is "0-999999999" but takes a list of whole numbers, each from 0 to 18, such as 0,2,5-8.',
    ],
    [
      architectures,
      ['1'],
      '--architectures is ["1"] but takes a list of whole numbers, each from 0 to 18, such as 0,2,5-8.',
    ],
    [title, ['x'], '--title is ["x"] but takes a text.'],
  ])('$name refuses %j', (option, given, sentence) => {
    expect(usageOf(() => coerceOption(option, given))).toBe(sentence);
  });
});

describe('resolveOptions', () => {
  it('lays given values over the preset over the defaults, under their proper names', () => {
    expect(
      resolveOptions({
        specs: all,
        preset: { architectures: [0, 1], epochs: 10 },
        given: { epochs: '20', transposed_loss: 'on' },
      }),
    ).toEqual({
      epochs: 20,
      'learning-rate': 0.03,
      features: 'summary',
      'transposed-loss': true,
      architectures: [0, 1],
      title: '',
    });
  });

  it('suggests the nearest name for a typo', () => {
    expect(usageOf(() => checkOptions(all, { epcohs: 1 }))).toContain(
      'There is no option "epcohs". Did you mean "epochs"?',
    );
    expect(usageOf(() => checkOptions(all, { learning: 1 }))).toContain('Did you mean "learning-rate"?');
    expect(usageOf(() => checkOptions(all, { zzz: 1 }))).not.toContain('Did you mean');
  });
});

describe('parseAssignment', () => {
  it('splits at the first equal sign', () =>
    expect(parseAssignment('title=a=b')).toEqual({ name: 'title', value: 'a=b' }));
  it.each(['epochs', '=3'])('refuses %s', (text) =>
    expect(usageOf(() => parseAssignment(text))).toContain('name=value'),
  );
});
