import { describe, expect, it } from 'vitest';
import { lightFigure } from '../../../src/renderer/views/results/figure.ts';
import { figureOf } from '../../../src/renderer/views/results/figures.ts';
import type { Spread } from '../../../src/renderer/views/results/scatter-figure.ts';
import { twinOf } from '../../../src/renderer/views/results/twin.ts';
import type { PlotKind } from '../../../src/renderer/state/route.ts';
import { buildComparison } from '../../../src/shared/domain/compare.ts';
import { comparisonSpec } from '../../../src/shared/model/workload.ts';

const spec = comparisonSpec.parse({
  value: 'value',
  valueTitle: 'loss',
  group: 'group',
  groupTitle: 'Metric',
  x: 'lr',
  xTitle: 'lr',
});

/** Two learning rates with three seeds each: 1, 2, 3 and 11, 12, 13. */
function compared(view: { group?: string } = {}) {
  const results = [1, 2].flatMap((lr, part) =>
    [1, 2, 3].map((seed) => ({
      name: `lr=${lr} seed=${seed}`,
      index: part * 3 + seed,
      parameters: { lr, seed },
      facts: { lr, seed },
      batch: 'b',
      device: 'cpu',
      rows: [{ group: 'loss', value: part * 10 + seed }],
      curve: { metric: 'loss', steps: [0, 10], values: [seed, part * 10 + seed] },
    })),
  );
  return buildComparison({ workload: 'w', spec, view, results });
}

function drawn(kind: PlotKind, spread: Spread = 'deviation') {
  return figureOf(kind, compared(), { theme: lightFigure, spread }).data;
}

describe('figures of several seeds', () => {
  it('have a point for each configuration with its deviation, or its standard error', () => {
    expect(drawn('scatter').at(-1)).toMatchObject({
      y: [2, 12],
      text: ['lr=1, 3 seeds', 'lr=2, 3 seeds'],
      error_y: { array: [1, 1] },
    });
    const { error_y: error } = drawn('scatter', 'stderr').at(-1) as { error_y: { array: number[] } };
    expect(error.array[0]).toBeCloseTo(1 / Math.sqrt(3));
  });

  it('have a box over the seeds', () => {
    expect(drawn('box')).toMatchObject([
      { x: ['lr=1', 'lr=1', 'lr=1', 'lr=2', 'lr=2', 'lr=2'], y: [1, 2, 3, 11, 12, 13] },
    ]);
  });

  it('have a curve with its band for each configuration, and one for each seed where they are asked for', () => {
    expect(drawn('curves')).toMatchObject([
      { fill: 'toself', x: [0, 10, 10, 0], y: [3, 3, 1, 1] },
      { name: 'lr=1', y: [2, 2] },
      { fill: 'toself', y: [3, 13, 11, 1] },
      { name: 'lr=2', y: [2, 12] },
    ]);
    const single = figureOf('curves', compared({ group: 'seed' }), {
      theme: lightFigure,
      spread: 'deviation',
    });
    expect(single.data.map(({ name }) => name)).toHaveLength(6);
  });

  it('have tables with mean, deviation and n', () => {
    expect(twinOf('scatter', compared()).rows.map((row) => row.at(-1))).toEqual([
      '2.0 ± 1.0 (n = 3)',
      '12.0 ± 1.0 (n = 3)',
    ]);
    expect(twinOf('curves', compared()).rows[1]).toEqual(['lr=2', 'loss', '10', '2.00', '12.0', '1.00']);
  });
});
