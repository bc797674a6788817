import { useMemo, useState } from 'react';
import {
  formatCount,
  formatDuration,
  formatMoment,
  formatPercent,
  formatTimes,
} from '../../../shared/domain/format.ts';
import type { BatchRecord } from '../../../shared/model/batch.ts';
import { useApp, useAppState } from '../../app-context.ts';
import { batchRoute } from '../../state/route.ts';
import { isLive, sortedBatches } from '../../state/selectors.ts';
import { Button } from '../../widgets/Button.tsx';
import { type Column, type SortOrder, sortedRows } from '../../widgets/column.ts';
import { DataTable } from '../../widgets/DataTable.tsx';
import { FilterField } from '../../widgets/FilterField.tsx';
import { LanesPicture } from '../../widgets/LanesPicture.tsx';
import { ProgressBar } from '../../widgets/Meter.tsx';
import { Card, EmptyState, Screen } from '../../widgets/Screen.tsx';
import { StateBadge } from '../../widgets/StateBadge.tsx';
import { TableExport } from '../../widgets/TableExport.tsx';
import { batchAppearance } from '../../widgets/tone.ts';
import { useFilter } from '../use-filter.ts';
import { BATCH_FACTS, batchExact } from './batch-facts.ts';

/** Every batch of the workspace, newest first. */
export function BatchesScreen() {
  const { actions } = useApp();
  const batches = useAppState((state) => state.batches);
  const workspace = useAppState((state) => state.info?.workspaceShown ?? null);
  const [selected, setSelected] = useState<string | null>(null);
  const [order, setOrder] = useState<SortOrder>(null);
  const all = useMemo(() => sortedBatches(batches ?? {}), [batches]);
  const filter = useFilter(all, BATCH_FACTS);
  const { rows } = filter;
  const live = all.filter(isLive).length;
  const facts =
    batches === null
      ? 'Reading the workspace…'
      : `${formatCount(all.length, 'batch', 'batches')}${live > 0 ? `, ${live} running` : ''}${workspace ? ` in ${workspace}` : ''}`;

  return (
    <Screen title="Batches" facts={facts}>
      {batches !== null && all.length === 0 ? (
        <EmptyState
          title="No batch yet"
          sentence="A batch is a plan that was started. Here you will see every one of them: what ran, on how many workers, and what came out."
          picture={<LanesPicture />}
        >
          <Button
            kind="primary"
            onClick={() => actions.go({ screen: 'launch', workload: null, preset: null })}
          >
            Choose a preset
          </Button>
        </EmptyState>
      ) : (
        <Card
          className="batches"
          title="All batches"
          head={
            <>
              <span className="spacer" />
              <TableExport file="batches" columns={columns} rows={() => sortedRows(rows, columns, order)} />
              <FilterField
                label="Filter batches"
                value={filter.text}
                onChange={filter.change}
                problem={filter.problem}
                names={BATCH_FACTS.fields}
              />
            </>
          }
        >
          <DataTable
            label="Batches"
            columns={columns}
            rows={rows}
            rowKey={(row) => row.id}
            selected={selected}
            onSelect={setSelected}
            onOpen={(id) => actions.go(batchRoute(id))}
            sorting={{ order, onOrder: setOrder }}
          />
          {rows.length === 0 && all.length > 0 ? (
            <p className="table-note">No batch matches “{filter.text}”.</p>
          ) : null}
        </Card>
      )}
    </Screen>
  );
}

const columns: readonly Column<BatchRecord>[] = [
  {
    id: 'title',
    exact: batchExact('title'),
    title: 'Batch',
    width: '22%',
    cell: (row) => (
      <a className="row-link" href={`#/batch/${encodeURIComponent(row.id)}`} tabIndex={-1}>
        {row.title}
      </a>
    ),
    hint: (row) => row.id,
    sort: (row) => row.title,
  },
  {
    id: 'state',
    exact: batchExact('state'),
    title: 'State',
    width: '190px',
    cell: (row) => <StateBadge appearance={batchAppearance(row)} />,
    sort: (row) => batchAppearance(row).word,
  },
  {
    id: 'progress',
    exact: batchExact('progress'),
    title: 'Progress',
    width: '150px',
    cell: (row) => <Progress row={row} />,
    sort: (row) => row.progress.fraction,
  },
  {
    id: 'counts',
    exact: batchExact('experiments'),
    title: 'Experiments',
    cell: (row) => <span className="quiet">{countsText(row)}</span>,
    hint: countsText,
  },
  {
    id: 'started',
    exact: batchExact('started'),
    title: 'Started',
    width: '150px',
    align: 'right',
    cell: (row) => formatMoment(row.createdAt),
    sort: (row) => row.createdAt,
  },
  {
    id: 'wall',
    exact: batchExact('wall'),
    title: 'Wall time',
    width: '104px',
    align: 'right',
    cell: (row) => (row.progress.wallSeconds > 0 ? formatDuration(row.progress.wallSeconds) : ''),
    sort: (row) => (row.progress.wallSeconds > 0 ? row.progress.wallSeconds : null),
  },
  {
    id: 'speedup',
    exact: batchExact('speedup'),
    title: 'Speed-up',
    width: '86px',
    align: 'right',
    cell: (row) => (row.progress.speedup === null ? '' : formatTimes(row.progress.speedup)),
    sort: (row) => row.progress.speedup,
  },
];

function Progress({ row }: { row: BatchRecord }) {
  return (
    <span className="progress-cell">
      <ProgressBar
        label={`Progress of ${row.title}`}
        fraction={row.progress.fraction}
        tone={batchAppearance(row).tone}
      />
      <span>{formatPercent(row.progress.fraction)}</span>
    </span>
  );
}

function countsText(row: BatchRecord): string {
  const { counts } = row;
  const parts: readonly (readonly [number, string])[] = [
    [counts.live, 'running'],
    [counts.queued, 'queued'],
    [counts.succeeded, 'succeeded'],
    [counts.failed, 'failed'],
    [counts.stopped, 'stopped'],
    [counts.skipped, 'done before'],
    [counts.postponed, 'postponed'],
  ];
  return parts
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}`)
    .join(', ');
}
