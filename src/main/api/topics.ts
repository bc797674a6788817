import type { CoreParts, Notice } from './parts.ts';
import type { TopicSource, TopicSources } from './router.ts';

export function topicSources({
  store,
  hardware,
  notices,
  setup,
}: Pick<CoreParts, 'store' | 'hardware' | 'notices' | 'setup'>): TopicSources {
  return {
    changes: {
      subscribe: (listener) => store.changes.subscribe(listener),
      since: (seq) => store.changes.since(seq),
    },
    machine: { subscribe: (listener) => hardware.onSample(listener) },
    notice: notices,
    setup,
  };
}

export interface NoticeBoard extends TopicSource<Notice> {
  post(notice: Notice): void;
}

/** Warnings and errors kept for those who come later; an information is for those who are there. */
const KEPT_NOTICES = 20;

/** Tells newcomers what went wrong before them, then whatever comes. */
export function createNoticeBoard(): NoticeBoard {
  const listeners = new Set<(notice: Notice) => void>();
  const posted: Notice[] = [];
  return {
    post(notice) {
      if (notice.level !== 'info') posted.push(notice);
      if (posted.length > KEPT_NOTICES) posted.shift();
      for (const listener of listeners) listener(notice);
    },
    subscribe(listener) {
      for (const notice of posted) listener(notice);
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
