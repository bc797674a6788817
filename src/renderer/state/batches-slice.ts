import type { BatchDetail, BatchRecord, ChangeSet } from '../../shared/model/batch.ts';
import type { Update } from './update.ts';
import { applyToBatches, applyToDetail, arrivedDetail, type BatchMap, type DetailState } from './batches.ts';

export interface BatchesSlice {
  /** Null until the first snapshot. */
  readonly batches: BatchMap | null;
  readonly details: Readonly<Record<string, DetailState>>;
  batchesArrived(seq: number, batches: readonly BatchRecord[]): void;
  changesArrived(set: ChangeSet): void;
  detailRequested(id: string): void;
  detailArrived(seq: number, detail: BatchDetail): void;
  detailFailed(id: string, sentence: string): void;
  detailReleased(id: string): void;
}

export function batchesSlice(set: Update<BatchesSlice>): BatchesSlice {
  return {
    batches: null,
    details: {},
    batchesArrived: (_seq, batches) =>
      set({ batches: Object.fromEntries(batches.map((batch) => [batch.id, batch])) }),
    changesArrived: (changes) =>
      set((state) => ({
        batches: applyToBatches(state.batches ?? {}, changes.changes),
        details: withChanges(state.details, changes),
      })),
    detailRequested: (id) =>
      set((state) => {
        const known = state.details[id];
        const shown = known !== undefined && known.kind !== 'failed' ? known.shown : null;
        return { details: { ...state.details, [id]: { kind: 'loading', shown, meanwhile: [] } } };
      }),
    detailArrived: (seq, detail) =>
      set((state) => {
        const known = state.details[detail.batch.id];
        if (known === undefined) return {};
        const meanwhile = known.kind === 'loading' ? known.meanwhile : [];
        const shown = arrivedDetail(seq, detail, meanwhile);
        return { details: { ...state.details, [detail.batch.id]: { kind: 'ready', shown } } };
      }),
    detailFailed: (id, sentence) =>
      set((state) =>
        state.details[id] === undefined
          ? {}
          : { details: { ...state.details, [id]: { kind: 'failed', sentence } } },
      ),
    detailReleased: (id) =>
      set((state) => {
        const { [id]: _released, ...details } = state.details;
        return { details };
      }),
  };
}

function withChanges(details: BatchesSlice['details'], changes: ChangeSet): BatchesSlice['details'] {
  let next = details;
  for (const [id, detail] of Object.entries(details)) {
    const changed = changedDetail(id, detail, changes);
    if (changed !== detail) next = { ...next, [id]: changed };
  }
  return next;
}

function changedDetail(id: string, detail: DetailState, changes: ChangeSet): DetailState {
  switch (detail.kind) {
    case 'loading':
      return { ...detail, meanwhile: [...detail.meanwhile, changes] };
    case 'ready': {
      const shown = applyToDetail(id, detail.shown, changes);
      return shown === detail.shown ? detail : { kind: 'ready', shown };
    }
    case 'failed':
      return detail;
  }
}
