import type { Change } from '../../shared/model/batch.ts';
import { ExpectedError } from '../../shared/model/error.ts';
import type { Row } from '../store/attempt-events.ts';
import type { Store, StoredResult } from '../store/store.ts';

/** Between two attempts to record what a full disk refused, in milliseconds. */
const RETRY_MS = 2_000;

/**
 * Records through the store and, when the disk is full, keeps what could not be written until it can be.
 * The run folders hold the same facts, so even an end of the app loses nothing.
 */
export interface Recorder {
  /** False while something waits to be written: nothing new should start. */
  readonly healthy: boolean;
  commit(changes: readonly Change[]): void;
  result(result: StoredResult, rows: readonly Row[]): void;
  close(): void;
}

export interface RecorderOptions {
  readonly store: Store;
  readonly notice: (level: 'info' | 'warning' | 'error', text: string) => void;
  /** The waiting records have been written. */
  readonly onRecovered: () => void;
}

export function createRecorder({ store, notice, onRecovered }: RecorderOptions): Recorder {
  const waiting: (() => void)[] = [];
  let timer: NodeJS.Timeout | null = null;

  function attempt(write: () => void): boolean {
    try {
      write();
      return true;
    } catch (error) {
      if (!(error instanceof ExpectedError) || error.code !== 'disk-full') throw error;
      return false;
    }
  }

  function record(write: () => void): void {
    // In order: an older whole value must never overwrite a newer one.
    if (waiting.length === 0 && attempt(write)) return;
    if (waiting.length === 0) {
      notice(
        'error',
        'The disk is full: nothing new starts until there is space. Runs go on, and nothing recorded is lost.',
      );
      timer = setInterval(again, RETRY_MS);
    }
    waiting.push(write);
  }

  function again(): void {
    while (waiting[0] && attempt(waiting[0])) waiting.shift();
    if (waiting.length > 0) return;
    stop();
    notice('info', 'The disk has space again: everything has been recorded.');
    onRecovered();
  }

  function stop(): void {
    if (timer) clearInterval(timer);
    timer = null;
  }

  return {
    get healthy() {
      return waiting.length === 0;
    },
    commit: (changes) => record(() => store.commit(changes)),
    result: (result, rows) => record(() => store.addResult(result, rows)),
    close: stop,
  };
}
