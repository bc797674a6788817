import type { Router, TopicSource } from '../../src/main/api/router.ts';
import { type CallName, calls, type Handlers } from '../../src/shared/contract/contract.ts';
import { ExpectedError } from '../../src/shared/model/error.ts';
import type { ChangeSet } from '../../src/shared/model/batch.ts';
import type { LogPage } from '../../src/shared/model/log.ts';

/** A topic that a test publishes on, with a history from `oldest` on. */
export interface TestTopic<T> extends TopicSource<T> {
  publish(item: T): void;
  readonly listeners: number;
}

export function createTestTopic<T>(history?: {
  seqOf: (item: T) => number;
  oldest: () => number;
}): TestTopic<T> {
  const listeners = new Set<(item: T) => void>();
  const published: T[] = [];
  return {
    publish(item) {
      published.push(item);
      for (const listener of listeners) listener(item);
    },
    get listeners() {
      return listeners.size;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    ...(history && {
      since: (seq: number) =>
        seq + 1 < history.oldest() ? null : published.filter((item) => history.seqOf(item) > seq),
    }),
  };
}

export interface TestRouter extends Router {
  readonly topics: Router['topics'] & { changes: TestTopic<ChangeSet> };
  readonly bugs: unknown[];
  /** Items taken from `logs.follow` so far, over all readers. */
  readonly pulled: () => number;
  /** Readers of `logs.follow` that were told to stop. */
  readonly stopped: () => number;
  /** Lets the call `app.reindex` answer. */
  readonly release: () => void;
}

/** A router with a handful of real answers and one source of each kind; everything else is refused. */
export function createTestRouter(
  options: { oldest?: number; pages?: number; linesPerPage?: number } = {},
): TestRouter {
  const bugs: unknown[] = [];
  const gate = Promise.withResolvers<void>();
  const changes = createTestTopic<ChangeSet>({ seqOf: (set) => set.seq, oldest: () => options.oldest ?? 0 });
  const pages = options.pages ?? 100;
  const linesPerPage = options.linesPerPage ?? 500;
  let pulled = 0;
  let stopped = 0;

  async function* follow(key: { index: number }, from: number, signal: AbortSignal) {
    signal.addEventListener('abort', () => {
      stopped += 1;
    });
    if (key.index === 404) throw new ExpectedError('not-found', 'There is no run 404.');
    if (key.index === 500) throw new TypeError('a bug of the source');
    for (let page = Math.floor(from / linesPerPage); page < pages; page += 1) {
      pulled += 1;
      const firstLine = page * linesPerPage;
      const lines = Array.from(
        { length: linesPerPage },
        (_, line) => `line ${firstLine + line} \u001b[31mé\u001b[0m`,
      );
      const item: LogPage = {
        firstLine,
        lines,
        totalLines: firstLine + linesPerPage,
        bytes: 0,
        complete: false,
        firstErrorLine: null,
      };
      yield { item, next: firstLine + linesPerPage };
    }
  }

  return {
    version: '0.0.0-test',
    checkOutput: false,
    bugs,
    reportBug: (error) => bugs.push(error),
    handlers: {
      ...refusing(),
      'app.info': () => ({
        version: '0.0.0-test',
        workspace: '/w',
        workspaceShown: '/w',
        platform: 'test',
        startedAt: 1,
      }),
      'app.reindex': () => gate.promise.then(() => ({ batches: 0, runs: 0, problems: [] })),
      'batches.pause': () => {
        throw new TypeError('a bug of the handler');
      },
      'batches.retry': ({ indices }) => ({ retried: indices?.length ?? 0 }),
      'runs.metrics': ({ batch }) => ({
        series: [
          {
            name: 'train/loss',
            steps: [1, 2, 3, 4],
            values: batch === 'bare' ? [Number.NaN] : [0.5, 'NaN', 'Infinity', '-Infinity'],
            total: 4,
          },
        ],
      }),
      'runs.rows': ({ limit }) => ({
        total: limit,
        rows: Array.from({ length: limit }, (_, index) => ({ index })),
      }),
    },
    topics: { changes, machine: createTestTopic(), notice: createTestTopic(), setup: createTestTopic() },
    watches: {
      'logs.follow': follow,
      'runs.events': async function* () {},
      'runs.terminal': async function* () {},
    },
    pulled: () => pulled,
    stopped: () => stopped,
    release: () => gate.resolve(),
  };
}

function refuse(): never {
  throw new ExpectedError('not-possible-now', 'The test core cannot do this.');
}

function refusing(): Handlers {
  const names = Object.keys(calls) as CallName[];
  return Object.fromEntries(names.map((name) => [name, refuse])) as unknown as Handlers;
}
