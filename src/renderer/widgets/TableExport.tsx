import { csvText, tabText } from '../../shared/domain/csv.ts';
import { saveText } from '../actions/save-file.ts';
import { useApp } from '../app-context.ts';
import { type Column, exactRecords } from './column.ts';
import { Menu } from './Menu.tsx';

interface TableExportProps<Row> {
  /** Without an ending. */
  readonly file: string;
  readonly columns: readonly Column<Row>[];
  /** The rows as they are shown, asked for when they are needed. */
  readonly rows: () => readonly Row[];
}

/** Copies or saves the table as it is shown: its columns, rows and order, the values in full precision. */
export function TableExport<Row>({ file, columns, rows }: TableExportProps<Row>) {
  const { store } = useApp();
  const names = [...new Set(columns.flatMap(({ exact }) => exact?.name ?? []))];

  async function copy(): Promise<void> {
    const records = exactRecords(rows(), columns);
    try {
      await navigator.clipboard.writeText(tabText(records, names));
      store.getState().noticed('info', `Copied ${records.length} rows with ${names.length} columns.`);
    } catch {
      store
        .getState()
        .noticed('error', 'The browser does not allow to copy here. Download the table as CSV instead.');
    }
  }

  return (
    <Menu
      title="Export"
      label="Export the table"
      small
      tool="export"
      items={[
        {
          title: 'Copy the table',
          hint: 'as it is shown, for a spreadsheet; numbers in full',
          run: () => void copy(),
        },
        {
          title: 'Download CSV',
          hint: 'the same as a file',
          run: () => saveText(`${file}.csv`, csvText(exactRecords(rows(), columns), names), 'text/csv'),
        },
      ]}
    />
  );
}
