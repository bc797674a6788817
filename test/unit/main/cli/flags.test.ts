import { describe, expect, it } from 'vitest';
import { type FlagSpec, parseFlags } from '../../../../src/main/cli/flags.ts';

const SPECS: readonly FlagSpec[] = [
  { name: 'architectures', kind: 'integer-list', help: '' },
  { name: 'target-ratios', kind: 'integer', min: 1, help: '' },
  { name: 'memory-gb', kind: 'number', above: 0, help: '' },
  { name: 'force-overwrite', kind: 'boolean', help: '' },
  { name: 'follow', short: 'f', kind: 'boolean', help: '' },
  { name: 'features', kind: 'choice', choices: ['summary', 'full'], help: '' },
  { name: 'batch', kind: 'string', repeated: true, help: '' },
];

function parse(line: string): { values: Record<string, unknown>; positionals: readonly string[] } {
  const { values, positionals } = parseFlags(line === '' ? [] : line.split(' '), SPECS);
  return { values: Object.fromEntries(values), positionals };
}

describe('what people type', () => {
  it.each([
    ['', {}, []],
    ['quick', {}, ['quick']],
    ['quick --target-ratios 40', { 'target-ratios': 40 }, ['quick']],
    ['--target_ratios=40 quick', { 'target-ratios': 40 }, ['quick']],
    ['--architectures 0 2 4 quick', { architectures: '0,2,4' }, ['quick']],
    ['--architectures 0,2,4 --follow', { architectures: '0,2,4', follow: true }, []],
    ['--architectures=5-8 x', { architectures: '5-8' }, ['x']],
    ['--architectures 0-3 7', { architectures: '0-3,7' }, []],
    ['--force_overwrite quick', { 'force-overwrite': true }, ['quick']],
    ['--force-overwrite=false', { 'force-overwrite': false }, []],
    ['--no-force-overwrite', { 'force-overwrite': false }, []],
    ['-f 3', { follow: true }, ['3']],
    ['--memory-gb .5', { 'memory-gb': 0.5 }, []],
    ['--batch a --batch b', { batch: ['a', 'b'] }, []],
    ['--set target_ratios=7 --set features=full', { 'target-ratios': 7, features: 'full' }, []],
    ['--set architectures=0,2', { architectures: '0,2' }, []],
    ['--set=force-overwrite=true', { 'force-overwrite': true }, []],
    ['-- --target-ratios', {}, ['--target-ratios']],
  ])('reads "%s"', (line, values, positionals) => {
    expect(parse(line)).toEqual({ values, positionals });
  });
});

describe('what is refused in words', () => {
  it.each([
    ['--target-ratio 3', 'Unknown flag --target-ratio. Did you mean --target-ratios?'],
    ['--colour red', 'Unknown flag --colour. "minibatch help" lists what there is.'],
    ['--set colour=red', 'Unknown flag --set colour.'],
    ['-x', 'Unknown flag -x.'],
    ['--target-ratios', '--target-ratios needs a value.'],
    ['--target-ratios --follow', '--target-ratios needs a value.'],
    ['--target-ratios -1', '--target-ratios must be at least 1, not -1.'],
    ['--target-ratios 1.5', '--target-ratios needs a whole number, not "1.5".'],
    ['--target-ratios many', '--target-ratios needs a number, not "many".'],
    ['--target-ratios=', '--target-ratios needs a number, not "".'],
    ['--target-ratios NaN', '--target-ratios needs a number, not "NaN".'],
    ['--memory-gb 0', '--memory-gb must be more than 0, not 0.'],
    ['--memory-gb Infinity', '--memory-gb needs a number, not "Infinity".'],
    ['--architectures', '--architectures needs one or more whole numbers'],
    ['--architectures quick', '--architectures needs one or more whole numbers'],
    ['--features ful', '--features can be summary, full, not "ful". Did you mean "full"?'],
    ['--force-overwrite=maybe', '--force-overwrite is a switch: give true or false, not "maybe".'],
    ['--batch=', '--batch must not be empty.'],
  ])('"%s"', (line, sentence) => {
    expect(() => parse(line)).toThrow(
      expect.objectContaining({ code: 'usage', message: expect.stringContaining(sentence) }),
    );
  });
});
