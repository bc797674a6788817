import { ExpectedError } from '../../shared/model/error.ts';
import type { AppStore } from '../state/store.ts';

/** The sentence of a failure. */
export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Nothing can train on this machine yet: the screen Setup mends that. */
export function isPythonMissing(error: unknown): boolean {
  return error instanceof ExpectedError && error.code === 'python-missing';
}

/** Runs what a person asked for. An expected refusal is shown as a notice; a bug is shown and thrown on. */
export async function attempt(store: AppStore, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    store.getState().noticed('error', sentenceOf(error));
    if (!(error instanceof ExpectedError)) throw error;
  }
}
