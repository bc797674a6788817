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
}
