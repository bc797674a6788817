import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type RunEvent, runEvent } from '../../shared/model/event.ts';
import { createJsonLinesReader } from '../platform/json-lines.ts';

const KINDS: ReadonlySet<unknown> = new Set(runEvent.options.map((option) => option.shape.kind.value));

export interface EventsRead {
  readonly events: readonly RunEvent[];
  /** Lines that are no events; unknown kinds are not counted, they may come from a newer worker. */
  readonly bad: number;
  readonly more: boolean;
}

/** Follows `events.jsonl` of a run folder; `from` is a byte offset at the start of a line. */
export interface EventsReader {
  /** Behind the last whole line read. */
  readonly offset: number;
  read(limitBytes?: number): EventsRead;
}

export function createEventsReader(folder: string, from = 0): EventsReader {
  const lines = createJsonLinesReader(join(folder, 'events.jsonl'), from);
  return {
    get offset() {
      return lines.offset;
    },
    read(limitBytes) {
      const read = lines.read(limitBytes);
      const events: RunEvent[] = [];
      let bad = read.bad;
      for (const value of read.values) {
        const parsed = runEvent.safeParse(value);
        if (parsed.success) events.push(parsed.data);
        else if (!isUnknownKind(value)) bad += 1;
      }
      return { events, bad, more: read.more };
    },
  };
}

/** Calls back for every event that is in the file now. Returns the number of bad lines. */
export function eachEvent(folder: string, visit: (event: RunEvent) => void): number {
  const reader = createEventsReader(folder);
  let bad = 0;
  for (let more = true; more; ) {
    const read = reader.read();
    read.events.forEach(visit);
    bad += read.bad;
    more = read.more;
  }
  return bad;
}

/** Read between two pauses, in bytes: some ten milliseconds of work. */
const PIECE_BYTES = 256 * 1024;

/** The same for a file that may be large: others have their turn after every piece. A small one is read at once. */
export async function eachEventInPieces(folder: string, visit: (event: RunEvent) => void): Promise<number> {
  const reader = createEventsReader(folder);
  let bad = 0;
  for (let more = true; more; ) {
    const read = reader.read(PIECE_BYTES);
    read.events.forEach(visit);
    bad += read.bad;
    more = read.more;
    if (more) await nextTurn();
  }
  return bad;
}

function isUnknownKind(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    'kind' in value &&
    typeof value.kind === 'string' &&
    !KINDS.has(value.kind)
  );
}
