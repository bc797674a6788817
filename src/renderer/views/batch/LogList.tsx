import { type ComponentProps, type RefObject, useRef, useSyncExternalStore } from 'react';
import { Virtuoso, type VirtuosoHandle } from 'react-virtuoso';
import type { SearchPattern } from '../../../shared/domain/search.ts';
import type { LogFeed } from '../../live/log-feed.ts';
import type { LogWindow } from '../../live/log-window.ts';
import { LogLine } from './LogLine.tsx';

interface LogListProps {
  readonly handle: RefObject<VirtuosoHandle | null>;
  readonly feed: LogFeed;
  readonly name: string;
  readonly window: LogWindow;
  /** Line at the top at first, from 0; null = the end. */
  readonly top: number | null;
  readonly hits: ReadonlySet<number>;
  /** The match that is looked at; null = none. */
  readonly found: number | null;
  readonly search: SearchPattern | null;
  /** The reader has come back to the end. */
  readonly onEnd: () => void;
}

/** Every line of a window over a log, read where somebody looks. It stays where it is while the log grows. */
export function LogList({ handle, feed, name, window, top, hits, found, search, onEnd }: LogListProps) {
  const { start, count } = window;
  const away = useRef(false);
  const at = top === null ? null : Math.min(count - 1, Math.max(0, top - start));

  // It may begin at its end, where somebody has just asked not to follow.
  function onBottom(bottom: boolean): void {
    if (bottom && away.current && found === null) onEnd();
    if (!bottom) away.current = true;
  }

  return (
    <Virtuoso
      ref={handle}
      className="log-lines"
      role="log"
      aria-label={`Log of ${name}`}
      tabIndex={0}
      totalCount={count}
      initialTopMostItemIndex={at === null ? { index: 'LAST', align: 'end' } : { index: at, align: 'start' }}
      atBottomThreshold={24}
      atBottomStateChange={onBottom}
      itemContent={(line) => (
        <ListedLine
          feed={feed}
          number={start + line}
          hit={hits.has(start + line)}
          current={start + line === found}
          search={search}
        />
      )}
    />
  );
}

/** A line that listens for itself: when it has arrived, nothing but that line is drawn. */
function ListedLine({ feed, ...line }: { feed: LogFeed } & Omit<ComponentProps<typeof LogLine>, 'text'>) {
  const text = useSyncExternalStore(feed.onChange, () =>
    line.number === null ? null : feed.line(line.number),
  );
  return <LogLine {...line} text={text} />;
}
