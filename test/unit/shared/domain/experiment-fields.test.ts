import { describe, expect, it } from 'vitest';
import {
  experimentFacts,
  experimentFields,
  type ExperimentRow,
  experimentRows,
} from '../../../../src/shared/domain/experiment-fields.ts';
import { rowsWhere } from '../../../../src/shared/domain/field.ts';
import type { Json } from '../../../../src/shared/model/json.ts';
import type { ExperimentRecord } from '../../../../src/shared/model/run.ts';
import { experiment, run } from '../../renderer/records.ts';

function row(index: number, changes: Partial<ExperimentRecord> = {}): ExperimentRow {
  return { experiment: { ...experiment(index, 'succeeded'), ...changes }, run: run(index) };
}

function valuesOf(rows: readonly ExperimentRow[], name: string): readonly (Json | undefined)[] {
  const field = experimentFields(rows, null).find((one) => one.name === name);
  return rows.map((one) => field?.value(one));
}

describe('what is known of experiments', () => {
  it('tells parameters within parameters by their path, those that differ first', () => {
    const rows = [
      row(0, { parameters: { depth: 2, optimizer: { name: 'adam', rate: 0.1 } } }),
      row(1, { parameters: { depth: 2, optimizer: { name: 'adam', rate: 0.2 }, extra: true } }),
    ];
    const parameters = experimentFields(rows, null).filter(({ part }) => part === 'parameter');
    expect(parameters.map(({ name, differs }) => [name, differs])).toEqual([
      ['optimizer.rate', true],
      ['extra', true],
      ['depth', false],
      ['optimizer.name', false],
    ]);
    expect(valuesOf(rows, 'optimizer.rate')).toEqual([0.1, 0.2]);
    expect(valuesOf(rows, 'extra')).toEqual([undefined, true]);
  });

  it('calls the parameters of a suite as its file does, and their seed the seed', () => {
    const rows = [1, 2].map((seed) =>
      row(seed, {
        parameters: { command: ['a'], values: { lr: seed / 10, seed } },
        facts: { lr: seed / 10 },
      }),
    );
    expect(valuesOf(rows, 'lr')).toEqual([0.1, 0.2]);
    expect(valuesOf(rows, 'seed')).toEqual([1, 2]);
    expect(experimentFields(rows, null).map(({ name }) => name)).not.toContain('facts.lr');
  });

  it('gives a name to everything, also where two things are called alike', () => {
    const metrics = { loss: { count: 2, last: 0.5, min: 0.2, minStep: 1, max: 1, maxStep: 0 } };
    const rows = [
      {
        ...row(0, { parameters: { state: 'solid', loss: 'mse' }, summary: { loss: 7 } }),
        run: { ...run(0), metrics },
      },
    ];
    expect(valuesOf(rows, 'state')).toEqual(['succeeded']);
    expect(valuesOf(rows, 'parameters.state')).toEqual(['solid']);
    expect(valuesOf(rows, 'loss')).toEqual(['mse']);
    expect(valuesOf(rows, 'metric.loss')).toEqual([0.5]);
    expect(valuesOf(rows, 'loss.best')).toEqual([0.2]);
    expect(valuesOf(rows, 'result.loss')).toEqual([7]);
  });

  it('finds experiments by words as well as by what they are asked', () => {
    const rows = [row(3), row(4), row(34)];
    const facts = experimentFacts(experimentFields(rows, null));
    const found = (text: string): number[] =>
      rowsWhere(rows, text, facts).map(({ experiment: { index } }) => index);
    expect(found('34')).toEqual([34]);
    expect(found('[3]')).toEqual([3]);
    expect(found('succ')).toEqual([3, 4, 34]);
    expect(found('peak>10MB duration>=1min index<10')).toEqual([3, 4]);
    expect(() => found('peek>1')).toThrow(/Nothing here is called "peek"\. Did you mean "peak"/);
  });

  it('leaves a row as it was where its records are', () => {
    const experiments = [experiment(0), experiment(1)];
    const before = experimentRows(experiments, []);
    const after = experimentRows([experiment(0), ...experiments.slice(1)], [], before);
    expect(after[0]).not.toBe(before[0]);
    expect(after[1]).toBe(before[1]);
  });
});
