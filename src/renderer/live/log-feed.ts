import type { Client } from '../../shared/client.ts';
import type { LogPage } from '../../shared/model/log.ts';
import type { Connection } from '../connect.ts';

/** Lines asked for at once. */
const PAGE = 400;

/** Lines shown before the first page is here: more than any screen holds. */
const TAIL = 200;

/** Pages kept in memory; the ones farthest from the reader go first. */
const PAGES_KEPT = 50;

/** One attempt at one experiment. */
export interface RunKey {
  readonly batch: string;
  readonly index: number;
  readonly attempt: number;
}

export interface LogSnapshot {
  /** Rises with every change, so that a view knows to draw again. */
  readonly version: number;
  readonly bytes: number;
  readonly shape: LogShape;
}

/** What decides how a log is laid out. The same object until that changes: a line that is rewritten changes nothing here. */
export interface LogShape {
  readonly totalLines: number;
  readonly complete: boolean;
  /** The end of the log without numbers, until the lines before it are counted. */
  readonly tail: readonly string[];
  /** First line that looks like an error, as far as the core has looked; null = none. */
  readonly firstErrorLine: number | null;
  /** Why there is no log, in one sentence; null = fine. */
  readonly problem: string | null;
  /** False until the core has answered once. */
  readonly known: boolean;
}

/**
 * The terminal of one run, read by line number. Lines not yet here are asked for and announced. It follows
 * the run while somebody listens.
 */
export interface LogFeed {
  /** Null = on its way. */
  line(number: number): string | null;
  snapshot(): LogSnapshot;
  onChange(listener: () => void): () => void;
}

/** Follows a run's log; goes on from the last whole line after a lost connection. */
export function createLogFeed(connection: Connection, key: RunKey): LogFeed {
  const pages = new Map<number, string[]>();
  const asked = new Set<number>();
  const listeners = new Set<() => void>();
  let shape: LogShape = {
    totalLines: 0,
    complete: false,
    tail: [],
    firstErrorLine: null,
    problem: null,
    known: false,
  };
  let state: LogSnapshot = { version: 0, bytes: 0, shape };
  let next = 0;
  let frame = 0;

  /** One announcement a frame however fast lines arrive. */
  function announce(change: Partial<LogShape>, bytes = state.bytes): void {
    const changed = { ...shape, ...change };
    const fields = Object.keys(changed) as (keyof LogShape)[];
    if (fields.some((field) => changed[field] !== shape[field])) shape = changed;
    state = { version: state.version + 1, bytes, shape };
    if (frame !== 0) return;
    frame = requestAnimationFrame(() => {
      frame = 0;
      for (const listener of listeners) listener();
    });
  }

  function store(page: LogPage): void {
    for (const [offset, text] of page.lines.entries()) {
      const number = page.firstLine + offset;
      const slot = Math.floor(number / PAGE);
      let lines = pages.get(slot);
      if (lines === undefined) {
        lines = [];
        pages.set(slot, lines);
      }
      lines[number % PAGE] = text;
    }
    while (pages.size > PAGES_KEPT) {
      const oldest = pages.keys().next().value;
      if (oldest === undefined) break;
      pages.delete(oldest);
    }
    const change = {
      totalLines: Math.max(shape.totalLines, page.totalLines),
      complete: page.complete,
      firstErrorLine: page.firstErrorLine,
      problem: null,
      known: true,
    };
    announce(change, Math.max(state.bytes, page.bytes));
  }

  async function fetchPage(slot: number): Promise<void> {
    if (asked.has(slot)) return;
    asked.add(slot);
    try {
      const page = await connection.call('logs.page', { ...key, firstLine: slot * PAGE, count: PAGE });
      store(page);
    } catch (error) {
      announce({ problem: error instanceof Error ? error.message : String(error), known: true });
    } finally {
      asked.delete(slot);
    }
  }

  function follow(client: Client): () => void {
    let stop = (): void => {};
    let ended = false;
    async function begin(): Promise<void> {
      // The end of the log comes first: a log of 200 MB opens as fast as a short one.
      if (next === 0) {
        // Counting the lines of 200 MB takes a second; until then the end is shown without numbers.
        void client.call('logs.tail', { ...key, count: TAIL }).then(
          ({ lines }) => {
            if (!ended && !shape.known) announce({ tail: lines });
          },
          // The page that was asked for beside it reports the same.
          () => {},
        );
        const page = await client.call('logs.page', { ...key, firstLine: -PAGE, count: PAGE });
        if (ended) return;
        store(page);
        next = Math.max(0, page.firstLine + page.lines.length - 1);
        if (page.complete) return;
      }
      stop = client.watch('logs.follow', {
        key,
        from: next,
        onItem: (page) => {
          store(page);
          // The last line may come again in its new form, so it is asked for again after a break.
          next = Math.max(0, page.firstLine + page.lines.length - 1);
        },
      });
    }
    begin().catch((error: unknown) => {
      if (!ended) announce({ problem: error instanceof Error ? error.message : String(error), known: true });
    });
    return () => {
      ended = true;
      stop();
    };
  }

  let detach = (): void => {};
  function onChange(listener: () => void): () => void {
    if (listeners.size === 0) detach = connection.attach(follow);
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
      if (listeners.size > 0) return;
      cancelAnimationFrame(frame);
      frame = 0;
      detach();
    };
  }

  return {
    line(number) {
      const slot = Math.floor(number / PAGE);
      const text = pages.get(slot)?.[number % PAGE];
      if (text === undefined) {
        void fetchPage(slot);
        return null;
      }
      return text;
    },
    snapshot: () => state,
    onChange,
  };
}
