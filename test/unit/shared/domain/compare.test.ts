import { describe, expect, it } from 'vitest';
import { bandLabels, bandOf } from '../../../../src/shared/domain/bands.ts';
import { buildComparison, type ComparedResult } from '../../../../src/shared/domain/compare.ts';
import { testsOf } from '../../../../src/shared/domain/pair-test.ts';
import { mannWhitney } from '../../../../src/shared/domain/statistics.ts';
import { comparison } from '../../../../src/shared/model/comparison.ts';
import { type ComparisonSpec, comparisonSpec } from '../../../../src/shared/model/workload.ts';

const spec: ComparisonSpec = comparisonSpec.parse({
  value: 'ratio',
  valueTitle: 'DNN / full search',
  group: 'n',
  groupTitle: 'N',
  x: 'parameterCount',
  xTitle: 'Parameters',
  bands: [0.95, 0.9, 0.8],
  family: { fact: 'layers', atMost: 2, low: 'shallow', high: 'deep' },
});

function result(
  index: number,
  ratios: Record<number, (number | string | null)[]>,
  changes: Partial<ComparedResult> = {},
): ComparedResult {
  return {
    name: `shape ${index}`,
    index,
    parameters: { hidden: [index] },
    facts: { parameterCount: 100 * (index + 1), layers: index + 1 },
    batch: 'b1',
    device: 'cpu',
    rows: Object.entries(ratios).flatMap(([n, values]) => values.map((ratio) => ({ n: Number(n), ratio }))),
    curve: null,
    ...changes,
  };
}

function compare(results: ComparedResult[], changes: Partial<ComparisonSpec> = {}) {
  return buildComparison({ workload: 'memorization', spec: { ...spec, ...changes }, results });
}

