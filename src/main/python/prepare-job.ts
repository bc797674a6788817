import { ExpectedError } from '../../shared/model/error.ts';
import type { SetupJob } from '../../shared/model/setup.ts';

/** Lines of the installer that are kept and shown. */
const KEPT_LINES = 200;
/** Characters of a line; an installer that writes more writes no line for people. */
const LINE_LENGTH = 400;
/** A screen is told at most this often, in milliseconds. */
const PACE = 100;

export interface PrepareJobOptions {
  readonly now: () => number;
  /** Does it; what is told has the fraction done from 0 to 1. */
  readonly prepare: (options: {
    progress: (step: { readonly line: string; readonly fraction: number }) => void;
    signal: AbortSignal;
  }) => Promise<void>;
  /** It has another state; at its end as well. */
  readonly onChange: () => void;
}

/** The preparation of a Python, one at a time, that can be watched and cancelled. */
export interface PrepareJob {
  readonly state: SetupJob;
  /** Begins. Throws ExpectedError('conflict') while it is under way. */
  start(): void;
  /** Ends what is under way; what was there before stays. */
  cancel(): void;
  /** Cancels, and resolves when it has let go of everything. */
  close(): Promise<void>;
}

export function createPrepareJob({ now, prepare, onChange }: PrepareJobOptions): PrepareJob {
  let state: SetupJob = { kind: 'idle' };
  let controller: AbortController | null = null;
  let ended = Promise.resolve();
  let timer: NodeJS.Timeout | null = null;

  function tell(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    onChange();
  }

  async function run(signal: AbortSignal): Promise<void> {
    const startedAt = now();
    const lines: string[] = [];
    let furthest = 0;
    state = { kind: 'running', startedAt, fraction: 0, lines: [] };
    tell();
    try {
      await prepare({
        signal,
        progress({ line, fraction }) {
          lines.push(line.slice(0, LINE_LENGTH));
          if (lines.length > KEPT_LINES) lines.shift();
          // Another way that is tried begins anew; the bar does not.
          furthest = Math.max(furthest, fraction);
          state = { kind: 'running', startedAt, fraction: furthest, lines: [...lines] };
          timer ??= setTimeout(tell, PACE);
        },
      });
      state = { kind: 'done', endedAt: now(), lines };
    } catch (error) {
      if (signal.aborted) state = { kind: 'cancelled', endedAt: now(), lines };
      else if (error instanceof Error)
        state = { kind: 'failed', endedAt: now(), sentence: error.message, lines };
      else throw error;
    } finally {
      controller = null;
      tell();
    }
  }

  return {
    get state() {
      return state;
    },
    start() {
      if (controller !== null)
        throw new ExpectedError('conflict', 'A Python is being prepared already: wait until it is done.');
      controller = new AbortController();
      ended = run(controller.signal);
    },
    cancel: () => controller?.abort(),
    async close() {
      controller?.abort();
      await ended;
      if (timer !== null) clearTimeout(timer);
    },
  };
}
