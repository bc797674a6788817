import { finishedParts, partName } from '../../shared/domain/standing.ts';
import { isFinal } from '../../shared/domain/status.ts';
import type { ExperimentRecord } from '../../shared/model/run.ts';
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
  /** Parts that have been seen to end, by batch, until they are taken up again. */
  const finished = new Map<string, Set<string>>();
  let last: Promise<void> = Promise.resolve();

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

  /** The parts that have come to their end with these experiments. */
  function freshlyFinished(batch: string, ends: readonly ExperimentRecord[]): string[] {
    const known = finished.get(batch) ?? new Set();
    finished.set(batch, known);
    const all = store.experiments(batch);
    return [...new Set(ends.map(partName))].filter((name) => {
      // Most experiments that end leave others of their part open, and then nothing more is looked at.
      const open = all.some((one) => isOpen(one) && partName(one) === name);
      if (open) known.delete(name);
      if (open || known.has(name) || !finishedParts(all).includes(name)) return false;
      known.add(name);
      return true;
    });
  }

  const unsubscribe = store.changes.subscribe(
    ({ changes }) => {
      const ends = changes.flatMap((change) =>
        change.kind === 'experiment' && isFinal(change.value.state) ? [change.value] : [],
      );
      for (const [batch, own] of Map.groupBy(ends, (experiment) => experiment.batch)) {
        const fresh = freshlyFinished(batch, own);
        // What was imported or restored rests already, and came from a copy.
        const resting = store.batch(batch)?.state.kind;
        if (resting === 'finished' || resting === 'interrupted' || resting === 'damaged') continue;
        if (fresh.length > 0) last = last.then(() => backUp(batch, fresh));
      }
    },
    { aside: true },
  );
  return async () => {
    unsubscribe();
    await last;
  };
}

/** Something of it is still to be done. */
function isOpen({ state }: ExperimentRecord): boolean {
  return !isFinal(state) || state.kind === 'interrupted';
}
