import type { HTMLAttributes, MouseEvent } from 'react';
import type { Column, SortOrder } from './column.ts';
import type { MarkingPress } from './marking.ts';
import { isMac } from './platform.ts';

/** Which row is chosen, and what choosing does. */
export interface RowChoice<Row> {
  readonly columns: readonly Column<Row>[];
  readonly selected: string | null;
  /** The row that Tab reaches. */
  readonly focusKey: string | null;
  readonly onSelect?: (key: string) => void;
  readonly onOpen?: (key: string) => void;
  /** Rows that are marked together; they then take the place of the chosen one. */
  readonly marked?: ReadonlySet<string>;
  readonly onMark?: (press: MarkingPress) => void;
}

export function TableRow<Row>({ choice, row, id }: { choice: RowChoice<Row>; row: Row; id: string }) {
  return (
    <tr {...rowAttributes(choice, id)}>
      <Cells columns={choice.columns} row={row} />
    </tr>
  );
}

/** What makes a row selectable: one row of a table is in the tab order, arrows move from there. */
export function rowAttributes<Row>(
  choice: RowChoice<Row>,
  id: string,
): HTMLAttributes<HTMLTableRowElement> & Record<`data-${string}`, string> {
  const { onSelect, onOpen, onMark, marked, selected, focusKey } = choice;
  if (!onSelect) return { 'data-key': id };
  return {
    'data-key': id,
    'data-selectable': '',
    'aria-selected': marked !== undefined && marked.size > 0 ? marked.has(id) : id === selected,
    tabIndex: id === focusKey ? 0 : -1,
    // Shift would select the text between two presses.
    ...(onMark ? { onMouseDown: (event: MouseEvent) => event.shiftKey && event.preventDefault() } : {}),
    onClick: (event) => {
      const press = { key: id, range: event.shiftKey, toggle: isMac() ? event.metaKey : event.ctrlKey };
      onMark?.(press);
      if (!onMark || !(press.range || press.toggle)) onSelect(id);
    },
    onDoubleClick: () => onOpen?.(id),
  };
}

export function Cells<Row>({ columns, row }: { columns: readonly Column<Row>[]; row: Row }) {
  return columns.map((column) => (
    <td key={column.id} data-align={column.align} data-column={column.id} title={column.hint?.(row)}>
      {column.cell(row)}
    </td>
  ));
}

export interface TableSorting {
  readonly order: SortOrder;
  readonly onSort: (column: string) => void;
}

export function TableHead<Row>({
  columns,
  sorting,
}: {
  columns: readonly Column<Row>[];
  sorting: TableSorting;
}) {
  return (
    <tr>
      {columns.map(({ id, title, align, sort }) => {
        const order = sorting.order?.column === id ? sorting.order : null;
        const sorted = order === null ? 'none' : order.descending ? 'descending' : 'ascending';
        return (
          <th
            key={id}
            scope="col"
            data-align={align}
            data-column={id}
            title={title}
            aria-sort={sort ? sorted : undefined}
          >
            {sort ? (
              <button type="button" className="sort" onClick={() => sorting.onSort(id)}>
                {title}
                {order ? <span aria-hidden="true">{order.descending ? ' ↓' : ' ↑'}</span> : null}
              </button>
            ) : (
              title
            )}
          </th>
        );
      })}
    </tr>
  );
}

/** Fixed widths: cells that change must not move their neighbours. */
export function Widths<Row>({ columns }: { columns: readonly Column<Row>[] }) {
  return (
    <colgroup>
      {columns.map((column) => (
        <col key={column.id} data-column={column.id} style={column.width ? { width: column.width } : {}} />
      ))}
    </colgroup>
  );
}
