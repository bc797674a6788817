import { describe, expect, it } from 'vitest';
import { sameBut, sameValue } from '../../../../src/main/store/same-value.ts';

describe('values that would be the same JSON', () => {
  it('are compared by what they hold', () => {
    const value = { a: [1, { b: 'c' }], d: null };
    expect(sameValue(value, { d: null, a: [1, { b: 'c' }] })).toBe(true);
    expect(sameValue(value, { ...value, d: 0 })).toBe(false);
    expect(sameValue(value, { ...value, a: [1, { b: 'x' }] })).toBe(false);
    expect(sameValue([1, 2], [1, 2, 3])).toBe(false);
    expect(sameValue([], {})).toBe(false);
    expect(sameValue(null, {})).toBe(false);
  });

  it('may lack a key whose value is undefined elsewhere', () => {
    expect(sameValue({ a: 1 }, { a: 1, b: undefined })).toBe(true);
    expect(sameValue({ a: 1, b: undefined }, { a: 1 })).toBe(true);
    expect(sameValue({ a: 1 }, { a: 1, b: null })).toBe(false);
    expect(sameValue({ a: 1, b: null }, { a: 1 })).toBe(false);
  });

  it('may differ in the one key that is left out', () => {
    expect(sameBut({ a: 1, live: 1 }, { a: 1, live: 2 }, 'live')).toBe(true);
    expect(sameBut({ a: 1, live: 1 }, { a: 1 }, 'live')).toBe(true);
    expect(sameBut({ a: 1 }, { a: 1, live: 1 }, 'live')).toBe(true);
    expect(sameBut({ a: 1, live: 1 }, { a: 2, live: 1 }, 'live')).toBe(false);
  });
});
