import { useCallback, useMemo, useState } from 'react';
import { formatMegabytes } from '../../../shared/domain/format.ts';
import type { BatchRecord } from '../../../shared/model/batch.ts';
import type { ExperimentRecord, RunRecord } from '../../../shared/model/run.ts';
import type { Manifest } from '../../../shared/model/workload.ts';
import type { Column } from '../../widgets/column.ts';
import { DataTable } from '../../widgets/DataTable.tsx';
import { ProgressBar } from '../../widgets/Meter.tsx';
import { Card } from '../../widgets/Screen.tsx';
import { StateBadge } from '../../widgets/StateBadge.tsx';
import { experimentAppearance } from '../../widgets/tone.ts';
import { leadingColumns } from '../experiment-columns.tsx';
import {
  doingText,
  metricValue,
  progressFraction,
  progressText,
  rateText,
  timeText,
  timeValue,
} from './doing.ts';
import { MarkedBar } from './MarkedBar.tsx';
import { filteredExperiments, orderedExperiments } from './run-order.ts';
import { useHeldOrder } from './use-held-order.ts';
import { Sparkline } from './Sparkline.tsx';

interface ExperimentTableProps {
  readonly batch: BatchRecord;
  readonly experiments: readonly ExperimentRecord[];
  readonly runs: readonly RunRecord[];
  readonly manifest: Manifest | null;
  readonly selected: number | null;
  readonly onSelect: (index: number) => void;
}

/** A row an experiment. `/` filters, arrows move. */
export function ExperimentTable({
  batch,
  experiments,
  runs,
  manifest,
  selected,
  onSelect,
}: ExperimentTableProps) {
  const [filter, setFilter] = useState('');
  const sorted = useMemo(
    () => orderedExperiments(filteredExperiments(experiments, filter)),
    [experiments, filter],
  );
  const { rows, hold } = useHeldOrder(sorted);
  const peaks = useMemo(() => peaksOf(runs), [runs]);
  const peak = useCallback((row: ExperimentRecord) => peakOf(row, peaks), [peaks]);
  const [keys, setKeys] = useState<ReadonlySet<string>>(new Set());
  // Only what can be seen is acted upon: a filter unmarks what it hides.
  const marked = useMemo(() => rows.filter((row) => keys.has(String(row.index))), [rows, keys]);
  const columns = useMemo(() => columnsOf({ manifest, experiments, peaks }), [manifest, experiments, peaks]);
  return (
    <Card
      className="experiments"
      title="Experiments"
      head={
        <>
          <span className="spacer" />
          <input
            className="input filter"
            data-filter=""
            type="search"
            aria-label="Filter experiments"
            placeholder="Filter"
            value={filter}
            onChange={(event) => setFilter(event.target.value)}
          />
        </>
      }
    >
      <DataTable
        label={`Experiments of ${batch.title}`}
        columns={columns}
        rows={rows}
        rowKey={(row) => String(row.index)}
        hold={hold}
        selected={selected === null ? null : String(selected)}
        onSelect={(key) => onSelect(Number(key))}
        marked={keys}
        onMark={setKeys}
      />
      {rows.length === 0 ? <p className="table-note">No experiment matches “{filter}”.</p> : null}
      {marked.length > 1 ? (
        <MarkedBar
          batch={batch.id}
          marked={marked}
          all={experiments}
          metric={manifest?.mainMetric ?? null}
          peak={peak}
          onClear={() => setKeys(new Set())}
        />
      ) : null}
    </Card>
  );
}

interface ColumnFacts {
  readonly manifest: Manifest | null;
  readonly experiments: readonly ExperimentRecord[];
  readonly peaks: ReadonlyMap<string, number | null>;
}

function columnsOf({ manifest, experiments, peaks }: ColumnFacts): readonly Column<ExperimentRecord>[] {
  const metric = manifest?.mainMetric ?? null;
  return [
    ...leadingColumns({ manifest, rows: experiments, name: '19%' }),
    {
      id: 'state',
      title: 'State',
      width: '116px',
      cell: (row) => <StateBadge appearance={experimentAppearance(row.state)} />,
      sort: (row) => experimentAppearance(row.state).word,
    },
    {
      id: 'doing',
      title: 'Doing',
      cell: (row) => <span className="quiet">{doingText(row)}</span>,
      hint: doingText,
    },
    {
      id: 'progress',
      title: 'Progress',
      width: '94px',
      cell: (row) => <Progress row={row} />,
      sort: progressFraction,
      hint: (row) =>
        [progressText(row), rateText(row)].filter((text) => text !== null).join(', ') || undefined,
    },
    ...(metric
      ? [
          {
            id: 'metric',
            title: metricTitle(metric),
            width: '128px',
            cell: (row: ExperimentRecord) => <Sparkline experiment={row} metric={metric} />,
            sort: metricValue,
          },
        ]
      : []),
    {
      id: 'rate',
      title: 'Rate',
      width: '104px',
      align: 'right',
      cell: (row) => <span className="quiet">{rateText(row)}</span>,
      sort: (row) => row.live?.rate ?? null,
    },
    {
      id: 'peak',
      title: 'Peak',
      width: '78px',
      align: 'right',
      cell: (row) => peakText(row, peaks),
      sort: (row) => peakOf(row, peaks),
    },
    {
      id: 'time',
      title: 'Time',
      width: '126px',
      align: 'right',
      cell: (row) => timeText(row),
      sort: timeValue,
    },
  ];
}

function Progress({ row }: { row: ExperimentRecord }) {
  const fraction = progressFraction(row);
  if (fraction === null) return null;
  return (
    <ProgressBar
      label={`Progress of ${row.name}`}
      fraction={fraction}
      tone={experimentAppearance(row.state).tone}
    />
  );
}

/** Highest memory of the latest attempt, in MiB; null where none was measured. */
function peakOf(row: ExperimentRecord, peaks: ReadonlyMap<string, number | null>): number | null {
  return row.live?.peakMb ?? peaks.get(`${row.index}/${row.attempt}`) ?? null;
}

function peakText(row: ExperimentRecord, peaks: ReadonlyMap<string, number | null>): string {
  const peak = peakOf(row, peaks);
  return peak === null ? '' : formatMegabytes(peak);
}

function peaksOf(runs: readonly RunRecord[]): ReadonlyMap<string, number | null> {
  return new Map(runs.map((run) => [`${run.index}/${run.attempt}`, run.peakMb]));
}

/** `ratio/mean` as "Ratio mean". */
function metricTitle(metric: string): string {
  const words = metric.replaceAll(/[/_-]/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
