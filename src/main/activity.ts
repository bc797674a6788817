import type { Client } from '../shared/client.ts';
import type { BatchRecord, ChangeSet } from '../shared/model/batch.ts';

/** What the app is working on, for those who never open a screen: Dock, tray, quit question. */
export interface Activity {
  /** Batches that are worked on, by id. */
  readonly batches: readonly { readonly id: string; readonly title: string; readonly live: number }[];
  /** Runs that live now, over all of them. */
  readonly live: number;
}

const BUSY: ReadonlySet<BatchRecord['state']['kind']> = new Set(['running', 'paused', 'stopping']);

export function activityOf(batches: Iterable<BatchRecord>): Activity {
  const busy = [...batches].filter((batch) => BUSY.has(batch.state.kind));
  return {
    batches: busy.map(({ id, title, counts }) => ({ id, title, live: counts.live })),
    live: busy.reduce((sum, batch) => sum + batch.counts.live, 0),
  };
}

/** "2 runs in 1 batch", or null when nothing goes on. */
export function activitySentence({ batches, live }: Activity): string | null {
  if (batches.length === 0) return null;
  const count = (number: number, one: string, many: string) => `${number} ${number === 1 ? one : many}`;
  return `${count(live, 'run', 'runs')} in ${count(batches.length, 'batch', 'batches')}`;
}

/**
 * Follows the core and reports what goes on, at first and after each change of it. Resolves to how to stop.
 */
export async function followActivity(
  client: Client,
  listener: (activity: Activity) => void,
): Promise<() => void> {
  const batches = new Map<string, BatchRecord>();
  let stop = (): void => {};

  function apply(set: ChangeSet): void {
    for (const change of set.changes) {
      if (change.kind === 'batch') batches.set(change.value.id, change.value);
      if (change.kind === 'batch-removed') batches.delete(change.id);
    }
    if (set.changes.some(({ kind }) => kind === 'batch' || kind === 'batch-removed'))
      listener(activityOf(batches.values()));
  }

  async function start(): Promise<void> {
    const { seq, batches: all } = await client.call('batches.list', {});
    batches.clear();
    for (const batch of all) batches.set(batch.id, batch);
    listener(activityOf(batches.values()));
    stop();
    stop = client.subscribe('changes', apply, { since: seq, onGap: () => void start() });
  }

  await start();
  return () => stop();
}