describe('buildComparison', () => {
  const a = result(0, { 1: [0.96, 0.92, 1.01, 0.5], 10: [0.9, 'NaN', 0.8, 'Infinity', null] });
  const b = result(4, { 1: [0.99, 0.97], 100: [0.7] });

  it('gives a row per experiment and group, in order, and fits its schema', () => {
    const made = compare([b, a]);
    expect(comparison.parse(made)).toEqual(made);
    expect(made.rows.map((row) => [row.index, row.n])).toEqual([
      [0, 1],
      [0, 10],
      [4, 1],
      [4, 100],
    ]);
    expect(made.rows[0]).toMatchObject({
      name: 'shape 0',
      parameters: 100,
      x: 100,
      count: 4,
      nonFinite: 0,
      min: 0.5,
      max: 1.01,
      batch: 'b1',
    });
    expect(made.rows[0]?.mean).toBeCloseTo(0.8475);
    expect(made.rows[0]?.bands).toEqual([0.5, 0.25, 0, 0.25]);
  });

  it('counts values that are not finite and leaves them out', () => {
    const row = compare([a]).rows[1];
    expect(row).toMatchObject({ n: 10, count: 2, nonFinite: 2 });
    expect(row?.mean).toBeCloseTo(0.85);
  });

  it('keeps a group of which nothing is finite', () => {
    expect(compare([result(0, { 1: ['NaN'] })]).rows[0]).toMatchObject({
      count: 0,
      nonFinite: 1,
      mean: null,
      stderr: null,
      bands: [0, 0, 0, 0],
    });
  });

  it('tests every pair within a group', () => {
    const made = compare([a, b]);
    expect(made.tests).toHaveLength(1);
    const expected = mannWhitney([0.96, 0.92, 1.01, 0.5], [0.99, 0.97]);
    expect(made.tests[0]).toMatchObject({
      n: 1,
      a: 'shape 0',
      b: 'shape 4',
      countA: 4,
      countB: 2,
      ...expected,
    });
    expect(made.tests[0]?.difference).toBeCloseTo(0.8475 - 0.98);
    const many = Array.from({ length: 19 }, (_, index) => result(index, { 1: [0.9, 0.91], 10: [0.8] }));
    // One value says nothing of its spread.
    expect(compare(many).tests).toHaveLength(171);
  });

  it('leaves the tests of very many experiments to who asks for a pair', () => {
    const many = Array.from({ length: 41 }, (_, index) => result(index, { 1: [0.9, 0.91], 10: [0.8, 0.1] }));
    const made = compare(many);
    expect(made.tests).toEqual([]);
    const few = compare([a, b]);
    expect(testsOf(few, 'shape 0', 'shape 4')).toEqual(few.tests);
    expect(testsOf(few, 'shape 4', 'shape 0')[0]?.difference).toBeCloseTo(0.98 - 0.8475);
    expect(testsOf(made, 'shape 0', 'shape 40').map(({ n }) => n)).toEqual([1, 10]);
  });

  it('pools bands and families', () => {
    const made = compare([a, b]);
    expect(made.bands.map(({ label, count }) => [label, count])).toEqual([
      ['≥ 0.95', 4],
      ['0.90–0.95', 2],
      ['0.80–0.90', 1],
      ['< 0.80', 2],
    ]);
    expect(made.families).toEqual([
      { n: 1, low: expect.closeTo(0.8475), high: expect.closeTo(0.98), lowCount: 4, highCount: 2 },
      { n: 10, low: expect.closeTo(0.85), high: null, lowCount: 2, highCount: 0 },
      { n: 100, low: null, high: 0.7, lowCount: 0, highCount: 1 },
    ]);
  });

  it('tells results of one name apart by what differs, each with an index of its own', () => {
    const short = result(0, { 1: [0.9] }, { name: 'x', parameters: { epochs: 10, hidden: [8] } });
    const long = result(
      0,
      { 1: [0.95] },
      { name: 'x', parameters: { epochs: 1000, hidden: [8] }, batch: 'b2' },
    );
    const made = compare([short, long, b]);
    expect(made.rows.map(({ index, name }) => [index, name])).toEqual([
      [0, 'x · epochs 10'],
      [4, 'shape 4'],
      [4, 'shape 4'],
      [5, 'x · epochs 1000'],
    ]);
    expect(made.batches).toEqual(['b1', 'b2']);
    const versions = compare([
      { ...short, version: 1 },
      { ...short, version: 2, batch: 'b3' },
    ]);
    expect(versions.rows.map(({ name }) => name)).toEqual(['x · b1', 'x · b3']);
  });

  it('names only what differs within a table of values, and long values by their beginning', () => {
    const train = (lr: number, code: string) =>
      result(
        0,
        { 1: [lr] },
        { name: 'train', parameters: { values: { lr, width: 8, layers: [8, 8] }, code } },
      );
    const made = compare([train(0.1, 'a'.repeat(64)), train(0.2, 'b'.repeat(64))]);
    expect(made.rows.map(({ name }) => name)).toEqual([
      `train · lr 0.1, code ${'a'.repeat(23)}…`,
      `train · lr 0.2, code ${'b'.repeat(23)}…`,
    ]);
  });

  it('groups by words too, and passes curves through', () => {
    const curve = { metric: 'train/ratio', steps: [0, 1], values: [0.1, 0.2] };
    const words = result(
      0,
      {},
      { rows: [{ n: 'rural', ratio: 1 }, { n: 'urban', ratio: 2 }, { ratio: 3 }, { n: 'urban' }], curve },
    );
    const made = compare([words]);
    expect(made.rows.map(({ n, count }) => [n, count])).toEqual([
      ['rural', 1],
      ['urban', 1],
    ]);
    expect(made.curves).toEqual([{ index: 0, name: 'shape 0', ...curve }]);
  });

  it('is empty without results', () => {
    expect(compare([])).toMatchObject({ rows: [], tests: [], values: [], batches: [] });
  });
});

describe('bands', () => {
  it('reads bounds as upper ones when lower is better', () => {
    const loss = { bands: [0.1, 0.5], higherIsBetter: false };
    expect(bandLabels(loss)).toEqual(['≤ 0.1', '0.1–0.5', '> 0.5']);
    expect([0.1, 0.3, 0.6].map((value) => bandOf(value, loss))).toEqual([0, 1, 2]);
  });

  it('counts a bound to the better band, and needs none', () => {
    expect(bandOf(0.95, spec)).toBe(0);
    expect(bandLabels({ bands: [], higherIsBetter: true })).toEqual([]);
  });
});
