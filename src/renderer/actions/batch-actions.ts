import type { Connection } from '../connect.ts';
import type { AppStore } from '../state/store.ts';
import { attempt, sentenceOf } from './attempt.ts';

/** What can be asked of batches. Nothing is changed on screen here: the answer comes as a change from the core. */
export interface BatchActions {
  /** Mirrors one batch while a screen shows it. Returns how to let go of it. */
  openBatch(batch: string): () => void;
  pauseBatch(batch: string): Promise<void>;
  resumeBatch(batch: string): Promise<void>;
  stopBatch(batch: string, mode: 'checkpoint' | 'cancel'): Promise<void>;
  retryBatch(batch: string, indices?: readonly number[]): Promise<void>;
  /** New attempts at what is done; the results that there are stay. */
  runAgain(batch: string, indices: readonly number[]): Promise<void>;
  setWorkers(batch: string, workers: number): Promise<void>;
  postpone(batch: string, indices: readonly number[], reason: string): Promise<void>;
  release(batch: string, indices: readonly number[]): Promise<void>;
  /** Changes what starts when: before another experiment, or behind all others (null). */
  reorder(batch: string, indices: readonly number[], before: number | null): Promise<void>;
  cancelExperiments(batch: string, indices: readonly number[]): Promise<void>;
  removeBatch(batch: string): Promise<void>;
}

/** Mirrors are counted, so two components may hold the same batch. */
export function batchActions(store: AppStore, connection: Connection): BatchActions {
  const holders = new Map<string, number>();

  async function load(batch: string): Promise<void> {
    store.getState().detailRequested(batch);
    try {
      const { seq, detail } = await connection.call('batches.get', { batch });
      store.getState().detailArrived(seq, detail);
    } catch (error) {
      store.getState().detailFailed(batch, sentenceOf(error));
    }
  }

  return {
    openBatch(batch) {
      const before = holders.get(batch) ?? 0;
      holders.set(batch, before + 1);
      if (before === 0) void load(batch);
      return () => {
        const left = (holders.get(batch) ?? 1) - 1;
        holders.set(batch, left);
        if (left === 0) store.getState().detailReleased(batch);
      };
    },
    pauseBatch: (batch) =>
      attempt(store, async () => void (await connection.call('batches.pause', { batch }))),
    resumeBatch: (batch) =>
      attempt(store, async () => void (await connection.call('batches.resume', { batch }))),
    stopBatch: (batch, mode) =>
      attempt(store, async () => void (await connection.call('batches.stop', { batch, mode }))),
    retryBatch: (batch, indices) =>
      attempt(store, async () => {
        const { retried } = await connection.call('batches.retry', {
          batch,
          ...(indices ? { indices: [...indices] } : {}),
        });
        if (retried === 0)
          store.getState().noticed('info', 'Nothing to retry: no experiment of this batch has failed.');
      }),
    runAgain: (batch, indices) =>
      attempt(store, async () => {
        await connection.call('batches.run-again', { batch, indices: [...indices] });
      }),
    setWorkers: (batch, workers) =>
      attempt(store, async () => void (await connection.call('batches.set-workers', { batch, workers }))),
    postpone: (batch, indices, reason) =>
      attempt(store, async () => {
        await connection.call('batches.postpone', { batch, indices: [...indices], reason });
      }),
    release: (batch, indices) =>
      attempt(
        store,
        async () => void (await connection.call('batches.release', { batch, indices: [...indices] })),
      ),
    reorder: (batch, indices, before) =>
      attempt(store, async () => {
        await connection.call('batches.reorder', { batch, indices: [...indices], before });
      }),
    cancelExperiments: (batch, indices) =>
      attempt(
        store,
        async () => void (await connection.call('batches.cancel', { batch, indices: [...indices] })),
      ),
    removeBatch: (batch) =>
      attempt(store, async () => void (await connection.call('batches.remove', { batch }))),
  };
}
