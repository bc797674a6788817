import type { z } from 'zod';
import {
  type CallName,
  calls,
  type Handlers,
  type TopicItem,
  type TopicName,
  type WatchItem,
  type WatchName,
  type watches,
} from '../../shared/contract/contract.ts';
import { type ErrorData, ExpectedError } from '../../shared/model/error.ts';
import type { Reply } from '../../shared/wire.ts';
import { sentenceOfIssues } from './input-problem.ts';

/** Where a topic's items come from. `since` only on topics with a history; null = it does not reach back that far. */
export interface TopicSource<T> {
  subscribe(listener: (item: T) => void): () => void;
  since?(seq: number): readonly T[] | null;
}
export type TopicSources = { readonly [N in TopicName]: TopicSource<TopicItem<N>> };

export interface WatchStep<T> {
  readonly item: T;
  /** Where to resume behind this item. */
  readonly next: number;
}

export type WatchParsedKey<N extends WatchName> = z.output<(typeof watches)[N]['key']>;

/** Pulled only while the reader has credit, so a slow reader makes its own source wait and nothing else. */
export type WatchSource<N extends WatchName> = (
  key: WatchParsedKey<N>,
  from: number,
  signal: AbortSignal,
) => AsyncIterable<WatchStep<WatchItem<N>>>;
export type WatchSources = { readonly [N in WatchName]: WatchSource<N> };

/** Everything a connection needs to answer; the same for every door. */
export interface Router {
  readonly version: string;
  readonly handlers: Handlers;
  readonly topics: TopicSources;
  readonly watches: WatchSources;
  /** Checks what handlers answer against the contract; on in tests and development, where the cost is no matter. */
  readonly checkOutput: boolean;
  /** Called with everything that is not an ExpectedError: it is a bug and must be seen. */
  reportBug(error: unknown, where: string): void;
}

/** Who speaks: a page (window, browser) may name ids only, the command line of the same person also paths. */
export type Caller = 'page' | 'command-line';

export interface Call {
  readonly method: string;
  readonly input: unknown;
  readonly caller: Caller;
}

/** Validates, runs and wraps one call. Never throws. */
export async function dispatch(router: Router, { method, input, caller }: Call): Promise<Reply> {
  try {
    if (caller === 'page') refusePaths(method, input);
    return { ok: true, value: await answer(router, method, input) };
  } catch (error) {
    return { ok: false, error: errorToData(router, error, method) };
  }
}

async function answer(router: Router, method: string, input: unknown): Promise<unknown> {
  if (!isCallName(method)) {
    throw new ExpectedError(
      'unknown-method',
      `There is no call "${method}". The page may be of another version: reload it.`,
    );
  }
  const parsed = calls[method].input.safeParse(input);
  if (!parsed.success) throw new ExpectedError('usage', sentenceOfIssues(method, parsed.error));
  // The contract pairs each name with its input; TypeScript cannot follow that through a variable name.
  const handler = router.handlers[method] as (value: unknown) => unknown;
  const value = await handler(parsed.data);
  return router.checkOutput ? calls[method].output.parse(value) : value;
}

/** A page that could name an interpreter or a suite could run anything: it takes ids only. */
function refusePaths(method: string, input: unknown): void {
  if (!isCallName(method) || typeof input !== 'object' || input === null) return;
  const named = calls[method].paths.find((key) => Object.hasOwn(input, key));
  if (named === undefined) return;
  throw new ExpectedError(
    'usage',
    `A page may not name "${named}", which is a path or a command of this machine: use the command line for that.`,
  );
}

function isCallName(method: string): method is CallName {
  return Object.hasOwn(calls, method);
}

/** The form in which an error crosses a door. A bug keeps its message, and its stack goes to the log. */
export function errorToData(router: Pick<Router, 'reportBug'>, error: unknown, where: string): ErrorData {
  if (error instanceof ExpectedError) return { code: error.code, message: error.message };
  router.reportBug(error, where);
  return { code: 'internal', message: error instanceof Error ? error.message : String(error) };
}
