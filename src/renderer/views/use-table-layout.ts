import { useEffect } from 'react';
import { useApp, useAppState } from '../app-context.ts';
import {
  type ColumnMove,
  movedColumns,
  PLAIN_LAYOUT,
  type PlacedColumn,
  type TableLayout,
} from '../state/table-layout.ts';

interface LaidTable {
  readonly layout: TableLayout;
  /** What the columns are now, whoever has arranged them. */
  readonly placed: readonly PlacedColumn[];
  readonly move: (move: ColumnMove) => void;
  readonly groupBy: (group: string | null) => void;
}

/** How a person has arranged a table; `table` names it and the workload, `own` is what it shows by itself. */
export function useTableLayout(table: string, own: readonly PlacedColumn[]): LaidTable {
  const { actions } = useApp();
  const layout = useAppState((state) => state.tableLayouts[table]) ?? PLAIN_LAYOUT;
  useEffect(() => {
    void actions.ensureTableLayout(table);
  }, [actions, table]);
  const placed = layout.columns ?? own;
  return {
    layout,
    placed,
    move: (move) => actions.layTable(table, { ...layout, columns: movedColumns(placed, move) }),
    groupBy: (group) => actions.layTable(table, { ...layout, group }),
  };
}
