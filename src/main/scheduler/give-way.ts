import { ExpectedError } from '../../shared/model/error.ts';
import { type BatchWork, note, type Running, workersOf } from './batch-work.ts';

export interface GiveWayOptions {
  readonly works: Iterable<BatchWork>;
  readonly why: string;
  /** Unix seconds. */
  readonly now: number;
  readonly notice: (level: 'info' | 'warning' | 'error', text: string) => void;
}

/**
 * Stops the newest run at a checkpoint because memory runs out; it is queued again when it has ended, and its
 * batch goes on with one worker fewer. A run that is alone is left in peace.
 */
export function giveWay({ works, why, now, notice }: GiveWayOptions): void {
  const all = [...works].flatMap((work) => [...work.running.values()].map((running) => ({ work, running })));
  const candidates = all.filter(({ work, running }) => work.state.kind === 'running' && !running.yielded);
  const newest = candidates.toSorted((a, b) => startOf(b.running) - startOf(a.running))[0];
  if (!newest || all.length < 2) return;
  const { work, running } = newest;
  const fewer = Math.max(1, Math.min(workersOf(work), work.running.size) - 1);
  try {
    note(work, { t: now, kind: 'workers', workers: fewer, why });
  } catch (error) {
    // Memory matters more than the note: the run gives way in any case.
    if (!(error instanceof ExpectedError)) throw error;
  }
  running.yielded = `it gave way because ${why}`;
  running.live.signal('stop');
  const { name } = running.live.file;
  notice(
    'warning',
    `${name} stops at a checkpoint and is queued again: ${why}. ${work.file.title} goes on with ${fewer} at a time.`,
  );
}

function startOf(running: Running): number {
  return running.live.status?.startedAt ?? Number.POSITIVE_INFINITY;
}
