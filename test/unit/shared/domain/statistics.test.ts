import { describe, expect, it } from 'vitest';
import {
  mannWhitney,
  median,
  normalTail,
  quantileSorted,
  standardError,
  summarise,
} from '../../../../src/shared/domain/statistics.ts';
import reference from '../../../fixtures/statistics/mann-whitney.json';

function expectClose(actual: number | null | undefined, expected: number, relative = 1e-11): void {
  expect(actual).toBeTypeOf('number');
  expect(Math.abs((actual ?? Number.NaN) - expected)).toBeLessThanOrEqual(
    Math.abs(expected) * relative + 1e-300,
  );
}

describe('quantiles and errors', () => {
  const values = [3.1, 1.2, 5.5, 2.2, 9.9, 4.4];
  const sorted = values.toSorted((a, b) => a - b);

  it.each([
    [0, 1.2],
    [0.1, 1.7],
    [0.25, 2.425],
    [0.5, 3.75],
    [0.75, 5.225],
    [0.9, 7.7],
    [1, 9.9],
  ])('quantile %f is that of NumPy', (share, expected) =>
    expectClose(quantileSorted(sorted, share), expected),
  );

  it('gives the standard error with n - 1', () => expectClose(standardError(values), 1.267916050498262));

  it('leaves the input as it was', () => {
    const copy = [...values];
    summarise(values);
    median(values);
    expect(values).toEqual(copy);
  });

  it('is null where there is nothing to say', () => {
    expect(summarise([])).toEqual({
      count: 0,
      mean: null,
      deviation: null,
      median: null,
      q25: null,
      q75: null,
      min: null,
      max: null,
      stderr: null,
    });
    expect(summarise([2])).toMatchObject({
      count: 1,
      mean: 2,
      median: 2,
      q25: 2,
      q75: 2,
      min: 2,
      max: 2,
      stderr: null,
    });
  });
});

describe('normalTail', () => {
  it.each([
    [0.3, 0.3820885778110474],
    [1, 0.15865525393145707],
    [2.4, 0.008197535924596131],
    [2.6, 0.004661188023718747],
    [5, 2.866515718791933e-7],
    [12, 1.776482112077653e-33],
    [30, 4.906713927147908e-198],
  ])('P(Z > %f)', (z, expected) => expectClose(normalTail(z), expected, 1e-12));

  it('mirrors below zero', () => expectClose(normalTail(-1), 1 - 0.15865525393145707));
});

describe('mannWhitney', () => {
  it.each(reference.cases)('equals SciPy: $name', ({ a, b, u, p }) => {
    const found = mannWhitney(a, b);
    expect(found?.u).toBe(u);
    expectClose(found?.p, p);
  });

  it('does not depend on which side comes first', () => {
    const { a, b } = reference.cases[4] ?? { a: [], b: [] };
    expect(a.length).toBe(60);
    const forward = mannWhitney(a, b);
    const backward = mannWhitney(b, a);
    expectClose(forward?.p, backward?.p ?? 0);
    expect((forward?.u ?? 0) + (backward?.u ?? 0)).toBe(a.length * b.length);
  });

  it('finds no difference among equal values, and nothing to test on an empty side', () => {
    expect(mannWhitney([1, 1], [1, 1, 1])).toEqual({ u: 3, p: 1 });
    expect(mannWhitney([], [1])).toBeNull();
  });
});
