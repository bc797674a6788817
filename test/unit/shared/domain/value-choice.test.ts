import { describe, expect, it } from 'vitest';
import { buildComparison, type ComparedResult } from '../../../../src/shared/domain/compare.ts';
import type { ComparisonView, SuiteCompare } from '../../../../src/shared/domain/comparison-view.ts';
import type { Json, Parameters } from '../../../../src/shared/model/json.ts';
import { comparisonSpec } from '../../../../src/shared/model/workload.ts';

const spec = comparisonSpec.parse({
  value: 'value',
  valueTitle: 'Value of the main metric',
  metric: 'metric',
  group: 'group',
  groupTitle: 'Metric',
  x: 'x',
  xTitle: 'X',
  bands: [0.5],
  higherIsBetter: false,
});
const silent: SuiteCompare = { metric: 'loss', value: 'last', better: null, group: null, x: null };

function result(index: number, rows: Record<string, Json>[], facts: Parameters = {}): ComparedResult {
  const parameters = { values: { lr: index } };
  return {
    name: `lr=${index}`,
    index,
    parameters,
    facts: { lr: index, ...facts },
    batch: 'b1',
    device: 'cpu',
    rows,
    curve: null,
  };
}

function run(index: number, last: number): ComparedResult {
  return result(index, [
    { metric: 'loss', group: 'loss', value: last, last, min: last / 2, max: last * 2 },
    { metric: 'val/accuracy', last: 0.5, min: 0.1, max: 0.75 + index / 8 },
    { metric: 'speed', last: 10, min: 'NaN', max: 40_000 },
  ]);
}

const results = [run(0, 0.4), run(1, 0.8)];

interface Given {
  readonly suite?: SuiteCompare;
  readonly of?: readonly ComparedResult[];
}

function compare(view: ComparisonView, { suite = silent, of = results }: Given = {}) {
  return buildComparison({ workload: 'command', spec, suite, results: of, view });
}

function means(view: ComparisonView, given?: Given) {
  return compare(view, given).rows.map(({ n, mean }) => [n, mean]);
}

describe('a metric and its value chosen afterwards', () => {
  it('are what the suite says until something is asked for', () => {
    const made = compare({});
    expect(made.compared).toEqual({ metric: 'loss', value: 'last' });
    expect(made.choices.metrics.map(({ name }) => name)).toEqual(['loss', 'val/accuracy', 'speed']);
    expect(made.choices.values.map(({ name }) => name)).toEqual(['last', 'best', 'min', 'max']);
    expect(made.spec).toMatchObject({ valueTitle: 'loss', higherIsBetter: false, bands: [0.5] });
    expect(made.notes).toEqual([]);
    const largest = compare({}, { suite: { ...silent, value: 'max' } });
    expect(largest.choices.values.map(({ name }) => name)).toEqual(['max', 'last', 'best', 'min']);
    expect(largest.compared.value).toBe('max');
  });

  it('are taken from the rows, with their own title, direction and bands', () => {
    expect(means({ value: 'best' })).toEqual([
      ['loss', 0.2],
      ['loss', 0.4],
    ]);
    expect(compare({ value: 'best' }).spec).toMatchObject({
      valueTitle: 'loss (best)',
      higherIsBetter: false,
    });
    expect(means({ metric: 'val/accuracy', value: 'best' })).toEqual([
      ['val/accuracy', 0.75],
      ['val/accuracy', 0.875],
    ]);
    expect(compare({ metric: 'val/accuracy' })).toMatchObject({
      compared: { metric: 'val/accuracy', value: 'last' },
      spec: { valueTitle: 'val/accuracy', higherIsBetter: true, bands: [] },
    });
  });

  it('take what is best from the suite for its own metric, and from the name for any other', () => {
    const suite: SuiteCompare = { ...silent, better: 'higher', value: 'max' };
    expect(means({ value: 'best' }, { suite })).toEqual([
      ['loss', 0.8],
      ['loss', 1.6],
    ]);
    expect(compare({ metric: 'val/accuracy' }, { suite }).compared.value).toBe('last');
    expect(means({ metric: 'val/accuracy', value: 'min' }, { suite })[0]).toEqual(['val/accuracy', 0.1]);
  });

  it('count what is not finite, and draw what spans powers of ten on a log axis', () => {
    const made = compare({ metric: 'speed', value: 'min' });
    expect(made.rows.map(({ count, nonFinite, mean }) => [count, nonFinite, mean])).toEqual([
      [0, 1, null],
      [0, 1, null],
    ]);
    expect(made.spec.valueLog).toBe(false);
    const wide = compare({ value: 'max' }, { of: [run(0, 0.001), run(1, 10)] });
    expect(wide.spec.valueLog).toBe(true);
    expect(compare({ metric: 'speed', value: 'max' }).spec.higherIsBetter).toBe(true);
  });

  it('are tested between seeds taken together', () => {
    const of = [0, 1].flatMap((lr) =>
      [0, 1, 2].map((seed) => ({
        ...run(lr, lr + 1 + seed / 10),
        parameters: { values: { lr, seed } },
        facts: { lr, seed },
      })),
    );
    const made = compare({ value: 'best' }, { of });
    expect(made.rows.map(({ seeds, mean }) => [seeds, mean])).toEqual([
      [3, expect.closeTo(0.55)],
      [3, expect.closeTo(1.05)],
    ]);
    expect(made.tests).toMatchObject([{ countA: 3, u: 0 }]);
  });

  it('are refused by name where there is no such thing', () => {
    expect(() => compare({ metric: 'val/acuracy' })).toThrow(
      'These results cannot be compared by the metric "val/acuracy". Did you mean "val/accuracy"? They can be by loss, val/accuracy, speed.',
    );
    expect(() => compare({ value: 'bset' })).toThrow(
      'Did you mean "best"? They can be by last, best, min, max.',
    );
    expect(() => compare({ metric: 'speed', value: 'best' })).toThrow(
      'They can be by last, min, max. Neither the name "speed" nor the suite (compare.better) says whether more or less of it is better.',
    );
    expect(() => compare({ metric: 'loss' }, { of: [result(0, [])] })).toThrow(
      'they have none to choose from',
    );
    const none = compare({ metric: 'loss', value: 'best', fallBack: true }, { of: [result(0, [])] });
    expect(none.notes).toEqual([
      'These results cannot be compared by the metric "loss": they have none to choose from.',
    ]);
  });

  it('fall back with a sentence where a view is allowed to', () => {
    const made = compare({ metric: 'gone', value: 'best', group: 'nothing', fallBack: true });
    expect(made.compared).toEqual({ metric: 'loss', value: 'best' });
    expect(made.notes).toEqual([
      expect.stringContaining(
        'compared by the metric "gone". They can be by loss, val/accuracy, speed. They are shown by loss instead.',
      ),
      expect.stringContaining('They are shown by group instead.'),
    ]);
  });

  it('tell which results lack the metric', () => {
    const [first] = results;
    const bare = result(7, [{ metric: 'loss', group: 'loss', value: 1, last: 1, min: 1, max: 1 }]);
    const made = compare({ metric: 'speed' }, { of: [...(first ? [first] : []), bare, result(8, [])] });
    expect(made.notes).toEqual(['1 of 2 results has no "speed" and is left out: lr=7.']);
    expect(made.rows).toHaveLength(1);
  });
});

