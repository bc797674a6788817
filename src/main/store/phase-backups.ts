import { finishedParts } from '../../shared/domain/standing.ts';
import type { Backups } from './backups.ts';
import type { Store } from './store.ts';

export interface PhaseBackupOptions {
  readonly store: Store;
  readonly backups: Backups;
  /** Whether a workload's manifest asks for a backup after each phase. */
  readonly wanted: (workload: string) => Promise<boolean>;
  readonly notice: (level: 'info' | 'warning' | 'error', text: string) => void;
}

/** Makes a backup whenever a queue of a phase has come to its end. Returns how to stop; what is under way is finished. */
export function backUpPhases(options: PhaseBackupOptions): () => Promise<void> {
  const { store, backups, notice } = options;
  const finished = new Map<string, ReadonlySet<string>>();
  let last: Promise<void> = Promise.resolve();

  // What was finished before this process began has been backed up by the one that saw it end.
  for (const { id } of store.batches()) finished.set(id, new Set(finishedParts(store.experiments(id))));

  async function backUp(batch: string, parts: readonly string[]): Promise<void> {
    const workload = store.batch(batch)?.workload;
    if (workload === undefined || !(await options.wanted(workload))) return;
    const why = `${parts.join(' and ')} done`;
    try {
      const { name } = await backups.create(batch, why);
      notice('info', `${why}: backup ${name} made.`);
    } catch (error) {
      // A backup that fails must not take the batch with it, but it must be seen.
      notice('error', `No backup of ${batch}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  const unsubscribe = store.changes.subscribe(({ changes }) => {
    const touched = changes.flatMap((change) =>
      change.kind === 'experiment' && ended(change.value.state.kind) ? [change.value.batch] : [],
    );
    for (const batch of new Set(touched)) {
      const before = finished.get(batch) ?? new Set();
      const now = finishedParts(store.experiments(batch));
      finished.set(batch, new Set(now));
      const fresh = now.filter((part) => !before.has(part));
      // What was imported or restored rests already, and came from a copy.
      const resting = store.batch(batch)?.state.kind;
      if (resting === 'finished' || resting === 'interrupted' || resting === 'damaged') continue;
      if (fresh.length > 0) last = last.then(() => backUp(batch, fresh));
    }
  });
  return async () => {
    unsubscribe();
    await last;
  };
}

function ended(kind: string): boolean {
  return !['queued', 'waiting', 'starting', 'running', 'paused'].includes(kind);
}
