import { useEffect, useMemo, useRef, useState } from 'react';
import type { ExperimentRecord, RunRecord } from '../../../shared/model/run.ts';
import { useApp } from '../../app-context.ts';
import { createLogFeed } from '../../live/log-feed.ts';
import { StateBadge } from '../../widgets/StateBadge.tsx';
import { experimentAppearance } from '../../widgets/tone.ts';
import { LogLine } from './LogLine.tsx';
import { workerRuns } from './worker-runs.ts';

/** Lines drawn in a cell; its run's own log has the rest. */
const LINES = 60;

/** Milliseconds between two drawings of a cell: eight logs at once are glanced at, not read. */
const REFRESH = 200;

interface LogGridProps {
  readonly experiments: readonly ExperimentRecord[];
  readonly runs: readonly RunRecord[];
  readonly onOpen: (index: number) => void;
}

/** The end of every worker's log, side by side. */
export function LogGrid({ experiments, runs, onOpen }: LogGridProps) {
  const names = new Map(experiments.map(({ index, name }) => [index, name]));
  const shown = workerRuns(runs);
  if (shown.length === 0) return <p className="run-none quiet">No run has started yet.</p>;
  return (
    <div className="log-grid">
      {shown.map((run) => (
        <LogCell
          key={`${run.worker}/${run.index}/${run.attempt}`}
          run={run}
          name={names.get(run.index) ?? String(run.index)}
          onOpen={() => onOpen(run.index)}
        />
      ))}
    </div>
  );
}

function LogCell({ run, name, onOpen }: { run: RunRecord; name: string; onOpen: () => void }) {
  const { connection } = useApp();
  const { batch, index, attempt } = run;
  const feed = useMemo(
    () => createLogFeed(connection, { batch, index, attempt }),
    [connection, batch, index, attempt],
  );
  const [total, setTotal] = useState(0);
  const [, setVersion] = useState(0);
  const box = useRef<HTMLDivElement>(null);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = feed.onChange(() => {
      timer ??= setTimeout(() => {
        timer = undefined;
        setTotal(feed.snapshot().shape.totalLines);
        setVersion(feed.snapshot().version);
      }, REFRESH);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [feed]);

  useEffect(() => {
    if (box.current) box.current.scrollTop = box.current.scrollHeight;
  });

  const first = Math.max(0, total - LINES);
  return (
    <section className="log-cell" aria-label={`Worker ${run.worker}, ${name}`}>
      <header>
        <span className="quiet small">W{run.worker}</span>
        <button
          type="button"
          className="link mono truncate"
          onClick={onOpen}
          title={`Open the log of ${name}`}
        >
          {name}
        </button>
        <span className="spacer" />
        <StateBadge appearance={experimentAppearance(run.state)} />
      </header>
      <div ref={box} className="log-cell-lines" role="log" aria-label={`Log of ${name}`}>
        {Array.from({ length: total - first }, (_, at) => (
          <LogLine
            key={first + at}
            number={null}
            text={feed.line(first + at)}
            hit={false}
            current={false}
            search={null}
          />
        ))}
      </div>
    </section>
  );
}
