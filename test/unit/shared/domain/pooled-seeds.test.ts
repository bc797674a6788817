import { describe, expect, it } from 'vitest';
import { buildComparison, type ComparedResult } from '../../../../src/shared/domain/compare.ts';
import { testsOf } from '../../../../src/shared/domain/pair-test.ts';
import { poolSeeds } from '../../../../src/shared/domain/pooled-seeds.ts';
import { comparison } from '../../../../src/shared/model/comparison.ts';
import { comparisonSpec } from '../../../../src/shared/model/workload.ts';

const spec = comparisonSpec.parse({
  value: 'value',
  valueTitle: 'loss',
  group: 'group',
  groupTitle: 'Metric',
  x: 'lr',
  xTitle: 'lr',
});

let next = 0;

function run(
  values: Record<string, number>,
  loss: number,
  changes: Partial<ComparedResult> = {},
): ComparedResult {
  next += 1;
  return {
    name: Object.entries(values)
      .map(([name, value]) => `${name}=${value}`)
      .join(' '),
    index: next,
    parameters: { command: ['x'], values },
    facts: values,
    batch: 'b1',
    device: 'cpu',
    rows: [{ group: 'loss', value: loss }],
    curve: null,
    ...changes,
  };
}

/** Two learning rates, four seeds each. */
function swept(): ComparedResult[] {
  return [0.1, 0.2].flatMap((lr) => [0, 1, 2, 3].map((seed) => run({ lr, seed }, lr * 10 + seed)));
}

function compare(results: ComparedResult[], view: { group?: string; x?: string } = {}) {
  return buildComparison({ workload: 'command', spec, view, results });
}

describe('runs that differ only in the seed', () => {
  it('are one experiment with mean, deviation and n', () => {
    const made = compare(swept());
    expect(comparison.parse(made)).toEqual(made);
    expect(made.rows).toMatchObject([
      { name: 'lr=0.1', x: 0.1, count: 4, seeds: 4, mean: 2.5 },
      { name: 'lr=0.2', x: 0.2, count: 4, seeds: 4, mean: 3.5 },
    ]);
    expect(made.rows[0]?.deviation).toBeCloseTo(1.29099);
    expect(made.rows[0]?.stderr).toBeCloseTo(1.29099 / 2);
    expect(made.values[0]?.values).toEqual([1, 2, 3, 4]);
  });

  it('are tested against the other configurations', () => {
    const made = compare(swept());
    expect(made.tests).toMatchObject([{ a: 'lr=0.1', b: 'lr=0.2', countA: 4, countB: 4, u: 4.5 }]);
    expect(testsOf(made, 'lr=0.2', 'lr=0.1')).toHaveLength(1);
  });

  it('stand by themselves where the seed is what they are grouped by or drawn over', () => {
    for (const view of [{ group: 'seed' }, { x: 'seed' }]) {
      const made = compare(swept(), view);
      expect(made.rows).toHaveLength(8);
      expect(made.rows.every(({ seeds, count }) => seeds === 1 && count === 1)).toBe(true);
      expect(made.rows[1]?.name).toBe('lr=0.1 seed=1');
      expect(made.tests).toEqual([]);
    }
    expect(compare(swept(), { group: 'seed' }).rows.map(({ n }) => n)).toEqual([0, 1, 2, 3, 0, 1, 2, 3]);
    expect(compare(swept()).choices.groups.map(({ name }) => name)).toContain('seed');
  });

  it('stand by themselves where nothing but them is there to be told apart', () => {
    const alone = [run({ lr: 0.1, seed: 0 }, 1), run({ lr: 0.2, seed: 1 }, 2)];
    expect(compare(alone).rows.map(({ name, seeds }) => [name, seeds])).toEqual([
      ['lr=0.1 seed=0', 1],
      ['lr=0.2 seed=1', 1],
    ]);
  });

  it('are found by the seed of the run where it is no parameter, and keep it as a choice', () => {
    const results = [7, 8].map((seed) => run({ lr: 0.1 }, seed, { seed, batch: `b${seed}` }));
    expect(compare(results).rows).toMatchObject([
      { name: 'lr=0.1', seeds: 2, count: 2, mean: 7.5, batch: 'b7, b8' },
    ]);
    expect(compare(results, { group: 'seed' }).rows.map(({ n }) => n)).toEqual([7, 8]);
  });

  it('do not include one that has no seed among its parameters, such as that of an earlier phase', () => {
    const made = compare([run({ lr: 0.1 }, 9), ...swept()]);
    expect(made.rows.map(({ name, seeds }) => [name, seeds])).toEqual([
      ['lr=0.1 · seed null', 1],
      ['lr=0.1 · seed all', 4],
      ['lr=0.2', 4],
    ]);
  });

  it('do not include other versions of the workload or other code', () => {
    const results = [
      run({ lr: 0.1 }, 1, { version: 1 }),
      run({ lr: 0.1 }, 2, { version: 2 }),
      run({ lr: 0.1 }, 3, { version: 2, parameters: { values: { lr: 0.1 }, code: 'f' } }),
    ];
    expect(compare(results).rows.every(({ seeds }) => seeds === 1)).toBe(true);
    expect(compare(results).rows).toHaveLength(3);
  });

  it.each([
    ['lr 0.1, seed %', 'lr 0.1'],
    ['lr 0.1 s%', 'lr 0.1'],
    ['adam-seed%-big', 'adam-big'],
    ['seed=% lr=0.1', 'lr=0.1'],
    ['tune lr=0.1 (seed %)', 'tune lr=0.1'],
    ['try number % of lr 0.1', 'try number of lr 0.1'],
    ['seed=%', 'all seeds'],
  ])('are called without the seed: %s', (label, name) => {
    const results = [0, 11].map((seed) => run({ seed }, 1, { name: label.replace('%', String(seed)) }));
    expect(poolSeeds(results).map((pool) => pool.name)).toEqual([name]);
  });

  it('have the mean of their curves with its deviation', () => {
    const curve = (steps: number[], values: number[]) => ({ curve: { metric: 'loss', steps, values } });
    const results = [
      run({ seed: 0 }, 1, curve([0, 10, 20], [4, 2, 1])),
      run({ seed: 1 }, 1, curve([0, 5, 10], [2, 0, 0])),
    ];
    expect(compare(results).curves).toEqual([
      expect.objectContaining({
        name: 'all seeds',
        steps: [0, 10, 20],
        values: [3, 1, 1],
        deviations: [Math.SQRT2, Math.SQRT2, 0],
      }),
    ]);
    expect(compare(results, { group: 'seed' }).curves).toHaveLength(2);
  });

  it('have a mean of curves between the points of those with other steps', () => {
    const results = [
      run({ seed: 0 }, 1, { curve: { metric: 'loss', steps: [0, 5, 10], values: [0, 5, 10] } }),
      run({ seed: 1 }, 1, { curve: { metric: 'loss', steps: [0, 10], values: [0, 20] } }),
    ];
    expect(compare(results).curves[0]?.values).toEqual([0, 7.5, 15]);
  });
});
