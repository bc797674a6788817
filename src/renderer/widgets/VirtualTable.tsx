import type { HTMLAttributes, ReactNode, RefObject } from 'react';
import { TableVirtuoso, type TableVirtuosoHandle } from 'react-virtuoso';
import type { TableLine } from './table-lines.ts';
import {
  LineCells,
  lineAttributes,
  type RowChoice,
  TableHead,
  type TableSorting,
  tableStyle,
  Widths,
} from './TableRow.tsx';

interface Context<Row> extends RowChoice<Row> {
  readonly label: string;
  readonly role: 'grid' | 'table';
  readonly sorting: TableSorting;
}

interface VirtualTableProps<Row> {
  readonly handle: RefObject<TableVirtuosoHandle | null>;
  readonly lines: readonly TableLine<Row>[];
  readonly context: Context<Row>;
}

/** The body of a long table: only lines in sight are in the document. */
export function VirtualTable<Row>({ handle, lines, context }: VirtualTableProps<Row>) {
  return (
    <TableVirtuoso<TableLine<Row>, Context<Row>>
      ref={handle}
      data={lines}
      context={context}
      computeItemKey={(_at, line) => line.key}
      fixedHeaderContent={() => (
        <TableHead columns={context.columns} sorting={context.sorting} scrolls={context.scrolls} />
      )}
      components={{ Table: Frame, TableRow: Line }}
      itemContent={(_at, line) => <LineCells choice={context} line={line} />}
    />
  );
}

function Frame<Row>({
  context,
  children,
  style,
  ...rest
}: HTMLAttributes<HTMLTableElement> & { context: Context<Row>; children?: ReactNode }) {
  const { columns, scrolls } = context;
  return (
    <table
      {...rest}
      style={{ ...style, ...tableStyle(columns, scrolls) }}
      className="table"
      data-scrolls={scrolls ? '' : undefined}
      role={context.role}
      aria-label={context.label}
      aria-multiselectable={context.onMark ? true : undefined}
    >
      <Widths columns={columns} scrolls={scrolls} />
      {children}
    </table>
  );
}

function Line<Row>({
  context,
  item,
  ...rest
}: HTMLAttributes<HTMLTableRowElement> & { context: Context<Row>; item: TableLine<Row> }) {
  return <tr {...rest} {...lineAttributes(context, item)} />;
}
