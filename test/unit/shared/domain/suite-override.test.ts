import { describe, expect, it } from 'vitest';
import { overrideSuite, type SuiteSettings } from '../../../../src/shared/domain/suite-override.ts';
import { expandSuite } from '../../../../src/shared/domain/suite-plan.ts';
import type { RequestSweep } from '../../../../src/shared/model/request-sweep.ts';
import { suite, SuiteProblem } from '../../../../src/shared/model/suite.ts';
import { sha256 } from '../../../../src/main/platform/hash.ts';

const SUITE = suite.parse({
  command: 'train {lr} {width} {act}',
  parameters: { width: 64, act: 'relu' },
  sweep: { grid: { lr: [0.1, 0.2] } },
});

function labels(given: SuiteSettings, sweep?: RequestSweep, base = SUITE): string[] {
  return expandSuite(overrideSuite(base, given, sweep), { seed: 1, hash: sha256 }).map(({ label }) => label);
}

describe('a suite with other values', () => {
  it('takes ranges beside lists, and multiplies them', () => {
    expect(labels({ lr: { from: 0.001, to: 0.1, count: 3, scale: 'log' }, width: [1, 2] })).toEqual([
      'lr=0.001 width=1',
      'lr=0.001 width=2',
      'lr=0.01 width=1',
      'lr=0.01 width=2',
      'lr=0.1 width=1',
      'lr=0.1 width=2',
    ]);
  });

  it('lets lists and ranges advance together', () => {
    expect(
      labels({ lr: { from: 1, to: 3, scale: 'linear' }, width: [4, 5, 6] }, { zip: ['lr', 'width'] }),
    ).toEqual(['lr=1 width=4', 'lr=2 width=5', 'lr=3 width=6']);
    expect(() => labels({ width: [4, 5, 6] }, { zip: ['lr', 'width'] })).toThrow(
      '"width" has 3 values and "lr" has 2; a zip needs equally many',
    );
    expect(() => labels({}, { zip: ['lr', 'act'] })).toThrow('"act" has no list of values');
    const together = suite.parse({
      ...SUITE,
      sweep: { zip: { lr: [1, 2], width: [3, 4] } },
    });
    expect(labels({}, { zip: [] }, together)).toHaveLength(4);
  });

  it('draws at random as often as is said', () => {
    const drawn = labels({ lr: { logUniform: [0.001, 1] }, act: { choice: ['a', 'b'] } }, { draws: 5 });
    expect(drawn).toHaveLength(5);
    expect(() => labels({ lr: { uniform: [0, 1] } })).toThrow('"lr" is drawn at random; say how often');
  });

  it('takes a table in the place of all that it has columns for', () => {
    const list = [
      { lr: 1, act: 'a' },
      { lr: 2, act: 'b' },
      { lr: 2, width: 3 },
    ];
    expect(labels({}, { list })).toEqual(['lr=1 act=a', 'lr=2 act=b', 'lr=2 width=3']);
    expect(labels({}, { list: [{ width: 3 }, { width: 4 }] })).toEqual([
      'lr=0.1 width=3',
      'lr=0.1 width=4',
      'lr=0.2 width=3',
      'lr=0.2 width=4',
    ]);
    expect(() => labels({}, { list: [{ lr: 1 }, { act: 'b' }] })).toThrow(
      'row 2 of the table leaves "lr" empty, and the suite has no value for it',
    );
    expect(() => labels({}, { list: [{ rate: 1 }] })).toThrow('there is no parameter "rate" to set');
  });

  it('does not multiply by what is set to one value', () => {
    const random = suite.parse({
      ...SUITE,
      sweep: {
        random: { count: 3, parameters: { lr: { uniform: [0, 1] } } },
        list: [{ act: 'a' }, { act: 'b' }],
      },
    });
    expect(labels({ lr: 1, act: 'c' }, {}, random)).toHaveLength(1);
  });

  it('sets the sweep of a phase that has its own', () => {
    const phased = suite.parse({
      ...SUITE,
      phases: [{ name: 'one', sweep: { grid: { lr: [1, 2] } } }, { name: 'two' }],
    });
    expect(labels({ lr: { from: 1, to: 3, scale: 'linear' } }, {}, phased)).toHaveLength(6);
    expect(labels({ width: [1, 2, 3] }, { zip: [] }, phased)).toHaveLength(12);
  });

  it('says what is wrong as a problem of the suite', () => {
    expect(() => overrideSuite(SUITE, { widht: 1 })).toThrow(SuiteProblem);
    expect(() => overrideSuite(SUITE, {}, { zip: ['widht'] })).toThrow('Did you mean "width"?');
  });
});
