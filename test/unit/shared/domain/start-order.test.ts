import { describe, expect, it } from 'vitest';
import { movedOrder, startPositions } from '../../../../src/shared/domain/start-order.ts';

describe('the start order', () => {
  it('puts experiments before another one, in the order they were named', () => {
    expect(movedOrder([7, 3, 5, 1], { indices: [1, 3], before: 7 })).toEqual([1, 3, 7, 5]);
  });

  it('puts them behind all others', () => {
    expect(movedOrder([7, 3, 5, 1], { indices: [7], before: null })).toEqual([3, 5, 1, 7]);
  });

  it('loses and doubles nothing, whatever is asked', () => {
    for (const move of [
      { indices: [99], before: 3 },
      { indices: [3, 3], before: 3 },
      { indices: [5], before: 42 },
      { indices: [], before: null },
    ]) {
      expect(movedOrder([7, 3, 5, 1], move).toSorted()).toEqual([1, 3, 5, 7]);
    }
  });

  it('applies moves one after the other', () => {
    const positions = startPositions(
      [0, 1, 2, 3],
      [
        { indices: [3], before: 0 },
        { indices: [2], before: 3 },
      ],
    );
    expect([...positions.keys()]).toEqual([2, 3, 0, 1]);
    expect(positions.get(0)).toBe(2);
  });
});
