import { describe, expect, it } from 'vitest';
import { activityOf, activitySentence, followActivity } from '../../../src/main/activity.ts';
import type { Client, SubscribeOptions } from '../../../src/shared/client.ts';
import type { BatchRecord, ChangeSet } from '../../../src/shared/model/batch.ts';

function batch(id: string, kind: 'running' | 'paused' | 'stopping' | 'finished', live: number): BatchRecord {
  const counts = { total: 3, succeeded: 0, failed: 0, skipped: 0, postponed: 0, live, queued: 0, stopped: 0 };
  const progress = { fraction: live / 4 };
  return { id, title: `title of ${id}`, state: { kind }, counts, progress } as BatchRecord;
}

describe('activityOf', () => {
  it('counts live runs of batches that are worked on', () => {
    const activity = activityOf([
      batch('a', 'running', 2),
      batch('b', 'finished', 0),
      batch('c', 'paused', 1),
    ]);
    expect(activity).toMatchObject({
      live: 3,
      batches: [
        { id: 'a', live: 2 },
        { id: 'c', live: 1 },
      ],
    });
    expect(activitySentence(activity)).toBe('3 runs in 2 batches');
    expect([activity.fraction, activity.paused]).toEqual([0.375, false]);
    expect(activityOf([batch('c', 'paused', 1)]).paused).toBe(true);
    expect(activityOf([])).toEqual({ batches: [], live: 0, fraction: null, paused: false });
  });

  it('has one form for one', () => {
    expect(activitySentence(activityOf([batch('a', 'stopping', 1)]))).toBe('1 run in 1 batch');
    expect(activitySentence(activityOf([batch('a', 'finished', 0)]))).toBeNull();
  });
});

describe('followActivity', () => {
  /** A core with one batch, whose changes the test makes. */
  function core() {
    const state = {
      listener: (_set: ChangeSet) => {},
      options: {} as SubscribeOptions,
      stopped: 0,
      batches: [batch('a', 'running', 1)],
    };
    const client = {
      call: async () => ({ seq: 7, batches: state.batches }),
      subscribe(_topic: string, listener: (set: ChangeSet) => void, options: SubscribeOptions) {
        state.listener = listener;
        state.options = options;
        return () => {
          state.stopped += 1;
        };
      },
    };
    return { state, client: client as unknown as Client };
  }

  it('reports the snapshot, then each change of a batch, from the seq of the snapshot on', async () => {
    const { state, client } = core();
    const seen: number[] = [];
    const stop = await followActivity(client, (activity) => seen.push(activity.live));
    expect(state.options.since).toBe(7);
    state.listener({ seq: 8, changes: [{ kind: 'batch', value: batch('b', 'running', 4) }] });
    state.listener({ seq: 9, changes: [] });
    state.listener({ seq: 10, changes: [{ kind: 'batch-removed', id: 'a' }] });
    expect(seen).toEqual([1, 5, 4]);
    stop();
    expect(state.stopped).toBe(1);
  });

  it('tells once of a batch that is not worked on any more, also when that happened in a gap', async () => {
    const { state, client } = core();
    const rested: string[] = [];
    await followActivity(
      client,
      () => {},
      ({ id }) => rested.push(id),
    );
    state.listener({ seq: 8, changes: [{ kind: 'batch', value: batch('b', 'running', 1) }] });
    state.listener({ seq: 9, changes: [{ kind: 'batch', value: batch('a', 'finished', 0) }] });
    state.listener({ seq: 10, changes: [{ kind: 'batch', value: batch('a', 'finished', 0) }] });
    expect(rested).toEqual(['a']);
    state.batches = [batch('a', 'finished', 0), batch('b', 'finished', 0), batch('old', 'finished', 0)];
    state.options.onGap?.();
    await Promise.resolve();
    await Promise.resolve();
    expect(rested).toEqual(['a', 'b']);
  });

  it('takes a new snapshot after a gap', async () => {
    const { state, client } = core();
    const seen: number[] = [];
    await followActivity(client, (activity) => seen.push(activity.live));
    state.batches = [];
    state.options.onGap?.();
    await Promise.resolve();
    await Promise.resolve();
    expect(seen).toEqual([1, 0]);
    expect(state.stopped).toBe(1);
  });
});
