import { memo, useEffect } from 'react';
import { formatBytes, formatNumber, formatPercent } from '../../../shared/domain/format.ts';
import type { ProcessSample } from '../../../shared/model/hardware.ts';
import { useApp, useAppState } from '../../app-context.ts';
import type { ProcessList } from '../../state/machine-slice.ts';
import type { Column } from '../../widgets/column.ts';
import { DataTable } from '../../widgets/DataTable.tsx';
import { Card } from '../../widgets/Screen.tsx';

/** Milliseconds between two looks at the processes. */
const REFRESH = 2_000;

interface Row {
  readonly key: string;
  readonly batch: string;
  readonly index: number;
  /** The run's name on the first line of its tree, the process's own below. */
  readonly name: string;
  readonly depth: number;
  readonly process: ProcessSample | null;
  readonly total: {
    readonly cpu: number | null;
    readonly memory: number | null;
    readonly gpu: number | null;
  };
}

/** The process trees of live runs, with the sum of each on its first line. Drawn when they are read, not at each sample. */
export const ProcessTable = memo(function ProcessTable() {
  const { actions, connection, store } = useApp();
  const runs = useAppState((state) => state.processes);

  useEffect(
    () =>
      connection.attach((client) => {
        let timer: ReturnType<typeof setTimeout> | undefined;
        let stopped = false;
        async function look(): Promise<void> {
          const reply = await client.call('machine.processes', {});
          if (stopped) return;
          store.getState().processesArrived(reply.runs);
          timer = setTimeout(start, REFRESH);
        }
        function start(): void {
          // A closed connection is told by the banner and attaches anew.
          look().catch(() => {});
        }
        start();
        return () => {
          stopped = true;
          clearTimeout(timer);
        };
      }),
    [connection, store],
  );

  const rows = rowsOf(runs ?? []);
  return (
    <Card title="Processes of live runs" className="processes">
      {rows.length === 0 ? (
        <p className="table-note">
          {runs === null
            ? 'Reading the processes…'
            : 'No run is alive. Processes of running experiments appear here, each with its children.'}
        </p>
      ) : (
        <DataTable
          label="Processes of live runs"
          columns={columns}
          rows={rows}
          rowKey={(row) => row.key}
          onSelect={() => {}}
          onOpen={(key) => {
            const row = rows.find((candidate) => candidate.key === key);
            if (row)
              actions.go({ screen: 'batch', batch: row.batch, run: row.index, attempt: null, tab: 'log' });
          }}
        />
      )}
    </Card>
  );
});

const columns: readonly Column<Row>[] = [
  {
    id: 'name',
    title: 'Run or process',
    cell: (row) => (
      <span className={row.depth === 0 ? 'process-run' : 'quiet'} style={{ paddingLeft: row.depth * 16 }}>
        {row.name}
      </span>
    ),
    hint: (row) => row.name,
  },
  {
    id: 'pid',
    title: 'PID',
    width: '90px',
    align: 'right',
    cell: (row) => <span className="quiet">{row.process?.pid ?? ''}</span>,
  },
  {
    id: 'cpu',
    title: 'CPU',
    width: '90px',
    align: 'right',
    cell: (row) => shown(cpuOf(row), (value) => formatPercent(value / 100)),
  },
  {
    id: 'memory',
    title: 'Memory',
    width: '110px',
    align: 'right',
    cell: (row) => shown(memoryOf(row), formatBytes),
  },
  {
    id: 'gpu',
    title: 'GPU',
    width: '120px',
    align: 'right',
    cell: (row) =>
      shown(row.process ? row.process.gpuPercent : row.total.gpu, (value) => formatPercent(value / 100)),
  },
  {
    id: 'threads',
    title: 'Threads',
    width: '90px',
    align: 'right',
    cell: (row) => (row.process ? shown(row.process.threads, formatNumber) : ''),
  },
];

function shown(value: number | null, text: (value: number) => string) {
  return value === null ? <span className="quiet">not available</span> : text(value);
}

function cpuOf(row: Row): number | null {
  return row.process ? row.process.cpuPercent : row.total.cpu;
}

function memoryOf(row: Row): number | null {
  return row.process ? row.process.footprintBytes : row.total.memory;
}

function rowsOf(runs: ProcessList): readonly Row[] {
  return runs.flatMap((run) => {
    const shared = { batch: run.batch, index: run.index, total: totals(run.processes) };
    const head: Row = {
      ...shared,
      key: `${run.batch}/${run.index}`,
      name: `${run.index} · ${run.name}`,
      depth: 0,
      process: null,
    };
    const byParent = new Set(run.processes.map((process) => process.pid));
    const depthOf = (process: ProcessSample): number => (byParent.has(process.parent) ? 2 : 1);
    return [
      head,
      ...run.processes.map(
        (process): Row => ({
          ...shared,
          key: `${head.key}/${process.pid}`,
          name: process.name,
          depth: depthOf(process),
          process,
        }),
      ),
    ];
  });
}

/** Sums of what is known; null where no process told. */
function totals(processes: readonly ProcessSample[]): Row['total'] {
  const sum = (values: readonly (number | null)[]): number | null => {
    const known = values.filter((value) => value !== null);
    return known.length === 0 ? null : known.reduce((total, value) => total + value, 0);
  };
  return {
    cpu: sum(processes.map((process) => process.cpuPercent)),
    memory: sum(processes.map((process) => process.footprintBytes)),
    gpu: sum(processes.map((process) => process.gpuPercent)),
  };
}
