import type { Json } from '../../shared/model/json.ts';
import type { Manifest } from '../../shared/model/workload.ts';
import type { Column } from '../widgets/column.ts';
import { factColumn } from './fact-column.ts';

interface NamedRow {
  readonly index: number;
  readonly name: string;
  readonly facts: Readonly<Record<string, Json>>;
}

interface LeadingColumns<Row> {
  readonly manifest: Manifest | null;
  readonly rows: readonly Row[];
  /** CSS width of the name. */
  readonly name: string;
  /** The experiment of a row. */
  readonly of: (row: Row) => NamedRow;
}

/** Pixels of a name in a table that scrolls sideways. */
const NAME_ROOM = 200;

/** Pixels of a character in a head, and of its padding. */
const HEAD_CHARACTER = 6;
const HEAD_PADDING = 24;

/** What every table of experiments begins with: number, name, and the fact that they are compared by. */
export function leadingColumns<Row>({
  manifest,
  rows,
  name,
  of,
}: LeadingColumns<Row>): readonly Column<Row>[] {
  const fact = factColumn(manifest, rows.map(of));
  const columns: readonly Column<Row>[] = [
    {
      id: 'index',
      title: '#',
      width: '52px',
      align: 'right',
      cell: (row) => <span className="quiet">{of(row).index}</span>,
      exact: { name: 'index', value: (row) => of(row).index },
      sort: (row) => of(row).index,
    },
    {
      id: 'name',
      title: 'Experiment',
      width: name,
      room: NAME_ROOM,
      cell: (row) => <span className="mono">{of(row).name}</span>,
      exact: { name: 'name', value: (row) => of(row).name },
      hint: (row) => of(row).name,
      sort: (row) => of(row).name,
    },
  ];
  if (fact === null) return columns;
  const wanted = fact.title.length * HEAD_CHARACTER + HEAD_PADDING;
  return [
    ...columns,
    {
      id: 'fact',
      title: fact.title,
      width: `${Math.min(150, Math.max(94, wanted))}px`,
      align: 'right',
      cell: (row) => fact.text(of(row).facts),
      exact: { name: fact.name, value: (row) => fact.value(of(row).facts) },
      sort: (row) => fact.value(of(row).facts),
    },
  ];
}
