import type { Host, HostTarget } from '../../shared/host.ts';
import type { AppStore } from '../state/store.ts';
import { sentenceOf } from './attempt.ts';

export interface HostActions {
  /** Shows a folder in Finder, where the host can. */
  reveal(target: HostTarget): Promise<void>;
  /** Puts a text on the clipboard and says what it was. */
  copy(text: string, what: string): Promise<void>;
}

/** What is asked of the surroundings of the page, not of the core. */
export function hostActions(store: AppStore, host: Host): HostActions {
  async function told(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      store.getState().noticed('error', sentenceOf(error));
    }
  }

  return {
    reveal: (target) => told(() => host.reveal(target)),
    copy: (text, what) =>
      told(async () => {
        await navigator.clipboard.writeText(text);
        store.getState().noticed('info', `Copied: ${what}.`);
      }),
  };
}
