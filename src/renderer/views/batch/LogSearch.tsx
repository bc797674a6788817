import { formatNumber } from '../../../shared/domain/format.ts';
import { Button } from '../../widgets/Button.tsx';
import type { LogSearchState } from './use-log-search.ts';

/** Find in the log: Enter goes on, Shift-Enter goes back, Escape clears. */
export function LogSearch({ search }: { search: LogSearchState }) {
  const count = search.result?.matches.length ?? 0;
  const problem = search.result?.problem ?? null;
  return (
    <div className="log-search" role="search">
      <input
        className="input"
        type="search"
        aria-label="Search the log"
        placeholder="Search the log"
        spellCheck={false}
        aria-invalid={problem !== null}
        value={search.wanted.pattern}
        onChange={(event) => search.change({ pattern: event.target.value })}
        onKeyDown={(event) => {
          if (event.key === 'Enter') search.step(event.shiftKey ? -1 : 1);
          if (event.key === 'Escape') search.change({ pattern: '' });
        }}
      />
      <button
        type="button"
        className="toggle mono"
        aria-pressed={search.wanted.regex}
        aria-label="Regular expression"
        title="Regular expression"
        onClick={() => search.change({ regex: !search.wanted.regex })}
      >
        .*
      </button>
      <button
        type="button"
        className="toggle"
        aria-pressed={search.wanted.matchCase}
        aria-label="Match case"
        title="Match case"
        onClick={() => search.change({ matchCase: !search.wanted.matchCase })}
      >
        Aa
      </button>
      {search.result === null ? null : (
        <>
          <span
            className={problem ? 'field-error truncate' : 'quiet small nowrap'}
            role="status"
            title={problem ?? undefined}
          >
            {problem ??
              (count === 0 ? 'No match' : `${formatNumber(search.at + 1)} of ${formatNumber(count)}`)}
          </span>
          <Button
            kind="ghost"
            small
            label="Match before"
            disabled={count === 0}
            onClick={() => search.step(-1)}
          >
            ↑
          </Button>
          <Button kind="ghost" small label="Next match" disabled={count === 0} onClick={() => search.step(1)}>
            ↓
          </Button>
        </>
      )}
    </div>
  );
}
