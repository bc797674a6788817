import { describe, expect, it } from 'vitest';
import { buildComparison, type ComparedResult } from '../../../../src/shared/domain/compare.ts';
import {
  comparisonChoices,
  type SuiteCompare,
  suiteSpec,
} from '../../../../src/shared/domain/comparison-view.ts';
import { metricDirection } from '../../../../src/shared/domain/metric-direction.ts';
import type { Parameters } from '../../../../src/shared/model/json.ts';
import { comparisonSpec } from '../../../../src/shared/model/workload.ts';

const spec = comparisonSpec.parse({
  value: 'value',
  valueTitle: 'Value of the main metric',
  group: 'group',
  groupTitle: 'Metric',
  x: 'x',
  xTitle: 'X',
  xLog: true,
  higherIsBetter: false,
});

function result(index: number, facts: Parameters, value: number): ComparedResult {
  return {
    name: `run ${index}`,
    index,
    parameters: { code: 'a'.repeat(64), folder: '', values: facts },
    facts,
    batch: 'b1',
    device: 'cpu',
    rows: [
      { metric: 'val/accuracy', group: 'val/accuracy', step: 9, value },
      { metric: 'loss', step: 9 },
    ],
    curve: null,
  };
}

const results = [
  result(0, { width: 8, lr: 0.1, act: 'relu', fast: true, seed: 0, step: 1 }, 0.7),
  result(1, { width: 8, lr: 0.2, act: 'relu', fast: false, seed: 0, step: 2 }, 0.8),
  result(2, { width: 8, lr: 0.1, act: 'gelu', fast: true, seed: 1, step: 3 }, 0.9),
];
const silent: SuiteCompare = { metric: null, value: 'last', better: null, group: null, x: null };

describe('comparisonChoices', () => {
  it('offers what is declared and what differs, over the x axis only numbers', () => {
    const declared = {
      ...spec,
      groups: [
        { name: 'metric', title: 'Metric' },
        { name: 'act', title: 'Activation' },
      ],
    };
    const { groups, x } = comparisonChoices(declared, results);
    expect(groups.map(({ name }) => name)).toEqual(['group', 'metric', 'act', 'lr', 'fast', 'seed', 'step']);
    expect(groups[2]?.title).toBe('Activation');
    expect(x.map(({ name }) => name)).toEqual(['x', 'lr', 'seed', 'step']);
  });
});

describe('a comparison that is asked for another view', () => {
  const compare = (view: { group?: string; x?: string }) =>
    buildComparison({ workload: 'command', spec, results, view });

  it('groups by what experiments are told apart by, also where rows have a column of that name', () => {
    expect(compare({ group: 'act' }).rows.map(({ index, n, mean }) => [index, n, mean])).toEqual([
      [0, 'relu', 0.7],
      [1, 'relu', 0.8],
      [2, 'gelu', 0.9],
    ]);
    expect(compare({ group: 'fast' }).rows.map(({ n }) => n)).toEqual(['true', 'false', 'true']);
    expect(compare({ group: 'step' }).rows.map(({ n }) => n)).toEqual([1, 2, 3]);
    expect(compare({}).rows.map(({ n }) => n)).toEqual(['val/accuracy', 'val/accuracy', 'val/accuracy']);
  });

  it('takes another x axis, with its own name and a scale that fits any number', () => {
    const made = compare({ x: 'lr' });
    expect(made.spec).toMatchObject({ x: 'lr', xTitle: 'lr', xLog: false });
    expect(made.rows.map(({ x }) => x)).toEqual([0.1, 0.2, 0.1]);
  });

  it('draws over a log scale what spans powers of ten', () => {
    const over = (...rates: number[]) => {
      const spread = rates.map((lr, index) => result(index, { lr }, 0.5));
      return buildComparison({ workload: 'command', spec, results: spread, view: { x: 'lr' } }).spec.xLog;
    };
    expect(over(0.001, 0.01, 0.1)).toBe(true);
    expect(over(0.1, 0.2, 0.4)).toBe(false);
    expect(over(0, 0.01, 1)).toBe(false);
    expect(suiteSpec({ ...spec, xLog: true }, silent, results).xLog).toBe(false);
  });

  it('refuses what is no choice with the names there are', () => {
    expect(() => compare({ group: 'atc' })).toThrow(
      'These results cannot be grouped by "atc". Did you mean "act"? They can be by group, lr, act, fast, seed, step.',
    );
    expect(() => compare({ x: 'act' })).toThrow('cannot be drawn over "act".');
  });
});

describe('suiteSpec', () => {
  it('takes the metric from the rows, its direction from its name, and the first number that differs', () => {
    expect(suiteSpec(spec, silent, results)).toMatchObject({
      valueTitle: 'val/accuracy',
      group: 'group',
      x: 'lr',
      xTitle: 'lr',
      higherIsBetter: true,
    });
  });

  it('says what the suite says', () => {
    const said = suiteSpec(
      spec,
      { metric: 'loss', value: 'min', better: 'higher', group: 'act', x: 'width' },
      results,
    );
    expect(said).toMatchObject({ valueTitle: 'loss (min)', group: 'act', x: 'width', higherIsBetter: true });
    const direction = (change: Partial<SuiteCompare>): boolean =>
      suiteSpec(spec, { ...silent, ...change }, results).higherIsBetter;
    expect(direction({ metric: 'speed' })).toBe(false);
    expect(direction({ metric: 'speed', value: 'max' })).toBe(true);
    expect(direction({ metric: 'loss', value: 'max' })).toBe(false);
    expect(direction({ metric: 'accuracy', better: 'lower' })).toBe(false);
  });
});

describe('metricDirection', () => {
  it.each([
    ['accuracy', 'higher'],
    ['val/acc', 'higher'],
    ['testAcc', 'higher'],
    ['charts/episodic_return', 'higher'],
    ['mean-reward', 'higher'],
    ['F1', 'higher'],
    ['loss/validation', 'lower'],
    ['reward_loss', 'lower'],
    ['perplexity', 'lower'],
    ['speed', null],
    ['account', null],
    ['scored', null],
  ])('%s: %s', (name, direction) => {
    expect(metricDirection(name)).toBe(direction);
  });
});
