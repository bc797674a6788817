import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { WatchItem } from '../../shared/contract/contract.ts';
import { createEventsReader } from '../store/events-file.ts';
import { followLog } from './logs/follow-log.ts';
import { readPieces } from './logs/text-pieces.ts';
import type { CoreParts } from './parts.ts';
import type { WatchSources, WatchStep } from './router.ts';
import { findRun, type RunKey } from './run-place.ts';

const EVENTS_BYTES = 256 * 1024;
const LOOK_MILLISECONDS = 250;
/** A person who types wants to see the answer at once. */
const TERMINAL_LOOK_MILLISECONDS = 40;

export function watchSources({ store, logs }: Pick<CoreParts, 'store' | 'logs'>): WatchSources {
  /** The attempt is fixed at the start: a watch never jumps to a later one by itself. */
  function openRun(key: RunKey): { folder: string; ended: () => boolean } {
    const { run, folder } = findRun(store, key);
    const attempt = { ...key, attempt: run.attempt };
    return { folder, ended: () => findRun(store, attempt).run.endedAt !== null };
  }

  return {
    async *'logs.follow'(key, from, signal) {
      const { folder, ended } = openRun(key);
      yield* followLog(logs.of(folder), { from, signal, ended });
    },
    async *'runs.terminal'(key, from, signal) {
      const { folder, ended } = openRun(key);
      yield* followTerminal(join(folder, 'output.log'), { from, signal, ended });
    },
    async *'runs.events'(key, from, signal) {
      const { folder, ended } = openRun(key);
      yield* followEvents(folder, { from, signal, ended });
    },
  };
}

interface FollowFile {
  readonly from: number;
  readonly signal: AbortSignal;
  readonly ended: () => boolean;
}

async function* followEvents(
  folder: string,
  { from, signal, ended }: FollowFile,
): AsyncGenerator<WatchStep<WatchItem<'runs.events'>>> {
  const reader = createEventsReader(folder, from);
  while (!signal.aborted) {
    // Asked first: what was written before the end is then certainly read.
    const last = ended();
    const { events, bad, more } = reader.read(EVENTS_BYTES);
    if (events.length > 0 || bad > 0) yield { item: { events: [...events], bad }, next: reader.offset };
    if (more) continue;
    if (last) return;
    await wait(LOOK_MILLISECONDS, undefined, { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }
}

/** What was printed, as it was printed. */
async function* followTerminal(
  path: string,
  { from, signal, ended }: FollowFile,
): AsyncGenerator<WatchStep<WatchItem<'runs.terminal'>>> {
  let offset = from;
  while (!signal.aborted) {
    // Asked first: what was written before the end is then certainly read.
    const last = ended();
    for await (const piece of readPieces(path, offset)) {
      offset = piece.offset + piece.bytes.length;
      yield { item: { text: piece.bytes.toString('utf8') }, next: offset };
      if (signal.aborted) return;
    }
    if (last) return;
    await wait(TERMINAL_LOOK_MILLISECONDS, undefined, { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }
}