describe('another column of a workload', () => {
  const columns = comparisonSpec.parse({
    value: 'loss',
    valueTitle: 'Loss',
    valueLog: true,
    values: [
      { column: 'raw', title: 'Raw loss', better: 'lower', group: 'epoch' },
      { column: 'accuracy', title: 'Accuracy', better: 'higher', onlyWith: 'final', bands: [0.9] },
      { column: 'absent', title: 'Absent', better: 'lower' },
    ],
    group: 'measure',
    groupTitle: 'Measure',
    groups: [
      { name: 'head', title: 'Head' },
      { name: 'epoch', title: 'Epoch' },
    ],
    x: 'lr',
    xTitle: 'Rate',
    higherIsBetter: false,
  });
  const of = [
    result(0, [
      { measure: 'all', loss: 0.5 },
      { head: 'policy', loss: 0.2 },
      { epoch: 1, raw: 3, accuracy: 0.1 },
      { epoch: 2, raw: 2, accuracy: 0.95, final: 1, measure: 'all' },
    ]),
  ];
  const made = (view: ComparisonView) =>
    buildComparison({ workload: 'hex', spec: columns, results: of, view });

  it('is offered where rows have it, and comes with its own group, title and axis', () => {
    expect(made({}).choices.values.map(({ name }) => name)).toEqual(['loss', 'raw', 'accuracy']);
    const raw = made({ value: 'raw' });
    expect(raw.spec).toMatchObject({ valueTitle: 'Raw loss', valueLog: false, groupTitle: 'Epoch' });
    expect(raw.rows.map(({ n, mean }) => [n, mean])).toEqual([
      [1, 3],
      [2, 2],
    ]);
    expect(raw.choices.groups.map(({ name }) => name)).toEqual(['epoch']);
    expect(raw.compared).toEqual({ metric: null, value: 'raw' });
  });

  it('is taken only from rows that have what it goes with', () => {
    const accurate = made({ value: 'accuracy' });
    expect(accurate.rows.map(({ n, mean }) => [n, mean])).toEqual([['all', 0.95]]);
    expect(accurate.spec).toMatchObject({ higherIsBetter: true, bands: [0.9] });
    expect(accurate.bands.map(({ count }) => count)).toEqual([1, 0]);
  });

  it('is refused with the columns there are, and metrics are where there are none', () => {
    expect(() => made({ value: 'rwa' })).toThrow('Did you mean "raw"? They can be by loss, raw, accuracy.');
    expect(() => made({ metric: 'loss' })).toThrow('they have none to choose from');
  });
});
