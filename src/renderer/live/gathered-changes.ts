import type { ChangeSet } from '../../shared/model/batch.ts';

/** Between two sets that are handed on, in milliseconds: at least, at most, and as a multiple of what one took. */
const PAUSE = { least: 100, most: 1_000, share: 3 };

/** Change sets of a batch whose runs end many times a second, made into few. */
export interface GatheredChanges {
  take(set: ChangeSet): void;
  stop(): void;
}

/**
 * Hands on a set at once when it is quiet. In a flood the following ones are gathered until the page has had time for
 * people: three times as long as it took to draw the last one. Each change holds a whole new value, so that the last
 * one of a thing is all that counts.
 */
export function gatherChanges(apply: (set: ChangeSet) => void): GatheredChanges {
  let waiting: ChangeSet[] = [];
  let timer: ReturnType<typeof setTimeout> | null = null;

  function flush(): void {
    const last = waiting.at(-1);
    timer = null;
    if (last === undefined) return;
    const changes = waiting.flatMap((set) => set.changes);
    waiting = [];
    const began = performance.now();
    apply({ seq: last.seq, changes });
    // What was applied is drawn before the next task of the page.
    timer = setTimeout(() => {
      const pause = Math.min(PAUSE.most, Math.max(PAUSE.least, PAUSE.share * (performance.now() - began)));
      timer = setTimeout(flush, pause);
    });
  }

  return {
    take(set) {
      waiting.push(set);
      if (timer === null) flush();
    },
    stop() {
      if (timer !== null) clearTimeout(timer);
      timer = null;
      waiting = [];
    },
  };
}
