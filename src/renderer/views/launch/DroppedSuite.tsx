import { formatCount } from '../../../shared/domain/format.ts';
import { useApp } from '../../app-context.ts';
import type { DroppedSuite } from '../../state/suites-slice.ts';
import { Button } from '../../widgets/Button.tsx';
import type { Column } from '../../widgets/column.ts';
import { DataTable } from '../../widgets/DataTable.tsx';
import { Card } from '../../widgets/Screen.tsx';
import { SuiteText } from './SuiteText.tsx';

type Experiments = Extract<DroppedSuite['check'], { kind: 'ok' }>['experiments'];
type Row = Experiments[number] & { readonly at: number };

const COLUMNS: readonly Column<Row>[] = [
  {
    id: 'index',
    title: '#',
    width: '52px',
    align: 'right',
    cell: (row) => <span className="quiet">{row.at}</span>,
  },
  {
    id: 'name',
    title: 'Experiment',
    cell: (row) => <span className="mono">{row.label}</span>,
    hint: (row) => row.label,
  },
  { id: 'phase', title: 'Phase', width: '22%', cell: (row) => row.phase, hint: (row) => row.phase },
  { id: 'queue', title: 'Queue', width: '22%', cell: (row) => row.queue, hint: (row) => row.queue },
];

/** What the text of a suite means. It came without its place, so it is started where it lies. */
export function DroppedSuiteCard({ dropped }: { dropped: DroppedSuite }) {
  const { actions } = useApp();
  const { name, text, check } = dropped;
  const command = `minibatch run ${/^[\w./-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`}`;

  return (
    <Card
      className="dropped"
      title={name}
      label="Dropped suite"
      head={
        <>
          <span className="small truncate" data-tone={check.kind === 'ok' ? 'succeeded' : 'failed'}>
            <span className="toned">{verdict(check)}</span>
          </span>
          <span className="spacer" />
          <Button kind="ghost" small onClick={actions.closeDroppedSuite}>
            Close
          </Button>
        </>
      }
    >
      {check.kind === 'ok' ? (
        <p className="dropped-way small">
          A browser does not tell where a file lies, so start it from the folder that it is in:{' '}
          <code className="key-command">{command}</code>
          <Button small onClick={() => void actions.copy(command, command)}>
            Copy
          </Button>
          <span className="quiet">From then on it is listed below and can be run again from here.</span>
        </p>
      ) : null}
      <div className="dropped-parts">
        <SuiteText name={name} text={text} check={check} />
        {check.kind === 'ok' ? (
          <DataTable
            label="Experiments of the suite"
            columns={COLUMNS}
            rows={check.experiments.map((one, at) => ({ ...one, at }))}
            rowKey={(row) => String(row.at)}
          />
        ) : null}
      </div>
    </Card>
  );
}

function verdict(check: DroppedSuite['check']): string {
  if (check.kind === 'ok')
    return `${formatCount(check.count, 'experiment')}, no mistake found in the text. Programs and files were not looked for.`;
  return check.line === null ? check.sentence : `Cannot be planned as it is: see line ${check.line}.`;
}
