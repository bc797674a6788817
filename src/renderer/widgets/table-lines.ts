import { type GroupKey, groupRows, type RowGroup } from '../../shared/domain/row-groups.ts';

/** What a line of a table is: a row, or the head of a group. */
export type TableLine<Row> =
  | { readonly kind: 'row'; readonly key: string; readonly row: Row }
  | {
      readonly kind: 'group';
      readonly key: string;
      readonly group: RowGroup<Row>;
      readonly folded: boolean;
    };

interface LineOptions<Row> {
  readonly rowKey: (row: Row) => string;
  /** Null = the rows are not grouped. */
  readonly groupOf: ((row: Row) => GroupKey) | null;
  /** Keys of the groups whose rows are not shown. */
  readonly folded: ReadonlySet<string>;
}

/** The lines of a table from the top. Rows keep their order within their group. */
export function tableLines<Row>(
  rows: readonly Row[],
  { rowKey, groupOf, folded }: LineOptions<Row>,
): readonly TableLine<Row>[] {
  const line = (row: Row): TableLine<Row> => ({ kind: 'row', key: rowKey(row), row });
  if (groupOf === null) return rows.map(line);
  return groupRows(rows, groupOf).flatMap((group): TableLine<Row>[] => {
    const head = {
      kind: 'group' as const,
      key: groupLineKey(group.key),
      group,
      folded: folded.has(group.key),
    };
    return head.folded ? [head] : [head, ...group.rows.map(line)];
  });
}

/** A group is called unlike any row. */
function groupLineKey(key: string): string {
  return `group ${key}`;
}

/** The rows in the order in which they are shown, those of folded groups included. */
export function rowsInOrder<Row>(
  rows: readonly Row[],
  groupOf: ((row: Row) => GroupKey) | null,
): readonly Row[] {
  return groupOf === null ? rows : groupRows(rows, groupOf).flatMap((group) => group.rows);
}

/** Where a key leads from a line; null = nowhere. */
export function nextLine(key: string, at: number, count: number): number | null {
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
