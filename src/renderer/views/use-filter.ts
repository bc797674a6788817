import { useMemo, useState } from 'react';
import { type RowFacts, selectRows } from '../../shared/domain/field.ts';
import type { FilterProblem } from '../../shared/domain/filter-signs.ts';

interface FilteredRows<Row> {
  readonly text: string;
  readonly change: (text: string) => void;
  readonly rows: readonly Row[];
  /** Null = the filter can be read. */
  readonly problem: FilterProblem | null;
}

/** The rows that a person has asked for. While a filter cannot be read, the last one that could holds. */
export function useFilter<Row>(rows: readonly Row[], facts: RowFacts<Row>): FilteredRows<Row> {
  const [{ text, readable }, setTyped] = useState({ text: '', readable: '' });
  const asked = useMemo(() => selectRows(rows, text, facts), [rows, text, facts]);
  const before = useMemo(() => selectRows(rows, readable, facts), [rows, readable, facts]);
  const shown = asked.kind === 'filter' ? asked : before;
  return {
    text,
    change: (next) => {
      const problem = selectRows([], next, facts).kind === 'problem';
      setTyped({ text: next, readable: problem ? readable : next });
    },
    rows: shown.kind === 'filter' ? shown.rows : rows,
    problem: asked.kind === 'problem' ? asked : null,
  };
}
