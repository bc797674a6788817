import { type HTMLAttributes, memo, type MouseEvent, type ReactNode } from 'react';
import { type Column, roomOf, type SortOrder } from './column.ts';
import type { MarkingPress } from './marking.ts';
import { isMac } from './platform.ts';
import type { TableLine } from './table-lines.ts';

type GroupLine<Row> = Extract<TableLine<Row>, { kind: 'group' }>;

/** Which row is chosen, and what choosing does. */
export interface RowChoice<Row> {
  readonly columns: readonly Column<Row>[];
  /** Columns have their own widths, and the pinned ones stay in sight. */
  readonly scrolls: boolean;
  readonly selected: string | null;
  /** The line that Tab reaches. */
  readonly focusKey: string | null;
  readonly onSelect?: (key: string) => void;
  readonly onOpen?: (key: string) => void;
  /** Rows that are marked together; they then take the place of the chosen one. */
  readonly marked?: ReadonlySet<string>;
  readonly onMark?: (press: MarkingPress) => void;
  readonly groupHead?: (group: GroupLine<Row>['group']) => ReactNode;
  /** `all`: every group does what this one does. */
  readonly onFold: (line: GroupLine<Row>, all: boolean) => void;
  readonly onMarkGroup?: (line: GroupLine<Row>) => void;
}

export function TableRow<Row>({ choice, line }: { choice: RowChoice<Row>; line: TableLine<Row> }) {
  return (
    <tr {...lineAttributes(choice, line)}>
      <LineCells choice={choice} line={line} />
    </tr>
  );
}

export function lineAttributes<Row>(
  choice: RowChoice<Row>,
  line: TableLine<Row>,
): HTMLAttributes<HTMLTableRowElement> & Record<`data-${string}`, string> {
  return line.kind === 'row' ? rowAttributes(choice, line.key) : groupAttributes(choice, line);
}

export function LineCells<Row>({ choice, line }: { choice: RowChoice<Row>; line: TableLine<Row> }) {
  const { columns, scrolls, groupHead, onMarkGroup } = choice;
  if (line.kind === 'row') return <Cells columns={columns} row={line.row} scrolls={scrolls} />;
  return (
    <td colSpan={columns.length} className="group-cell">
      <div className="group-head">
        <span className="group-fold" aria-hidden="true">
          {line.folded ? '▸' : '▾'}
        </span>
        {groupHead?.(line.group)}
        {onMarkGroup ? (
          <button
            type="button"
            className="group-mark"
            tabIndex={-1}
            onClick={(event) => {
              event.stopPropagation();
              onMarkGroup(line);
            }}
          >
            {`Mark ${line.group.rows.length}`}
          </button>
        ) : null}
      </div>
    </td>
  );
}

/** What makes a row selectable: one line of a table is in the tab order, arrows move from there. */
function rowAttributes<Row>(choice: RowChoice<Row>, id: string): ReturnType<typeof lineAttributes> {
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
      const press = { key: id, range: event.shiftKey, toggle: togglesMark(event) };
      onMark?.(press);
      if (!onMark || !(press.range || press.toggle)) onSelect(id);
    },
    onDoubleClick: () => onOpen?.(id),
  };
}

function groupAttributes<Row>(
  choice: RowChoice<Row>,
  line: GroupLine<Row>,
): ReturnType<typeof lineAttributes> {
  return {
    'data-key': line.key,
    'data-group': '',
    'aria-expanded': !line.folded,
    tabIndex: line.key === choice.focusKey ? 0 : -1,
    onClick: (event) => {
      if (togglesMark(event)) choice.onMarkGroup?.(line);
      else choice.onFold(line, event.altKey);
    },
  };
}

function togglesMark(event: MouseEvent): boolean {
  return isMac() ? event.metaKey : event.ctrlKey;
}

interface CellsProps<Row> {
  readonly columns: readonly Column<Row>[];
  readonly row: Row;
  readonly scrolls: boolean;
}

function AllCells<Row>({ columns, row, scrolls }: CellsProps<Row>): ReactNode {
  return columns.map((column, at) => (
    <td
      key={column.id}
      data-align={column.align}
      data-column={column.id}
      title={column.hint?.(row)}
      {...pinOf(columns, at, scrolls)}
    >
      {column.cell(row)}
    </td>
  ));
}

/** Drawn again only when the row is another one: what changes is one row of many. */
const Cells = memo(AllCells) as typeof AllCells;

/** Where a pinned column stays. */
function pinOf<Row>(
  columns: readonly Column<Row>[],
  at: number,
  scrolls: boolean,
): { readonly 'data-pinned'?: string; readonly style?: { readonly left: number } } {
  if (!scrolls || columns[at]?.pinned !== true) return {};
  const left = columns.slice(0, at).reduce((sum, column) => sum + roomOf(column), 0);
  return { 'data-pinned': columns[at + 1]?.pinned === true ? '' : 'last', style: { left } };
}

export interface TableSorting {
  readonly order: SortOrder;
  readonly onSort: (column: string) => void;
}

export function TableHead<Row>({
  columns,
  sorting,
  scrolls,
}: {
  columns: readonly Column<Row>[];
  sorting: TableSorting;
  scrolls: boolean;
}) {
  return (
    <tr>
      {columns.map(({ id, title, align, sort }, at) => {
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
            {...pinOf(columns, at, scrolls)}
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
export function Widths<Row>({ columns, scrolls }: { columns: readonly Column<Row>[]; scrolls: boolean }) {
  return (
    <colgroup>
      {columns.map((column) => {
        const width = scrolls ? `${roomOf(column)}px` : column.width;
        return <col key={column.id} data-column={column.id} style={width ? { width } : {}} />;
      })}
    </colgroup>
  );
}

/** The table is as wide as its columns, and fills its place. */
export function tableStyle<Row>(
  columns: readonly Column<Row>[],
  scrolls: boolean,
): { readonly minWidth?: number } {
  return scrolls ? { minWidth: columns.reduce((sum, column) => sum + roomOf(column), 0) } : {};
}
