import { describe, expect, it } from 'vitest';
import { listFromRange } from '../../../src/renderer/state/list-range.ts';
import { kindChoices, kindOfParameter, parameterAs } from '../../../src/renderer/state/parameter-kind.ts';
import { sweepCount } from '../../../src/renderer/state/sweep-count.ts';
import {
  changedTexts,
  readSuiteTexts,
  type SuiteTexts,
  suiteTexts,
  withSettings,
} from '../../../src/renderer/state/sweep-form.ts';
import { sweepFacts, suiteParameters } from '../../../src/shared/domain/suite-parameters.ts';
import { expandSuite } from '../../../src/shared/domain/suite-plan.ts';
import { overrideSuite, type SuiteSettings } from '../../../src/shared/domain/suite-override.ts';
import { suite } from '../../../src/shared/model/suite.ts';
import type { SuiteCheck } from '../../../src/shared/model/suite-entry.ts';
import { optionSpec } from '../../../src/shared/model/workload.ts';
import { sha256 } from '../../../src/main/platform/hash.ts';

const SUITE = suite.parse({
  command: 'train {lr} {width} {act} {noise} {seed}',
  parameters: { width: 64, act: 'relu' },
  sweep: {
    grid: { lr: { from: 0.001, to: 0.1, count: 3, scale: 'log' } },
    random: { count: 2, parameters: { noise: { uniform: [0, 1] } } },
  },
  seeds: 2,
});
const CHECK: SuiteCheck = {
  kind: 'ok',
  name: 's',
  count: 12,
  experiments: [],
  parameters: suiteParameters(SUITE),
  sweep: sweepFacts(SUITE),
};
const FILE = suiteTexts(CHECK);

function changed(change: Partial<SuiteTexts>): SuiteTexts {
  return { ...FILE, ...change };
}

/** What the core makes of what the form says. */
function runs(form: SuiteTexts): number {
  const problems = {};
  const { options, sweep } = readSuiteTexts(form, FILE, problems);
  expect(problems).toEqual({});
  return expandSuite(overrideSuite(SUITE, options as SuiteSettings, sweep), { seed: 1, hash: sha256 }).length;
}

const axis = (from: string, to: string, count: string) =>
  ({ kind: 'range', from, to, count, scale: 'linear' }) as const;

describe('the live count', () => {
  it.each<[string, SuiteTexts, string]>([
    ['as in the file', FILE, '3 × 2 draws × 2 seeds = 12 runs'],
    [
      'a list more',
      changed({ options: { ...FILE.options, act: '[relu, gelu]' } }),
      '2 × 3 × 2 draws × 2 seeds = 24 runs',
    ],
    [
      'a range less',
      changed({
        axes: { noise: FILE.axes.noise ?? axis('0', '1', '2') },
        options: { ...FILE.options, lr: '0.5' },
      }),
      '2 draws × 2 seeds = 4 runs',
    ],
    [
      'together',
      changed({
        axes: { ...FILE.axes, width: axis('1', '3', '3') },
        options: { ...FILE.options, width: '' },
        together: ['lr', 'width'],
      }),
      '3 together × 2 draws × 2 seeds = 12 runs',
    ],
    ['other draws', changed({ draws: '1' }), '3 × 1 draw × 2 seeds = 6 runs'],
    [
      'seeds by number',
      changed({ axes: { ...FILE.axes, seed: { kind: 'seeds', count: '5' } } }),
      '3 × 2 draws × 5 seeds = 30 runs',
    ],
    [
      'a table',
      changed({
        table: {
          name: '',
          columns: ['lr', 'act'],
          rows: [
            { lr: 1, act: 'a' },
            { lr: 2, act: 'b' },
          ],
        },
      }),
      '2 rows × 2 draws × 2 seeds = 8 runs',
    ],
  ])('%s is what the core makes of it', (_, form, text) => {
    const found = sweepCount(form, CHECK);
    expect(found?.text).toBe(text);
    expect(runs(form)).toBe(found?.count);
  });

  it('says what is wrong, and nothing where it cannot know', () => {
    expect(sweepCount(changed({ draws: '5000' }), CHECK)?.problem).toBe(
      'More than the 10,000 experiments of a batch; make it smaller.',
    );
    const uneven = changed({
      options: { ...FILE.options, width: '[1, 2]' },
      together: ['lr', 'width'],
    });
    expect(sweepCount(uneven, CHECK)?.problem).toBe(
      'width has 2 values and lr 3 values: what advances together needs equally many.',
    );
    expect(sweepCount(changed({ axes: { lr: axis('x', '1', '3') } }), CHECK)).toBeNull();
    expect(sweepCount(FILE, { ...CHECK, sweep: null })).toBeNull();
  });
});

