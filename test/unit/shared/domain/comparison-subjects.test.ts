import { describe, expect, it } from 'vitest';
import { buildComparison, type ComparedResult } from '../../../../src/shared/domain/compare.ts';
import { comparisonSpec } from '../../../../src/shared/model/workload.ts';

const spec = comparisonSpec.parse({
  subject: 'method',
  value: 'error',
  valueTitle: 'Error',
  group: 'order',
  groupTitle: 'Order',
  x: 'seconds',
  xTitle: 'Seconds',
});

function configuration(index: number, noise: number, rows: ComparedResult['rows']): ComparedResult {
  const facts = { noise, system: 'lorenz' };
  return { name: `c${index}`, index, parameters: {}, facts, batch: 'b', device: 'cpu', rows, curve: null };
}

const row = (method: string, order: number, error: number, noise: number) => ({
  method,
  family: method.slice(0, 2),
  order,
  error,
  noise_level: noise,
  seconds: method === 'gp' ? 2 : 1,
});

const results = [
  configuration(0, 0.1, [row('fd', 0, 1, 0.1), row('fd', 1, 3, 0.1), row('gp', 0, 0.5, 0.1)]),
  configuration(1, 0.2, [row('fd', 0, 2, 0.2), row('gp', 0, 1.5, 0.2)]),
];

describe('comparing what a row column names', () => {
  it('pools its rows over all experiments', () => {
    const found = buildComparison({ workload: 'w', spec, results });
    expect(found.rows.map(({ name, n, mean, count, x }) => [name, n, mean, count, x])).toEqual([
      ['fd', 0, 1.5, 2, 1],
      ['fd', 1, 3, 1, 1],
      ['gp', 0, 1, 2, 2],
    ]);
    expect(found.batches).toEqual(['b']);
    expect(found.tests.map(({ a, b }) => [a, b].toSorted())).toEqual([['fd', 'gp']]);
  });

  it('groups them by another column, and by what all rows of a subject have alike', () => {
    const groups = [{ name: 'noise_level', title: 'Noise' }];
    const view = { group: 'noise_level' };
    const found = buildComparison({ workload: 'w', spec: { ...spec, groups }, results, view });
    expect(found.rows.map(({ name, n, mean }) => [name, n, mean])).toEqual([
      ['fd', 0.1, 2],
      ['fd', 0.2, 2],
      ['gp', 0.1, 0.5],
      ['gp', 0.2, 1.5],
    ]);
    const families = buildComparison({ workload: 'w', spec, results, view: { group: 'family' } });
    expect(families.rows.map(({ n, count }) => [n, count])).toEqual([
      ['fd', 3],
      ['gp', 2],
    ]);
  });

  it('takes a fact of the experiment where the rows have no such column', () => {
    const layers = results.map((one, at) => ({ ...one, facts: { ...one.facts, layer: 'ReLU', noise: at } }));
    const found = buildComparison({
      workload: 'w',
      spec: { ...spec, subject: 'layer', x: 'noise' },
      results: layers,
    });
    expect(found.rows.map(({ name, n, count }) => [name, n, count])).toEqual([
      ['ReLU', 0, 4],
      ['ReLU', 1, 1],
    ]);
    // They differ in it, so it says nothing about the layer.
    expect(found.rows[0]?.x).toBeNull();
  });
});
