import type { WatchStep } from './router.ts';

export interface WatchStream {
  grant(credit: number): void;
  stop(): void;
}

export interface WatchStreamOptions<T> {
  readonly open: (signal: AbortSignal) => AsyncIterable<WatchStep<T>>;
  readonly credit: number;
  readonly onItem: (step: WatchStep<T>) => void;
  /** Called once unless the reader stopped the stream: null = the source has nothing more to say. */
  readonly onEnd: (error: unknown) => void;
}

/** Pulls a source only while there is credit: without it nothing is read, kept or sent. */
export function createWatchStream<T>(options: WatchStreamOptions<T>): WatchStream {
  const stopped = new AbortController();
  let credit = options.credit;
  let wake: (() => void) | null = null;

  async function waitForCredit(): Promise<void> {
    while (credit === 0 && !stopped.signal.aborted) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }

  async function pump(): Promise<void> {
    for await (const step of options.open(stopped.signal)) {
      if (stopped.signal.aborted) return;
      credit -= 1;
      options.onItem(step);
      await waitForCredit();
      if (stopped.signal.aborted) return;
    }
  }

  void pump().then(
    () => {
      if (!stopped.signal.aborted) options.onEnd(null);
    },
    (error: unknown) => {
      if (!stopped.signal.aborted) options.onEnd(error);
    },
  );

  return {
    grant(more) {
      credit += more;
      wake?.();
      wake = null;
    },
    stop() {
      stopped.abort();
      wake?.();
      wake = null;
    },
  };
}
