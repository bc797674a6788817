import { describe, expect, it } from 'vitest';
import { type Column, nextOrder, type SortOrder, sortedRows } from '../../../src/renderer/widgets/column.ts';

interface Row {
  readonly name: string;
  readonly peak: number | null;
}

const columns: readonly Column<Row>[] = [
  { id: 'name', title: 'Name', cell: (row) => row.name, sort: (row) => row.name },
  { id: 'peak', title: 'Peak', cell: (row) => row.peak, sort: (row) => row.peak },
  { id: 'plain', title: 'Plain', cell: () => '' },
];
const rows: readonly Row[] = [
  { name: 'run 10', peak: 2 },
  { name: 'run 9', peak: null },
  { name: 'run 1', peak: 30 },
];

function names(order: SortOrder): string[] {
  return sortedRows(rows, columns, order).map(({ name }) => name);
}

describe('a table that is sorted', () => {
  it('goes up, down, and back to its own order', () => {
    const up = nextOrder(null, 'peak');
    const down = nextOrder(up, 'peak');
    expect([up, down, nextOrder(down, 'peak'), nextOrder(down, 'name')]).toEqual([
      { column: 'peak', descending: false },
      { column: 'peak', descending: true },
      null,
      { column: 'name', descending: false },
    ]);
  });

  it('has numbers in names as numbers, and what has no value at the end either way', () => {
    expect(names({ column: 'name', descending: false })).toEqual(['run 1', 'run 9', 'run 10']);
    expect(names({ column: 'peak', descending: false })).toEqual(['run 10', 'run 1', 'run 9']);
    expect(names({ column: 'peak', descending: true })).toEqual(['run 1', 'run 10', 'run 9']);
  });

  it('stays as it is where a column does not sort or is gone', () => {
    expect(sortedRows(rows, columns, null)).toBe(rows);
    expect(sortedRows(rows, columns, { column: 'plain', descending: true })).toBe(rows);
    expect(sortedRows(rows, columns, { column: 'gone', descending: true })).toBe(rows);
  });
});
