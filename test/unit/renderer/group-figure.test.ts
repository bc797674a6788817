import { describe, expect, it } from 'vitest';
import { lightFigure } from '../../../src/renderer/views/results/figure.ts';
import { hasFigure } from '../../../src/renderer/views/results/figures.ts';
import { groupFigure } from '../../../src/renderer/views/results/group-figure.ts';
import { inSentence } from '../../../src/renderer/views/results/groups.ts';
import { twinOf } from '../../../src/renderer/views/results/twin.ts';
import { buildComparison } from '../../../src/shared/domain/compare.ts';
import type { Comparison } from '../../../src/shared/model/comparison.ts';
import { comparisonSpec } from '../../../src/shared/model/workload.ts';

const BASE = {
  value: 'error',
  valueTitle: 'Error',
  group: 'order',
  groupTitle: 'Order',
  x: 'seconds',
  xTitle: 'Time',
};

/** Method number m has the orders 0 to `highest(m)`, with an error that grows with both. */
function comparison(options: {
  methods: number;
  highest: (method: number) => number;
  groups?: (order: number) => number | string;
  spec?: object;
}): Comparison {
  const { methods, highest, groups = (order) => order } = options;
  const rows = Array.from({ length: methods }, (_, method) =>
    Array.from({ length: highest(method) + 1 }, (_order, order) =>
      [1, 3].map((factor) => ({
        method: `method ${method}`,
        order: groups(order),
        error: factor * (method + 1) * 10 ** (order - 5),
        seconds: method,
      })),
    ).flat(),
  ).flat();
  const spec = comparisonSpec.parse({
    ...BASE,
    subject: 'method',
    valueLog: true,
    bands: [0.1, 0.5],
    ...options.spec,
  });
  const result = {
    name: 'all',
    index: 0,
    parameters: {},
    facts: {},
    batch: 'b',
    device: 'cpu',
    rows,
    curve: null,
  };
  return buildComparison({ workload: 'w', spec, results: [result] });
}

interface Line {
  readonly name: string;
  readonly x: readonly (number | string)[];
  readonly y: readonly number[];
  readonly line: { readonly color: string; readonly dash: string };
  readonly marker: { readonly symbol: string };
  readonly error_y?: { readonly array: readonly number[] };
}

function linesOf(given: Comparison, spread: 'stderr' | 'quartiles' = 'stderr'): readonly Line[] {
  return groupFigure(given, lightFigure, spread).data as unknown as readonly Line[];
}

describe('a figure over the groups', () => {
  it('has a line for each of what is compared, over the orders that it has, in the order in which they end', () => {
    const given = comparison({ methods: 3, highest: (method) => (method === 2 ? 1 : 4) });
    const lines = linesOf(given);
    expect(lines.map(({ name }) => name)).toEqual(['method 1', 'method 0', 'method 2']);
    expect(lines.map(({ x }) => x.length)).toEqual([5, 5, 2]);
    expect(lines[1]?.y[0]).toBeCloseTo(2e-5, 12);
    expect(lines[1]?.error_y?.array[0]).toBeCloseTo(1e-5, 12);
    expect(hasFigure('groups', given)).toBe(true);
    expect(hasFigure('groups', comparison({ methods: 2, highest: () => 1 }))).toBe(false);
  });

  it('tells twenty lines apart and names them beside the plot', () => {
    const given = comparison({ methods: 20, highest: () => 3 });
    const looks = linesOf(given).map(({ line, marker }) => [line.color, line.dash, marker.symbol].join());
    expect(new Set(looks).size).toBe(20);
    expect(groupFigure(given, lightFigure, 'stderr').layout).toMatchObject({ legend: { orientation: 'v' } });
  });

  it('draws what spans powers of ten on log axes, with the bounds of the bands', () => {
    const logs = comparison({ methods: 2, highest: () => 3, groups: (order) => 10 ** order });
    expect(groupFigure(logs, lightFigure, 'stderr').layout).toMatchObject({
      xaxis: { type: 'log', title: { text: 'Order (log scale)' }, ticktext: ['1', '10', '100', '1000'] },
      yaxis: { type: 'log', title: { text: 'Error (log scale)' } },
      shapes: [{ y0: 0.1 }, { y0: 0.5 }],
    });
    const plain = comparison({ methods: 2, highest: () => 3, spec: { valueLog: false } });
    const { xaxis, yaxis } = groupFigure(plain, lightFigure, 'stderr').layout as Record<
      string,
      { type?: string }
    >;
    expect([xaxis?.type, yaxis?.type]).toEqual([undefined, undefined]);
    const words = comparison({ methods: 2, highest: () => 2, groups: (order) => 'abc'.charAt(order) });
    expect(groupFigure(words, lightFigure, 'stderr').layout).toMatchObject({ xaxis: { type: 'category' } });
  });

  it('keeps what is written with capitals', () => {
    expect(
      ['Mean ratio', 'Time of a call (s)', 'DNN / full search', 'nRMSE', 'N', 'MACs'].map(inSentence),
    ).toEqual(['mean ratio', 'time of a call (s)', 'DNN / full search', 'nRMSE', 'N', 'MACs']);
  });

  it('has the same numbers as a table, the means alone where many groups leave no room', () => {
    const few = twinOf('groups', comparison({ methods: 2, highest: () => 2 }));
    expect(few.columns.map(({ title }) => title)).toEqual([
      'Method',
      'Time',
      'Order = 0',
      'Order = 1',
      'Order = 2',
    ]);
    const many = twinOf('groups', comparison({ methods: 1, highest: () => 7 }));
    expect(many.columns.map(({ title }) => title)).toEqual(['Method', ...'01234567']);
    expect(many.rows[0]?.slice(0, 3)).toEqual(['method 0', '2.00e−5', '2.00e−4']);
  });
});
