import type { ReactNode } from 'react';

/** One column of a table. */
export interface Column<Row> {
  readonly id: string;
  readonly title: string;
  /** CSS width; absent = shares what is left. */
  readonly width?: string;
  readonly align?: 'right';
  readonly cell: (row: Row) => ReactNode;
  /** What the cell says in full, shown by the pointer. */
  readonly hint?: (row: Row) => string | undefined;
  /** What a person can sort by; null = nothing there, which comes last. Absent = the column does not sort. */
  readonly sort?: (row: Row) => SortValue;
}

export type SortValue = number | string | null;

/** How a person wants a table to be sorted; null = as the table itself has it. */
export type SortOrder = { readonly column: string; readonly descending: boolean } | null;

/** The order after a click on a column's head: up, down, and back to the table's own. */
export function nextOrder(order: SortOrder, column: string): SortOrder {
  if (order?.column !== column) return { column, descending: false };
  return order.descending ? null : { column, descending: true };
}

/** The rows in that order. Rows that are equal, and rows without a value, stay as they were. */
export function sortedRows<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  order: SortOrder,
): readonly Row[] {
  const sort = columns.find(({ id }) => id === order?.column)?.sort;
  if (order === null || sort === undefined) return rows;
  const sign = order.descending ? -1 : 1;
  return rows
    .map((row) => ({ row, value: sort(row) }))
    .toSorted((a, b) => {
      if (a.value === null || b.value === null) return Number(a.value === null) - Number(b.value === null);
      return sign * compareValues(a.value, b.value);
    })
    .map(({ row }) => row);
}

function compareValues(a: number | string, b: number | string): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a).localeCompare(String(b), 'en', { numeric: true });
}
