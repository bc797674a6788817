import type { Client } from '../shared/client.ts';
import type { BatchRecord, ChangeSet } from '../shared/model/batch.ts';

/** What the app is working on, for those who never open a screen: Dock, tray, quit question. */
export interface Activity {
  /** Batches that are worked on, by id. */
  readonly batches: readonly { readonly id: string; readonly title: string; readonly live: number }[];
  /** Runs that live now, over all of them. */
  readonly live: number;
  /** How far they are together, 0 to 1 by their experiments; null = nothing goes on. */
  readonly fraction: number | null;
  /** All of them are paused. */
  readonly paused: boolean;
}

const BUSY: ReadonlySet<BatchRecord['state']['kind']> = new Set(['running', 'paused', 'stopping']);

export function activityOf(batches: Iterable<BatchRecord>): Activity {
  const busy = [...batches].filter((batch) => BUSY.has(batch.state.kind));
  return {
    batches: busy.map(({ id, title, counts }) => ({ id, title, live: counts.live })),
    live: busy.reduce((sum, batch) => sum + batch.counts.live, 0),
    fraction: fractionOf(busy),
    paused: busy.length > 0 && busy.every(({ state }) => state.kind === 'paused'),
  };
}

function fractionOf(busy: readonly BatchRecord[]): number | null {
  const total = busy.reduce((sum, { counts }) => sum + counts.total, 0);
  if (total === 0) return null;
  return busy.reduce((sum, { counts, progress }) => sum + progress.fraction * counts.total, 0) / total;
}

/** "2 runs in 1 batch", or null when nothing goes on. */
export function activitySentence({ batches, live }: Activity): string | null {
  if (batches.length === 0) return null;
  const count = (number: number, one: string, many: string) => `${number} ${number === 1 ? one : many}`;
  return `${count(live, 'run', 'runs')} in ${count(batches.length, 'batch', 'batches')}`;
}

/**
 * Follows the core and reports what goes on, at first and after each change of it, and each batch that is not worked on any
 * more. Resolves to how to stop.
 */
export async function followActivity(
  client: Client,
  listener: (activity: Activity) => void,
  onRest: (batch: BatchRecord) => void = () => {},
): Promise<() => void> {
  const batches = new Map<string, BatchRecord>();
  let stop = (): void => {};

  function take(batch: BatchRecord): void {
    const before = batches.get(batch.id);
    batches.set(batch.id, batch);
    if (before && BUSY.has(before.state.kind) && !BUSY.has(batch.state.kind)) onRest(batch);
  }

  function apply(set: ChangeSet): void {
    for (const change of set.changes) {
      if (change.kind === 'batch') take(change.value);
      if (change.kind === 'batch-removed') batches.delete(change.id);
    }
    if (set.changes.some(({ kind }) => kind === 'batch' || kind === 'batch-removed'))
      listener(activityOf(batches.values()));
  }

  async function start(): Promise<void> {
    const { seq, batches: all } = await client.call('batches.list', {});
    const known = new Set(all.map(({ id }) => id));
    for (const id of batches.keys()) if (!known.has(id)) batches.delete(id);
    for (const batch of all) take(batch);
    listener(activityOf(batches.values()));
    stop();
    stop = client.subscribe('changes', apply, { since: seq, onGap: () => void start() });
  }

  await start();
  return () => stop();
}
