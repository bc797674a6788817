import type { ReactNode } from 'react';
import type { Json } from '../../shared/model/json.ts';

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
  /** What an export has of it, in full precision; absent = the column is none of data. */
  readonly exact?: { readonly name: string; readonly value: (row: Row) => Json | undefined };
  /** Pixels in a table that scrolls sideways, where the width is no number of them. */
  readonly room?: number;
  /** Stays in sight in a table that scrolls sideways; only leading columns do. */
  readonly pinned?: boolean;
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

/** Pixels of a column that says nothing about its width. */
const ROOM = 120;

/** Pixels of a column in a table that scrolls sideways. */
export function roomOf<Row>({ width, room }: Pick<Column<Row>, 'width' | 'room'>): number {
  return room ?? Number(/^(\d+)px$/.exec(width ?? '')?.[1] ?? ROOM);
}

/** The rows as the columns export them: every value as it is, not as it is shown. */
export function exactRecords<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
): readonly Readonly<Record<string, Json>>[] {
  const exact = columns.flatMap((column) => column.exact ?? []);
  return rows.map((row) => Object.fromEntries(exact.map(({ name, value }) => [name, value(row) ?? null])));
}
