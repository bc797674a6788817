import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { Virtuoso } from 'react-virtuoso';
import { plainText } from '../../../shared/domain/ansi.ts';
import { formatCount } from '../../../shared/domain/format.ts';
import { createMatcher, type SearchPattern } from '../../../shared/domain/search.ts';
import type { ExperimentRecord, RunRecord } from '../../../shared/model/run.ts';
import { useApp } from '../../app-context.ts';
import { createMergedLog, type MergedLine } from '../../live/merged-log.ts';
import { LogLine } from './LogLine.tsx';
import { workerColor, workerRuns } from './worker-runs.ts';

interface MergedLogViewProps {
  readonly experiments: readonly ExperimentRecord[];
  readonly runs: readonly RunRecord[];
}

/** Every worker's lines in one list, each with whose it is. The filter takes a regular expression. */
export function MergedLogView({ experiments, runs }: MergedLogViewProps) {
  const { connection } = useApp();
  const merged = useMemo(() => createMergedLog(connection), [connection]);
  const all = useSyncExternalStore(merged.onChange, merged.lines);
  const [filter, setFilter] = useState('');
  const [follow, setFollow] = useState(true);
  const followed = workerRuns(runs)
    .map((run) => `${run.batch}\n${run.index}\n${run.attempt}`)
    .join('\n\n');

  useEffect(() => {
    merged.follow(followed === '' ? [] : followed.split('\n\n').map(runOf));
  }, [merged, followed]);
  useEffect(() => () => merged.close(), [merged]);

  const sources = useMemo(() => {
    const names = new Map(experiments.map(({ index, name }) => [index, name]));
    return new Map(
      runs.map((run) => [
        `${run.index}/${run.attempt}`,
        { worker: run.worker, name: names.get(run.index) ?? String(run.index) },
      ]),
    );
  }, [experiments, runs]);
  const pattern: SearchPattern | null =
    filter === '' ? null : { pattern: filter, regex: true, matchCase: false };
  const { lines, problem } = filtered(all, pattern);

  return (
    <div className="log">
      <div className="log-tools">
        <div className="log-search" role="search">
          <input
            className="input"
            type="search"
            aria-label="Filter the merged logs"
            placeholder="Filter by regular expression"
            spellCheck={false}
            aria-invalid={problem !== null}
            value={filter}
            onChange={(event) => setFilter(event.target.value)}
          />
          {problem ? <span className="field-error truncate">{problem}</span> : null}
        </div>
        <span className="spacer" />
        <span className="quiet tiny nowrap">{formatCount(lines.length, 'line')} as they arrived</span>
        <label className="check small">
          <input type="checkbox" checked={follow} onChange={(event) => setFollow(event.target.checked)} />
          Follow
        </label>
      </div>
      {lines.length === 0 ? (
        <p className="log-empty quiet">{filter === '' ? 'Nothing printed yet.' : 'No line matches.'}</p>
      ) : (
        <Virtuoso
          className="log-lines"
          role="log"
          aria-label="Logs of all workers"
          tabIndex={0}
          data={lines}
          computeItemKey={(_at, line) => line.id}
          initialTopMostItemIndex={{ index: 'LAST', align: 'end' }}
          followOutput={follow ? 'auto' : false}
          atBottomThreshold={24}
          atBottomStateChange={setFollow}
          itemContent={(_at, line) => {
            const source = sources.get(`${line.run.index}/${line.run.attempt}`);
            return (
              <div className="merged-line">
                <span
                  className="merged-source truncate"
                  style={{ color: workerColor(source?.worker ?? 1) }}
                  title={source?.name}
                >
                  W{source?.worker ?? '?'} {source?.name ?? line.run.index}
                </span>
                <LogLine
                  number={null}
                  text={line.text}
                  hit={pattern !== null}
                  current={false}
                  search={pattern}
                />
              </div>
            );
          }}
        />
      )}
    </div>
  );
}

function runOf(text: string): { batch: string; index: number; attempt: number } {
  const [batch = '', index = '0', attempt = '1'] = text.split('\n');
  return { batch, index: Number(index), attempt: Number(attempt) };
}

/** The lines that match; all of them while the expression is only half typed. */
function filtered(
  lines: readonly MergedLine[],
  pattern: SearchPattern | null,
): { lines: readonly MergedLine[]; problem: string | null } {
  if (pattern === null) return { lines, problem: null };
  try {
    const matches = createMatcher(pattern);
    return { lines: lines.filter((line) => matches(plainText(line.text)).length > 0), problem: null };
  } catch (error) {
    return { lines, problem: error instanceof Error ? error.message : String(error) };
  }
}
