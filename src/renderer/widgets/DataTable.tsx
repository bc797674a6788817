import { type KeyboardEvent, type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import type { TableVirtuosoHandle } from 'react-virtuoso';
import type { GroupKey, RowGroup } from '../../shared/domain/row-groups.ts';
import { type Column, nextOrder, type SortOrder, sortedRows } from './column.ts';
import { markedAfter, type MarkingPress } from './marking.ts';
import { nextLine, type TableLine, tableLines } from './table-lines.ts';
import { type RowChoice, TableHead, TableRow, tableStyle, Widths } from './TableRow.tsx';
import { VirtualTable } from './VirtualTable.tsx';

/** Tables with more lines than this draw only what can be seen. */
const VIRTUAL_FROM = 150;

const NONE: ReadonlySet<string> = new Set();

/** Rows that have a key in common stand together under a head that folds. */
export interface Grouping<Row> {
  readonly keyOf: (row: Row) => GroupKey;
  readonly head: (group: RowGroup<Row>) => ReactNode;
}

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
  /** Given = somebody else needs to know the order as well; otherwise the table keeps it. */
  readonly sorting?: { readonly order: SortOrder; readonly onOrder: (order: SortOrder) => void };
  readonly grouping?: Grouping<Row> | null;
  /** Each column has its own width, and what finds no room is scrolled to. */
  readonly scrolls?: boolean;
}

/**
 * A table with a fixed head, which sorts where the columns can. Arrow keys move the selection, Home and End go to its ends, Enter opens;
 * on the head of a group Left and Right fold it and Space marks its rows.
 */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, columns, rowKey, selected = null, onSelect, onOpen, onMark, className, hold } = props;
  const { marked = NONE, grouping = null, scrolls = false } = props;
  const own = useState<SortOrder>(null);
  const [order, setOrder] = props.sorting ? [props.sorting.order, props.sorting.onOrder] : own;
  const [folded, setFolded] = useState(NONE);
  /** The head of a group that the keyboard is at; null = it is at the chosen row. */
  const [head, setHead] = useState<string | null>(null);
  const groupOf = grouping?.keyOf ?? null;
  const rows = useMemo(() => sortedRows(props.rows, columns, order), [props.rows, columns, order]);
  const lines = useMemo(() => tableLines(rows, { rowKey, groupOf, folded }), [rows, rowKey, groupOf, folded]);
  const at = lines.findIndex(({ key }) => key === (head ?? selected));
  const box = useRef<HTMLDivElement>(null);
  const virtual = useRef<TableVirtuosoHandle>(null);
  const followFocus = useRef(false);

  useEffect(() => {
    const key = lines[at]?.key;
    if (!followFocus.current || key === undefined) return;
    followFocus.current = false;
    virtual.current?.scrollIntoView({ index: at });
    box.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)?.focus();
  });

  function go(line: TableLine<Row> | undefined): void {
    if (line === undefined) return;
    followFocus.current = true;
    if (line.kind === 'group') return setHead(line.key);
    setHead(null);
    onMark?.(NONE);
    onSelect?.(line.key);
  }

  function onKeyDown(event: KeyboardEvent<HTMLDivElement>): void {
    if (!onSelect || lines.length === 0) return;
    const line = lines[at];
    const next = nextLine(event.key, at, lines.length);
    if (event.key === 'Escape') onMark?.(NONE);
    if (line?.kind === 'group' && onGroupKey(event.key, line)) event.preventDefault();
    else if (event.key === 'Enter' && line !== undefined) onOpen?.(line.key);
    if (next === null) return;
    event.preventDefault();
    go(lines[next]);
  }

  /** Whether the key means something at the head of a group. */
  function onGroupKey(key: string, line: Extract<TableLine<Row>, { kind: 'group' }>): boolean {
    const folds = { ArrowLeft: !line.folded, ArrowRight: line.folded, Enter: true }[key] ?? false;
    if (folds) fold(line, false);
    if (key === ' ') markGroup(line);
    return folds || key === ' ';
  }

  function choose(key: string): void {
    setHead(null);
    onSelect?.(key);
  }

  function mark(press: MarkingPress): void {
    setHead(null);
    const keys = lines.flatMap((line) => (line.kind === 'row' ? [line.key] : []));
    onMark?.(markedAfter(press, { marked, chosen: selected, keys }));
  }

  /** Marks the rows of a group, or none of them where all are marked. */
  function markGroup({ group }: { readonly group: RowGroup<Row> }): void {
    const keys = group.rows.map(rowKey);
    const all = keys.every((key) => marked.has(key));
    onMark?.(new Set(all ? [...marked].filter((key) => !keys.includes(key)) : [...marked, ...keys]));
  }

  function fold(line: Extract<TableLine<Row>, { kind: 'group' }>, all: boolean): void {
    setHead(line.key);
    followFocus.current = true;
    const keys = all
      ? lines.flatMap((one) => (one.kind === 'group' ? [one.group.key] : []))
      : [line.group.key];
    setFolded(new Set(line.folded ? [...folded].filter((key) => !keys.includes(key)) : [...folded, ...keys]));
  }

  const sorting = { order, onSort: (column: string) => setOrder(nextOrder(order, column)) };
  const choice: RowChoice<Row> = {
    columns,
    scrolls,
    selected,
    focusKey: lines[at]?.key ?? lines[0]?.key ?? null,
    onFold: fold,
    ...(grouping ? { groupHead: grouping.head } : {}),
    ...(onSelect ? { onSelect: choose } : {}),
    ...(onOpen ? { onOpen } : {}),
    ...(onMark ? { marked, onMark: mark, onMarkGroup: markGroup } : {}),
  };
  const role = onSelect ? 'grid' : 'table';
  // The pointer over a row means that it is about to be read or pressed.
  const holding = hold ? { onPointerEnter: () => hold(true), onPointerLeave: () => hold(false) } : {};

  if (lines.length > VIRTUAL_FROM) {
    return (
      <div
        ref={box}
        className={`table-scroll table-virtual ${className ?? ''}`}
        onKeyDown={onKeyDown}
        {...holding}
      >
        <VirtualTable handle={virtual} lines={lines} context={{ ...choice, label, role, sorting }} />
      </div>
    );
  }
  return (
    <div ref={box} className={`table-scroll ${className ?? ''}`} onKeyDown={onKeyDown} {...holding}>
      <table
        className="table"
        data-scrolls={scrolls ? '' : undefined}
        style={tableStyle(columns, scrolls)}
        role={role}
        aria-label={label}
        aria-multiselectable={onMark ? true : undefined}
      >
        <Widths columns={columns} scrolls={scrolls} />
        <thead>
          <TableHead columns={columns} sorting={sorting} scrolls={scrolls} />
        </thead>
        <tbody>
          {lines.map((line) => (
            <TableRow key={line.key} choice={choice} line={line} />
          ))}
        </tbody>
      </table>
    </div>
  );
}
