import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { gatherChanges } from '../../../src/renderer/live/gathered-changes.ts';
import type { ChangeSet } from '../../../src/shared/model/batch.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const set = (seq: number): ChangeSet => ({ seq, changes: [{ kind: 'batch-removed', id: `b${seq}` }] });

describe('changes that arrive', () => {
  it('are handed on at once when it is quiet, and together in a flood', () => {
    const applied: ChangeSet[] = [];
    const gathered = gatherChanges((one) => applied.push(one));
    gathered.take(set(1));
    expect(applied.splice(0)).toEqual([set(1)]);
    for (const seq of [2, 3, 4]) gathered.take(set(seq));
    expect(applied).toEqual([]);
    vi.advanceTimersByTime(150);
    expect(applied.splice(0)).toEqual([
      { seq: 4, changes: [2, 3, 4].map((seq) => ({ kind: 'batch-removed', id: `b${seq}` })) },
    ]);
    vi.advanceTimersByTime(1_000);
    gathered.take(set(5));
    expect(applied.splice(0)).toEqual([set(5)]);
    gathered.take(set(6));
    gathered.stop();
    vi.advanceTimersByTime(5_000);
    expect(applied).toEqual([]);
  });

  it('leave the page time for people when drawing takes long', () => {
    let applied = 0;
    const gathered = gatherChanges(() => {
      applied += 1;
      // Drawing took 200 ms, as far as the clock of the page tells.
      vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 200);
    });
    gathered.take(set(1));
    gathered.take(set(2));
    vi.advanceTimersByTime(500);
    expect(applied).toBe(1);
    vi.advanceTimersByTime(300);
    expect(applied).toBe(2);
    gathered.stop();
    vi.restoreAllMocks();
  });
});
