import { createContext, Script } from 'node:vm';
import { plainText } from '../../../shared/domain/ansi.ts';
import { createMatcher, type SearchPattern } from '../../../shared/domain/search.ts';
import {
  emptyTerminal,
  feedTerminal,
  openLine,
  type TerminalState,
} from '../../../shared/domain/terminal-lines.ts';
import { ExpectedError } from '../../../shared/model/error.ts';
import type { LogMatch } from '../../../shared/model/log.ts';
import { readPieces } from './text-pieces.ts';

/** A regular expression that needs longer than this for one piece of a log backtracks without end. */
const PIECE_BUDGET_MILLISECONDS = 400;
/** What was found until then is given, marked as not all. */
const TOTAL_BUDGET_MILLISECONDS = 30_000;
/** Longer lines are shown cut in the list of matches. */
const MATCH_TEXT = 500;

export interface LogSearch extends SearchPattern {
  readonly limit: number;
}

/** Lines of a log that match, in order; colours do not stand in the way. Throws ExpectedError('usage') for a bad pattern. */
export async function searchLog(
  path: string,
  search: LogSearch,
): Promise<{ matches: LogMatch[]; truncated: boolean }> {
  const matchLine = createMatcher(search);
  const matching = (lines: readonly string[]): number[] =>
    lines.flatMap((text, at) => (matchLine(text).length > 0 ? [at] : []));
  const findIn = search.regex ? withBudget(matching, search.pattern) : matching;
  const deadline = performance.now() + TOTAL_BUDGET_MILLISECONDS;
  const matches: LogMatch[] = [];
  let state = emptyTerminal;
  let line = 0;

  function collect(lines: readonly string[]): void {
    for (const at of findIn(lines)) {
      if (matches.length > search.limit) return;
      matches.push({ line: line + at, text: plainText(lines[at] ?? '').slice(0, MATCH_TEXT) });
    }
  }

  for await (const piece of readPieces(path, 0)) {
    const fed = readTextLines(state, piece.bytes.toString('utf8'));
    ({ state } = fed);
    collect(fed.lines);
    line += fed.lines.length;
    if (matches.length > search.limit) return { matches: matches.slice(0, search.limit), truncated: true };
    if (performance.now() > deadline) return { matches, truncated: true };
  }
  const last = openLine(state);
  if (last !== null) collect([last]);
  return { matches: matches.slice(0, search.limit), truncated: matches.length > search.limit };
}

/** Anything but text, line breaks and colours: such a piece has to be resolved as a terminal would. */
const NEEDS_TERMINAL = /[^\P{Cc}\t\n\r]|\r(?!\n)/u;

/** Lines of a piece. Colours do not matter to a search, and without them most output is plain text already. */
function readTextLines(state: TerminalState, text: string): { state: TerminalState; lines: string[] } {
  const first = state.raw === '' ? 0 : text.indexOf('\n') + 1;
  const last = text.lastIndexOf('\n') + 1;
  const middle = last > first ? plainText(text.slice(first, last)) : '';
  if ((first === 0 && state.raw !== '') || middle === '' || NEEDS_TERMINAL.test(middle))
    return feedTerminal(state, text);
  const head = feedTerminal(state, text.slice(0, first));
  const tail = feedTerminal(emptyTerminal, text.slice(last));
  return { state: tail.state, lines: [...head.lines, ...middle.slice(0, -1).split(/\r?\n/)] };
}

type FindIn = (lines: readonly string[]) => number[];

/**
 * Nothing in the language can interrupt a regular expression, but a script with a time limit can be ended
 * from outside, whatever it is calling at that moment.
 */
function withBudget(find: FindIn, pattern: string): FindIn {
  const context = createContext({ work: (): void => {} });
  const script = new Script('work()');
  return (lines) => {
    let found: number[] = [];
    context.work = () => {
      found = find(lines);
    };
    try {
      script.runInContext(context, { timeout: PIECE_BUDGET_MILLISECONDS });
    } catch (error) {
      if (!isTimeout(error)) throw error;
      throw new ExpectedError(
        'usage',
        `The regular expression "${pattern}" takes too long on this log: make it simpler, or search for plain text.`,
        {
          cause: error,
        },
      );
    }
    return found;
  };
}

/** The error is one of the script's own realm, so it is no `instanceof Error` here. */
function isTimeout(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
  );
}
