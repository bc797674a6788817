import { useEffect, useRef, useState } from 'react';
import type { ColumnMove, PlacedColumn } from '../state/table-layout.ts';
import { Panel } from './Panel.tsx';

/** A column that a table can have. */
export interface OfferedColumn {
  readonly id: string;
  readonly title: string;
  /** What it is offered under. */
  readonly section: string;
}

interface ColumnMenuProps {
  readonly offered: readonly OfferedColumn[];
  readonly shown: readonly PlacedColumn[];
  /** The columns are another person's choice than the table's own. */
  readonly changed: boolean;
  readonly onMove: (move: ColumnMove) => void;
}

/** Sections with more than this show the rest only to a search. */
const MOST_OFFERED = 40;

/** Shows, hides, orders and pins columns. Alt with an arrow moves the one at hand, P pins it. */
export function ColumnMenu({ offered, shown, changed, onMove }: ColumnMenuProps) {
  const [open, setOpen] = useState(false);
  const [query, setQuery] = useState('');
  const list = useRef<HTMLDivElement>(null);
  /** The column that was changed: the keyboard stays with it wherever it goes. */
  const followed = useRef<string | null>(null);
  useEffect(() => {
    if (followed.current === null) return;
    list.current?.querySelector<HTMLElement>(`[data-entry="${CSS.escape(followed.current)}"]`)?.focus();
    followed.current = null;
  });

  function change(move: ColumnMove): void {
    followed.current = 'id' in move ? move.id : null;
    onMove(move);
  }

  const byId = new Map(offered.map((column) => [column.id, column]));
  const here = shown.flatMap((placed) => {
    const column = byId.get(placed.id);
    return column === undefined ? [] : [{ ...column, pinned: placed.pinned }];
  });
  const wanted = query.trim().toLowerCase();
  const free = offered.filter(
    ({ id, title }) =>
      !shown.some((placed) => placed.id === id) && `${title} ${id}`.toLowerCase().includes(wanted),
  );
  const sections = [...new Set(free.map(({ section }) => section))];
  return (
    <Panel
      title="Columns"
      label="Columns"
      open={open}
      onOpen={setOpen}
      small
      tool="columns"
      role="dialog"
      className="column-menu"
    >
      <input
        className="input"
        data-entry=""
        type="search"
        aria-label="Find a column"
        placeholder="Find a column"
        value={query}
        onChange={(event) => setQuery(event.target.value)}
      />
      <div className="column-list" ref={list}>
        <h3>Shown</h3>
        <ul aria-label="Shown columns">
          {here.map(({ id, title, pinned }) => (
            <li key={id}>
              <label
                className="check"
                onKeyDown={(event) => {
                  const kind = columnKey(event.key, event.altKey);
                  if (kind === null) return;
                  event.preventDefault();
                  change({ kind, id });
                }}
              >
                <input
                  type="checkbox"
                  data-entry={id}
                  checked
                  disabled={here.length === 1}
                  onChange={() => change({ kind: 'hide', id })}
                />
                <span className="truncate">{title}</span>
              </label>
              <ColumnButton label={`Move ${title} left`} sign="↑" run={() => change({ kind: 'left', id })} />
              <ColumnButton
                label={`Move ${title} right`}
                sign="↓"
                run={() => change({ kind: 'right', id })}
              />
              <ColumnButton
                label={pinned ? `Let ${title} scroll` : `Pin ${title}`}
                sign={pinned ? 'Pinned' : 'Pin'}
                pressed={pinned}
                run={() => change({ kind: 'pin', id })}
              />
            </li>
          ))}
        </ul>
        {sections.map((section) => {
          const own = free.filter((column) => column.section === section);
          return (
            <section key={section}>
              <h3>{section}</h3>
              <ul aria-label={section}>
                {own.slice(0, MOST_OFFERED).map(({ id, title }) => (
                  <li key={id}>
                    <label className="check">
                      <input
                        type="checkbox"
                        data-entry={id}
                        checked={false}
                        onChange={() => change({ kind: 'show', id })}
                      />
                      <span className="truncate">{title}</span>
                    </label>
                  </li>
                ))}
              </ul>
              {own.length > MOST_OFFERED ? (
                <p className="tiny quiet">{own.length - MOST_OFFERED} more: type to find them.</p>
              ) : null}
            </section>
          );
        })}
        {free.length === 0 && wanted !== '' ? (
          <p className="small quiet">No other column is called that.</p>
        ) : null}
      </div>
      {changed ? (
        <button
          type="button"
          className="column-reset"
          data-entry=""
          onClick={() => change({ kind: 'reset' })}
        >
          Columns as they were at first
        </button>
      ) : null}
    </Panel>
  );
}

function columnKey(key: string, alt: boolean): 'left' | 'right' | 'pin' | null {
  if (alt && (key === 'ArrowUp' || key === 'ArrowLeft')) return 'left';
  if (alt && (key === 'ArrowDown' || key === 'ArrowRight')) return 'right';
  return key.toLowerCase() === 'p' && !alt ? 'pin' : null;
}

interface ColumnButtonProps {
  readonly label: string;
  readonly sign: string;
  readonly pressed?: boolean;
  readonly run: () => void;
}

function ColumnButton({ label, sign, pressed, run }: ColumnButtonProps) {
  return (
    <button
      type="button"
      className="column-button"
      aria-label={label}
      aria-pressed={pressed}
      title={label}
      onClick={run}
    >
      {sign}
    </button>
  );
}
