import { describe, expect, it } from 'vitest';
import { bulkChoices } from '../../../src/renderer/views/batch/bulk.ts';
import { differencesOf } from '../../../src/renderer/views/batch/differences.ts';
import { markedAfter } from '../../../src/renderer/widgets/marking.ts';
import type { ExperimentRecord } from '../../../src/shared/model/run.ts';
import { experiment } from './records.ts';

describe('a press on a row', () => {
  const keys = ['a', 'b', 'c', 'd'];
  const state = { marked: new Set<string>(), chosen: 'c', keys };

  it('marks a range from the chosen row, in either direction', () => {
    expect([...markedAfter({ key: 'a', range: true, toggle: false }, state)]).toEqual(['a', 'b', 'c']);
    expect([...markedAfter({ key: 'd', range: true, toggle: false }, state)]).toEqual(['c', 'd']);
  });

  it('adds and takes away single rows, beginning with the chosen one', () => {
    const two = markedAfter({ key: 'a', range: false, toggle: true }, state);
    expect([...two]).toEqual(['c', 'a']);
    expect([...markedAfter({ key: 'c', range: false, toggle: true }, { ...state, marked: two })]).toEqual([
      'a',
    ]);
  });

  it('marks nothing by itself', () => {
    const press = { key: 'a', range: false, toggle: false };
    expect(markedAfter(press, { ...state, marked: new Set(keys) }).size).toBe(0);
  });
});

describe('marked experiments', () => {
  const postponed: ExperimentRecord = {
    ...experiment(5),
    state: { kind: 'postponed', sentence: 'for tonight' },
  };
  const cancelled: ExperimentRecord = {
    ...experiment(6),
    state: { kind: 'cancelled', startedAt: 1, endedAt: 2, seconds: 1 },
  };
  const all = [
    experiment(0, 'succeeded'),
    experiment(1, 'running'),
    experiment(2),
    experiment(3),
    experiment(4),
    postponed,
    cancelled,
  ];

  it('can have done to them what their state allows', () => {
    expect(bulkChoices(all, all)).toEqual({
      retry: [6],
      again: [0],
      cancel: [1, 2, 3, 4],
      ending: 1,
      postpone: [2, 3, 4],
      release: [5],
      front: [],
      before: null,
    });
  });

  it('move to the front in their own order, before the first that is not marked', () => {
    expect(bulkChoices([experiment(4), experiment(3)], all)).toMatchObject({ front: [3, 4], before: 2 });
    expect(bulkChoices([experiment(2)], all).front).toEqual([]);
  });
});

describe('differences', () => {
  it('are told by path, exactly for parameters, with what a run lacks', () => {
    const first = {
      ...experiment(0, 'succeeded'),
      parameters: { rate: 0.0010001, optimizer: { name: 'adam', decay: 0 }, width: 8 },
      summary: { mean: 0.91234567 },
    };
    const second = {
      ...experiment(1, 'succeeded'),
      parameters: { rate: 0.001, optimizer: { name: 'sgd' }, width: 8 },
      summary: { mean: 0.91234568 },
    };
    const lines = differencesOf([first, second], { metric: null, peak: () => null });
    const differing = lines.filter(({ differs }) => differs).map(({ name, values }) => [name, ...values]);
    expect(differing).toEqual([
      ['rate', '0.0010001', '0.001'],
      ['optimizer.name', 'adam', 'sgd'],
      ['optimizer.decay', '0', null],
      // The same to three digits, and yet not equal.
      ['mean', '0.912', '0.912'],
    ]);
    expect(lines.find(({ name }) => name === 'width')).toMatchObject({ differs: false });
    expect(lines.find(({ name }) => name === 'time')).toMatchObject({ part: 'Results', differs: false });
  });
});
