/** Which columns a table shows, as a person has arranged them. */
export interface TableLayout {
  /** From the left, those that stay in sight first; null = as the table has them by itself. */
  readonly columns: readonly PlacedColumn[] | null;
  /** What rows are grouped by; null = they are not. */
  readonly group: string | null;
}

export interface PlacedColumn {
  readonly id: string;
  /** Stays where it is while the others are scrolled sideways. */
  readonly pinned: boolean;
}

export const PLAIN_LAYOUT: TableLayout = { columns: null, group: null };

/** More columns are no table that anybody reads; a layout with more was not made by this window. */
const MOST_COLUMNS = 300;

/** What was kept, where it is a layout; anything else counts as none. */
export function readTableLayout(kept: unknown): TableLayout {
  if (typeof kept !== 'object' || kept === null) return PLAIN_LAYOUT;
  const { columns = null, group = null } = kept as { columns?: unknown; group?: unknown };
  return {
    columns: Array.isArray(columns) && columns.length <= MOST_COLUMNS ? placed(columns) : null,
    group: typeof group === 'string' ? group : null,
  };
}

function placed(columns: readonly unknown[]): readonly PlacedColumn[] | null {
  const seen = new Set<string>();
  const read = columns.flatMap((column): readonly PlacedColumn[] => {
    if (typeof column !== 'object' || column === null || !('id' in column)) return [];
    const { id } = column;
    if (typeof id !== 'string' || seen.has(id)) return [];
    seen.add(id);
    return [{ id, pinned: 'pinned' in column && column.pinned === true }];
  });
  return read.length === 0 ? null : pinnedFirst(read);
}

function pinnedFirst(columns: readonly PlacedColumn[]): readonly PlacedColumn[] {
  return [...columns.filter(({ pinned }) => pinned), ...columns.filter(({ pinned }) => !pinned)];
}

/** A change to the columns of a table. */
export type ColumnMove =
  | { readonly kind: 'show' | 'hide' | 'pin' | 'left' | 'right'; readonly id: string }
  | { readonly kind: 'reset' };

/** The columns after a change. The last one cannot be hidden; a column moves within those that stay, or within those that do not. */
export function movedColumns(
  columns: readonly PlacedColumn[],
  move: ColumnMove,
): readonly PlacedColumn[] | null {
  if (move.kind === 'reset') return null;
  const { id } = move;
  const at = columns.findIndex((column) => column.id === id);
  const own = columns[at];
  switch (move.kind) {
    case 'show':
      return own === undefined ? [...columns, { id, pinned: false }] : columns;
    case 'hide':
      return columns.length === 1 ? columns : columns.filter((column) => column.id !== id);
    case 'pin':
      return pinnedFirst(
        columns.map((column) => (column.id === id ? { id, pinned: !column.pinned } : column)),
      );
    case 'left':
    case 'right': {
      const other = columns[move.kind === 'left' ? at - 1 : at + 1];
      if (own === undefined || other === undefined || other.pinned !== own.pinned) return columns;
      return columns.map((column) => (column === own ? other : column === other ? own : column));
    }
  }
}

/** The columns of a table in that order. Those that are no longer there are left out, but kept: another batch may have them. */
export function arrangedColumns<C extends { readonly id: string }>(
  all: readonly C[],
  layout: readonly PlacedColumn[],
): readonly (C & { readonly pinned: boolean })[] {
  const byId = new Map(all.map((column) => [column.id, column]));
  return layout.flatMap(({ id, pinned }) => {
    const column = byId.get(id);
    return column === undefined ? [] : [{ ...column, pinned }];
  });
}