describe('the parameters of a form', () => {
  it('are asked for only where they differ from the file', () => {
    expect(readSuiteTexts(FILE, FILE, {})).toEqual({ options: {} });
    const problems: Record<string, string> = {};
    readSuiteTexts(
      changed({ axes: { ...FILE.axes, lr: { ...axis('-1', '1', '2'), scale: 'log' } }, draws: '' }),
      FILE,
      problems,
    );
    expect(problems).toEqual({
      'axis:lr': 'On a log scale both ends are above 0.',
      draws: 'How often they are drawn: a whole number, at least 1.',
    });
  });

  it('come back from what was asked for', () => {
    const form = changed({
      axes: {
        lr: axis('1', '2', '2'),
        width: { kind: 'random', distribution: 'integer', low: '1', high: '9', choices: '' },
      },
      options: { ...FILE.options, width: '', noise: '[0.1, 0.2]' },
      together: ['lr', 'noise'],
      draws: '3',
    });
    const asked = readSuiteTexts(form, FILE, {});
    const again = withSettings(FILE, asked);
    expect(changedTexts(again, form)).toEqual([]);
    expect(changedTexts(again, FILE)).toEqual(['width', 'lr', 'noise', 'what goes together', 'draws']);
  });

  it('take their values along when they are set in another way', () => {
    const [width, act, lr] = ['width', 'act', 'lr'].map((name) => {
      const found = CHECK.kind === 'ok' ? CHECK.parameters.find((one) => one.name === name) : undefined;
      return found ?? expect.unreachable();
    });
    if (!width || !act || !lr) return;
    expect(kindOfParameter(FILE, 'lr')).toBe('range');
    expect(parameterAs(FILE, lr, 'list').options?.lr).toBe('[0.001, 0.01, 0.1]');
    expect(parameterAs(FILE, lr, 'value').options?.lr).toBe('0.001');
    expect(parameterAs(FILE, lr, 'random').axes?.lr).toMatchObject({
      distribution: 'logUniform',
      low: '0.001',
      high: '0.1',
    });
    expect(parameterAs(FILE, width, 'range').axes?.width).toMatchObject({ from: '64', to: '65' });
    expect(parameterAs(FILE, act, 'random').axes?.act).toMatchObject({
      distribution: 'choice',
      choices: '[relu]',
    });
    expect(parameterAs(FILE, act, 'list').options?.act).toBe('[relu]');
    expect(kindChoices(width, 'value').map(({ value }) => value)).toEqual([
      'value',
      'list',
      'range',
      'random',
    ]);
  });
});

describe('a list option filled from a range', () => {
  const spec = optionSpec.parse({
    name: 'n',
    type: 'integer-list',
    default: [],
    min: 1,
    max: 1000,
    help: '',
  });
  const range = { kind: 'range', from: '1', to: '1000', count: '4', scale: 'log' } as const;

  it('has whole numbers, each once, within its limits', () => {
    expect(listFromRange(range, spec)).toEqual({ list: [1, 10, 100, 1000] });
    expect(listFromRange({ ...range, to: '3', count: '9', scale: 'linear' }, spec)).toEqual({
      list: [1, 2, 3],
    });
    expect(listFromRange({ ...range, to: '2000' }, spec)).toEqual({
      problem: 'A whole number from 1 to 1,000.',
    });
    expect(listFromRange({ ...range, count: '0' }, spec)).toHaveProperty('problem');
    expect(listFromRange({ ...range, count: '1e9' }, spec)).toHaveProperty('problem');
  });
});
