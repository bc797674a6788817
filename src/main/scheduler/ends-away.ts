import { join } from 'node:path';
import { isLive } from '../../shared/domain/status.ts';
import type { BatchRecord } from '../../shared/model/batch.ts';
import type { RunRecord } from '../../shared/model/run.ts';
import { readBatchFolder } from '../store/batch-file.ts';
import { batchFolder } from '../store/batch-folder.ts';
import type { Store } from '../store/store.ts';
import type { HookBatch, HookRunner } from './hooks.ts';

/** A batch as the last app left it. */
export interface LeftBatch {
  readonly id: string;
  readonly before: BatchRecord | null;
  /** Runs that lived then. */
  readonly lived: readonly RunRecord[];
}

/** Runs that ended under their supervisors while no app was there, and a batch that finished by it: hooks hear of them now. */
export function tellEndsAway(
  { store, hooks }: { store: Store; hooks: Pick<HookRunner, 'runEnded' | 'batchEnded'> },
  { id, before, lived }: LeftBatch,
): void {
  const record = store.batch(id);
  if (before === null || record === null) return;
  const ended = store
    .runs(id)
    .filter(
      (run) =>
        !isLive(run.state) && lived.some((one) => one.index === run.index && one.attempt === run.attempt),
    );
  if (ended.length === 0) return;
  const folder = batchFolder(store.workspace, id);
  const read = readBatchFolder(folder);
  if (read.kind === 'damaged') return;
  const { title, state, counts } = record;
  const batch: HookBatch = { id, title, folder, file: read.file, journal: [...read.journal], state, counts };
  const names = new Map(store.experiments(id).map(({ index, name }) => [index, name]));
  for (const { index, attempt, state: how, folder: place } of ended) {
    const name = names.get(index) ?? `experiment ${index}`;
    hooks.runEnded(batch, { index, attempt, name, state: how, folder: join(store.workspace, place) });
  }
  if (state.kind === 'finished') hooks.batchEnded(batch);
}
