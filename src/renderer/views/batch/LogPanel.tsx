import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import type { VirtuosoHandle } from 'react-virtuoso';
import { formatBytes, formatCount, formatNumber } from '../../../shared/domain/format.ts';
import { useApp } from '../../app-context.ts';
import { createLogFeed, type LogFeed, type LogShape, type RunKey } from '../../live/log-feed.ts';
import { logWindow, WINDOW_LINES } from '../../live/log-window.ts';
import { downloadLog } from '../../live/log-download.ts';
import { Button } from '../../widgets/Button.tsx';
import { LogEnd } from './LogEnd.tsx';
import { LogLine } from './LogLine.tsx';
import { LogList } from './LogList.tsx';
import { LogSearch } from './LogSearch.tsx';
import { type SearchResult, useLogSearch } from './use-log-search.ts';

/** The log of one run: its growing end, or, where somebody reads, a virtual list over pages read by line number. */
export function LogPanel({ run, name }: { run: RunKey; name: string }) {
  const { connection, store } = useApp();
  const { batch, index, attempt } = run;
  // The feed follows the run while this component listens to it.
  const feed = useMemo(
    () => createLogFeed(connection, { batch, index, attempt }),
    [connection, batch, index, attempt],
  );
  const shape = useSyncExternalStore(feed.onChange, () => feed.snapshot().shape);
  const search = useLogSearch(connection, run, shape.totalLines);
  const list = useRef<VirtuosoHandle>(null);
  const [follow, setFollow] = useState(true);
  /** Where the reader left the end; null = at the end itself. */
  const [top, setTop] = useState<number | null>(null);
  const [asked, setAsked] = useState<number | null>(null);
  const [errorLine, setErrorLine] = useState<number | null>(null);
  const found = search.result?.matches[search.at]?.line ?? errorLine;
  const window = logWindow(shape.totalLines, found, asked);
  const { start, count } = window;
  // A match that is looked at must not run away.
  const following = follow && found === null && asked === null;
  const hits = useMemo(() => new Set(search.result?.matches.map((match) => match.line)), [search.result]);

  function leave(line: number | null): void {
    setTop(line);
    setFollow(false);
  }

  function followAgain(): void {
    if (start + count < shape.totalLines) return;
    setFollow(true);
    setAsked(null);
  }

  useEffect(() => {
    if (found === null) return;
    list.current?.scrollToIndex({ index: found - start, align: 'center' });
  }, [found, start]);

  async function save(): Promise<void> {
    try {
      await downloadLog(connection, run, `${run.batch} ${run.index} ${name}`);
    } catch (error) {
      store.getState().noticed('error', error instanceof Error ? error.message : String(error));
    }
  }

  return (
    <div className="log">
      <div className="log-tools">
        <LogSearch search={search} />
        {shape.firstErrorLine === null ? null : (
          <Button
            small
            kind="danger"
            onClick={() => {
              search.change({ pattern: '' });
              setErrorLine(shape.firstErrorLine);
            }}
          >
            Go to first error
          </Button>
        )}
        <span className="spacer" />
        <LogSize feed={feed} result={search.result} />
        <label className="check small">
          <input
            type="checkbox"
            checked={following}
            onChange={(event) => {
              if (!event.target.checked) return leave(null);
              setFollow(true);
              setAsked(null);
              setErrorLine(null);
            }}
          />
          Follow
        </label>
        <Button kind="ghost" small onClick={() => void save()} disabled={shape.totalLines === 0}>
          Download
        </Button>
      </div>
      {count < shape.totalLines ? (
        <p className="log-window small quiet">
          Lines {formatNumber(start + 1)} to {formatNumber(start + count)} of {formatNumber(shape.totalLines)}
          .
          <Button small disabled={start === 0} onClick={() => setAsked(Math.max(0, start - WINDOW_LINES))}>
            Earlier lines
          </Button>
          <Button
            small
            disabled={start + count >= shape.totalLines}
            onClick={() => setAsked(start + WINDOW_LINES)}
          >
            Later lines
          </Button>
        </p>
      ) : null}
      {shape.totalLines === 0 ? (
        <LogTail shape={shape} name={name} />
      ) : following ? (
        <LogEnd feed={feed} name={name} onLeave={leave} />
      ) : (
        <LogList
          handle={list}
          feed={feed}
          name={name}
          window={window}
          top={top}
          hits={hits}
          found={found}
          search={search.applied}
          onEnd={followAgain}
        />
      )}
    </div>
  );
}

/** Before the lines are counted: the end of a long log, or why there is nothing. */
function LogTail({ shape, name }: { shape: LogShape; name: string }) {
  if (shape.known || shape.tail.length === 0) return <p className="log-empty quiet">{emptyText(shape)}</p>;
  return (
    <div className="log-lines log-tail" role="log" aria-label={`Log of ${name}`} aria-busy="true">
      <div>
        {shape.tail.map((text, at) => (
          // Lines of a tail have no other name than their place, and are replaced as a whole.
          <LogLine key={at} number={null} text={text} hit={false} current={false} search={null} />
        ))}
      </div>
    </div>
  );
}

function emptyText(shape: LogShape): string {
  if (shape.problem !== null) return shape.problem;
  if (!shape.known) return '';
  return shape.complete ? 'This run printed nothing.' : 'Nothing printed yet.';
}

function LogSize({ feed, result }: { feed: LogFeed; result: SearchResult | null }) {
  const { bytes, shape } = useSyncExternalStore(feed.onChange, feed.snapshot);
  const size = `${formatCount(shape.totalLines, 'line')}, ${formatBytes(bytes)}`;
  const text = result?.truncated
    ? `${size}; first ${formatCount(result.matches.length, 'match', 'matches')} only`
    : size;
  return <span className="quiet tiny nowrap">{text}</span>;
}
