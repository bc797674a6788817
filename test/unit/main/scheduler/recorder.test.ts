import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRecorder } from '../../../../src/main/scheduler/recorder.ts';
import type { Store } from '../../../../src/main/store/store.ts';
import type { Change } from '../../../../src/shared/model/batch.ts';
import { ExpectedError } from '../../../../src/shared/model/error.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function setUp() {
  const written: string[] = [];
  let full = false;
  const commit = (changes: readonly Change[]): void => {
    if (full) throw new ExpectedError('disk-full', 'The disk is full.');
    written.push(...changes.map((change) => (change.kind === 'batch-removed' ? change.id : '?')));
  };
  const notices: string[] = [];
  const onRecovered = vi.fn();
  const store = { commit } as Pick<Store, 'commit'> as Store;
  const recorder = createRecorder({ store, notice: (level) => notices.push(level), onRecovered });
  const record = (id: string): void => recorder.commit([{ kind: 'batch-removed', id }]);
  return { recorder, record, written, notices, onRecovered, fill: (value: boolean) => (full = value) };
}

describe('a recorder on a full disk', () => {
  it('keeps everything in order until there is space, and says so twice', () => {
    const { recorder, record, written, notices, onRecovered, fill } = setUp();
    record('a');
    fill(true);
    record('b');
    record('c');
    expect(recorder.healthy).toBe(false);
    vi.advanceTimersByTime(10_000);
    expect(written).toEqual(['a']);
    fill(false);
    record('d');
    expect(written).toEqual(['a']);
    vi.advanceTimersByTime(2_000);
    expect(written).toEqual(['a', 'b', 'c', 'd']);
    expect(recorder.healthy).toBe(true);
    expect(notices).toEqual(['error', 'info']);
    expect(onRecovered).toHaveBeenCalledTimes(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('passes on what is not a full disk', () => {
    const { recorder } = setUp();
    expect(() => recorder.result({} as never, [])).toThrow(TypeError);
  });
});
