import type { Client } from '../../shared/client.ts';
import type { LogPage } from '../../shared/model/log.ts';
import type { Connection } from '../connect.ts';
import type { RunKey } from './log-feed.ts';

/** Lines kept; older ones are in each run's own log. */
const KEPT = 5_000;

/** Lines of a run that was there before anybody looked. */
const FIRST = 40;

export interface MergedLine {
  /** Counts up, so that a line keeps its place while older ones fall away. */
  readonly id: number;
  readonly run: RunKey;
  readonly text: string;
}

/** The logs of several runs as one, in the order in which lines arrived. Only whole lines: a bar is not merged. */
export interface MergedLog {
  lines(): readonly MergedLine[];
  /** Runs that are followed from now on; lines of the others stay. */
  follow(runs: readonly RunKey[]): void;
  onChange(listener: () => void): () => void;
  close(): void;
}

export function createMergedLog(connection: Connection): MergedLog {
  const followed = new Map<string, () => void>();
  /** First line not merged yet, kept for runs that are let go and followed again, as around a lost connection. */
  const positions = new Map<string, number>();
  const listeners = new Set<() => void>();
  let lines: readonly MergedLine[] = [];
  let nextId = 0;
  let frame = 0;

  function append(run: RunKey, texts: readonly string[]): void {
    if (texts.length === 0) return;
    const fresh = texts.map((text) => ({ id: nextId++, run, text }));
    lines = [...lines, ...fresh].slice(-KEPT);
    if (frame !== 0) return;
    frame = requestAnimationFrame(() => {
      frame = 0;
      for (const listener of listeners) listener();
    });
  }

  /** Follows one run; after a lost connection from the line after the last one that was merged. */
  function followRun(run: RunKey, key: string): () => void {
    let next = positions.get(key) ?? -1;
    function take(page: LogPage, end: number): void {
      append(run, page.lines.slice(Math.max(0, next - page.firstLine), Math.max(0, end - page.firstLine)));
      next = Math.max(next, end);
      positions.set(key, next);
    }
    return connection.attach((client: Client) => {
      let stop = (): void => {};
      let ended = false;
      async function begin(): Promise<void> {
        if (next < 0) {
          const page = await client.call('logs.page', { ...run, firstLine: -FIRST, count: FIRST });
          if (ended) return;
          const total = page.firstLine + page.lines.length;
          next = page.firstLine;
          // The last line may still be written; the watch brings it when it is whole.
          take(page, page.complete ? total : total - 1);
          if (page.complete) return;
        }
        stop = client.watch('logs.follow', { key: run, from: next, onItem: take });
      }
      // A run without a log yet, or a lost connection: both come again by themselves.
      begin().catch(() => {});
      return () => {
        ended = true;
        stop();
      };
    });
  }

  return {
    lines: () => lines,
    follow(runs) {
      const wanted = new Map(runs.map((run) => [`${run.batch}/${run.index}/${run.attempt}`, run]));
      for (const [key, stop] of followed) {
        if (wanted.has(key)) continue;
        stop();
        followed.delete(key);
      }
      for (const [key, run] of wanted) if (!followed.has(key)) followed.set(key, followRun(run, key));
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      for (const stop of followed.values()) stop();
      followed.clear();
      cancelAnimationFrame(frame);
    },
  };
}
