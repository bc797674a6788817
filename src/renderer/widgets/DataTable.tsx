import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import type { TableVirtuosoHandle } from 'react-virtuoso';
import { type Column, nextOrder, type SortOrder, sortedRows } from './column.ts';
import { markedAfter, type MarkingPress } from './marking.ts';
import { TableHead, TableRow, Widths } from './TableRow.tsx';
import { VirtualTable } from './VirtualTable.tsx';

/** Tables with more rows than this draw only what can be seen. */
const VIRTUAL_FROM = 150;

const NONE: ReadonlySet<string> = new Set();

interface DataTableProps<Row> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  readonly selected?: string | null;
  readonly onSelect?: (key: string) => void;
  /** Enter or a double click. */
  readonly onOpen?: (key: string) => void;
  /** Given = several rows can be marked, with Shift and Command or Control. */
  readonly marked?: ReadonlySet<string>;
  readonly onMark?: (marked: ReadonlySet<string>) => void;
  readonly className?: string;
  /** Told whether a person reads or points at the table, so that its order can be kept meanwhile. */
  readonly hold?: (held: boolean) => void;
}

/** A table with a fixed head, which sorts where the columns can. Arrow keys move the selection, Home and End go to its ends, Enter opens. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, columns, rowKey, selected = null, onSelect, onOpen, onMark, className, hold } = props;
  const { marked = NONE } = props;
  const [order, setOrder] = useState<SortOrder>(null);
  const rows = useMemo(() => sortedRows(props.rows, columns, order), [props.rows, columns, order]);
  const sorting = { order, onSort: (column: string) => setOrder(nextOrder(order, column)) };
  const box = useRef<HTMLDivElement>(null);
  const virtual = useRef<TableVirtuosoHandle>(null);
  const followFocus = useRef(false);

  useEffect(() => {
    if (!followFocus.current || selected === null) return;
    followFocus.current = false;
    virtual.current?.scrollIntoView({ index: rows.findIndex((row) => rowKey(row) === selected) });
    box.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(selected)}"]`)?.focus();
  });

  function onKeyDown(event: KeyboardEvent<HTMLDivElement>): void {
    if (!onSelect || rows.length === 0) return;
    const at = rows.findIndex((row) => rowKey(row) === selected);
    const next = nextRow(event.key, at, rows.length);
    if (event.key === 'Escape') onMark?.(NONE);
    if (event.key === 'Enter' && selected !== null) onOpen?.(selected);
    if (next === null) return;
    event.preventDefault();
    const row = rows[next];
    if (row === undefined) return;
    followFocus.current = true;
    onMark?.(NONE);
    onSelect(rowKey(row));
  }

  function mark(press: MarkingPress): void {
    onMark?.(markedAfter(press, { marked, chosen: selected, keys: rows.map(rowKey) }));
  }

  const first = rows[0];
  const focusKey =
    selected !== null && rows.some((row) => rowKey(row) === selected)
      ? selected
      : first === undefined
        ? null
        : rowKey(first);
  const shared = {
    columns,
    selected,
    focusKey,
    ...(onSelect ? { onSelect } : {}),
    ...(onOpen ? { onOpen } : {}),
    ...(onMark ? { marked, onMark: mark } : {}),
  };
  const role = onSelect ? 'grid' : 'table';
  // The pointer over a row means that it is about to be read or pressed.
  const holding = hold ? { onPointerEnter: () => hold(true), onPointerLeave: () => hold(false) } : {};

  if (rows.length > VIRTUAL_FROM) {
    return (
      <div
        ref={box}
        className={`table-scroll table-virtual ${className ?? ''}`}
        onKeyDown={onKeyDown}
        {...holding}
      >
        <VirtualTable handle={virtual} rows={rows} context={{ ...shared, rowKey, label, role, sorting }} />
      </div>
    );
  }
  return (
    <div ref={box} className={`table-scroll ${className ?? ''}`} onKeyDown={onKeyDown} {...holding}>
      <table
        className="table"
        role={role}
        aria-label={label}
        aria-multiselectable={onMark ? true : undefined}
      >
        <Widths columns={columns} />
        <thead>
          <TableHead columns={columns} sorting={sorting} />
        </thead>
        <tbody>
          {rows.map((row) => (
            <TableRow key={rowKey(row)} choice={shared} row={row} id={rowKey(row)} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function nextRow(key: string, at: number, count: number): number | null {
  switch (key) {
    case 'ArrowDown':
      return Math.min(count - 1, at + 1);
    case 'ArrowUp':
      return Math.max(0, at - 1);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return null;
  }
}
