import type { HTMLAttributes, ReactNode, RefObject } from 'react';
import { TableVirtuoso, type TableVirtuosoHandle } from 'react-virtuoso';
import { Cells, type RowChoice, rowAttributes, TableHead, type TableSorting, Widths } from './TableRow.tsx';

interface Context<Row> extends RowChoice<Row> {
  readonly rowKey: (row: Row) => string;
  readonly label: string;
  readonly role: 'grid' | 'table';
  readonly sorting: TableSorting;
}

interface VirtualTableProps<Row> {
  readonly handle: RefObject<TableVirtuosoHandle | null>;
  readonly rows: readonly Row[];
  readonly context: Context<Row>;
}

/** The body of a long table: only rows in sight are in the document. */
export function VirtualTable<Row>({ handle, rows, context }: VirtualTableProps<Row>) {
  return (
    <TableVirtuoso<Row, Context<Row>>
      ref={handle}
      data={rows}
      context={context}
      computeItemKey={(_at, row) => context.rowKey(row)}
      fixedHeaderContent={() => <TableHead columns={context.columns} sorting={context.sorting} />}
      components={{ Table: Frame, TableRow: Line }}
      itemContent={(_at, row) => <Cells columns={context.columns} row={row} />}
    />
  );
}

function Frame<Row>({
  context,
  children,
  ...rest
}: HTMLAttributes<HTMLTableElement> & { context: Context<Row>; children?: ReactNode }) {
  return (
    <table
      {...rest}
      className="table"
      role={context.role}
      aria-label={context.label}
      aria-multiselectable={context.onMark ? true : undefined}
    >
      <Widths columns={context.columns} />
      {children}
    </table>
  );
}

function Line<Row>({
  context,
  item,
  ...rest
}: HTMLAttributes<HTMLTableRowElement> & { context: Context<Row>; item: Row }) {
  return <tr {...rest} {...rowAttributes(context, context.rowKey(item))} />;
}
