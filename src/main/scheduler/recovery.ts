import { join } from 'node:path';
import { isLive } from '../../shared/domain/status.ts';
import { ExpectedError } from '../../shared/model/error.ts';
import type { Clock } from '../platform/clock.ts';
import { readJournal } from '../store/batch-file.ts';
import { batchFolder, listBatchFolders } from '../store/batch-folder.ts';
import type { Store } from '../store/store.ts';
import type { BatchWork } from './batch-work.ts';
import { tellEndsAway } from './ends-away.ts';
import type { Engine } from './engine.ts';
import type { HookRunner } from './hooks.ts';
import { resumeWork } from './requests.ts';
import { settleStarts } from './young-starts.ts';

export interface RecoveryOptions {
  readonly store: Store;
  readonly engine: Engine;
  readonly clock: Clock;
  readonly notice: (level: 'info' | 'warning' | 'error', text: string) => void;
  readonly hooks: Pick<HookRunner, 'runEnded' | 'batchEnded'>;
  /** Takes up a resting batch. Throws ExpectedError. */
  readonly take: (id: string) => Promise<BatchWork>;
  /** Go on with what an end of the app interrupted. */
  readonly continueBatches: boolean;
}

/**
 * Takes up what the last app left: live runs are adopted, dead ones marked. What the folders say counts, not
 * what the index last heard.
 */
export async function recover(options: RecoveryOptions): Promise<void> {
  const { store, notice, hooks } = options;
  const found = listBatchFolders(store.workspace);
  for (const { id } of store.batches()) {
    if (!found.includes(id)) store.commit([{ kind: 'batch-removed', id }]);
  }
  for (const id of found) {
    const before = store.batch(id);
    const known = before?.state.kind;
    if (known === 'finished' || known === 'damaged') continue;
    const lived = store.runs(id).filter(({ state }) => isLive(state));
    await settleStarts(store.workspace, id);
    for (const problem of store.reindexBatch(id)) notice('warning', problem);
    tellEndsAway({ store, hooks }, { id, before, lived });
    await recoverBatch(options, id);
  }
  options.engine.turn();
}

async function recoverBatch(
  { store, engine, clock, notice, take, continueBatches }: RecoveryOptions,
  id: string,
): Promise<void> {
  const record = store.batch(id);
  if (!record || record.state.kind === 'finished' || record.state.kind === 'damaged') return;
  const live = store.runs(id).filter((run) => isLive(run.state));
  const goOn = continueBatches && record.state.kind === 'interrupted' && !wasStopped(store.workspace, id);
  if (live.length === 0 && !goOn) return;
  try {
    const work = await take(id);
    engine.add(work);
    for (const run of live) {
      const experiment = work.experiments.get(run.index);
      if (experiment?.attempt === run.attempt)
        engine.adopt(work, experiment, join(store.workspace, run.folder));
    }
    if (goOn) resumeWork(work, clock.now());
  } catch (error) {
    // A missing interpreter or workload must not keep the other batches from opening.
    if (!(error instanceof ExpectedError)) throw error;
    notice('warning', `${record.title} cannot go on: ${error.message}`);
  }
}

/** A person stopped it, or a failure as a person wanted, so the app does not go on by itself. */
function wasStopped(workspace: string, id: string): boolean {
  const { journal } = readJournal(batchFolder(workspace, id));
  const last = journal.findLast((entry) => ['stop', 'halt', 'resume'].includes(entry.kind));
  return last !== undefined && last.kind !== 'resume';
}
