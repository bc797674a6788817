import type { Change, ChangeSet } from '../../shared/model/batch.ts';
import type { ChangeFeed } from './store.ts';

/** Change sets kept for clients that come back. */
const HISTORY = 2_000;

export interface Announcer extends ChangeFeed {
  announce(changes: readonly Change[]): void;
}

/**
 * Commits in order. `first` must lie above every `seq` of an earlier process, so that a client which comes
 * back after a restart is told to take a new snapshot.
 */
export function createChangeFeed(first: number): Announcer {
  const history: ChangeSet[] = [];
  const listeners = new Set<(set: ChangeSet) => void>();
  let seq = first;
  let watchers = 0;
  return {
    get seq() {
      return seq;
    },
    since(from) {
      const oldest = history[0]?.seq ?? seq + 1;
      if (from > seq || from < oldest - 1) return null;
      return history.slice(from - oldest + 1);
    },
    get watched() {
      return watchers > 0;
    },
    subscribe(listener, { aside } = { aside: false }) {
      // A wrapper of its own, so that one function subscribed twice is two subscriptions.
      const own = (set: ChangeSet): void => listener(set);
      listeners.add(own);
      if (!aside) watchers += 1;
      return () => {
        if (listeners.delete(own) && !aside) watchers -= 1;
      };
    },
    announce(changes) {
      seq += 1;
      const set: ChangeSet = { seq, changes: [...changes] };
      history.push(set);
      if (history.length > HISTORY) history.shift();
      for (const listener of [...listeners]) listener(set);
    },
  };
}
