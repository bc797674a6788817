import { useEffect, useState } from 'react';
import type { SearchPattern } from '../../../shared/domain/search.ts';
import type { LogMatch } from '../../../shared/model/log.ts';
import type { Connection } from '../../connect.ts';
import type { RunKey } from '../../live/log-feed.ts';

/** Milliseconds without a key press before the log is searched. */
const DEBOUNCE = 180;

/** `problem` is the sentence for a pattern that is no regular expression. */
export interface SearchResult {
  readonly matches: readonly LogMatch[];
  readonly truncated: boolean;
  readonly problem: string | null;
}

/** `applied` lags behind `wanted` while the core searches, so old marks stay until new ones are here. */
export interface LogSearchState {
  readonly wanted: SearchPattern;
  /** The search whose matches are shown; null = none. */
  readonly applied: SearchPattern | null;
  readonly result: SearchResult | null;
  /** Position in the matches. */
  readonly at: number;
  change(wanted: Partial<SearchPattern>): void;
  /** Goes to the next match, or the one before. */
  step(by: 1 | -1): void;
}

interface Applied {
  readonly pattern: SearchPattern;
  readonly result: SearchResult;
}

/** Searches the whole log in the core while the person types, and again when it has grown. */
export function useLogSearch(connection: Connection, run: RunKey, totalLines: number): LogSearchState {
  const [wanted, setWanted] = useState<SearchPattern>({ pattern: '', regex: false, matchCase: false });
  const [applied, setApplied] = useState<Applied | null>(null);
  const [at, setAt] = useState(0);
  const { batch, index, attempt } = run;
  // A growing log is searched again in steps, not with every line.
  const grown = Math.ceil(totalLines / 200);

  useEffect(() => {
    if (wanted.pattern === '' || grown === 0) return;
    let stopped = false;
    const timer = setTimeout(() => {
      connection.call('logs.search', { batch, index, attempt, ...wanted }).then(
        (reply) => {
          if (!stopped) setApplied({ pattern: wanted, result: { ...reply, problem: null } });
        },
        (error: unknown) => {
          const problem = error instanceof Error ? error.message : String(error);
          if (!stopped) setApplied({ pattern: wanted, result: { matches: [], truncated: false, problem } });
        },
      );
    }, DEBOUNCE);
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [connection, batch, index, attempt, wanted, grown]);

  const shown = wanted.pattern === '' ? null : applied;
  const count = shown?.result.matches.length ?? 0;
  return {
    wanted,
    applied: shown?.pattern ?? null,
    result: shown?.result ?? null,
    at: Math.min(at, Math.max(0, count - 1)),
    change(next) {
      setWanted({ ...wanted, ...next });
      setAt(0);
    },
    step(by) {
      if (count > 0) setAt((Math.min(at, count - 1) + by + count) % count);
    },
  };
}
