import { useState } from 'react';
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
import type { Column } from '../../widgets/column.ts';
import { DataTable } from '../../widgets/DataTable.tsx';
import { LanesPicture } from '../../widgets/LanesPicture.tsx';
import { ProgressBar } from '../../widgets/Meter.tsx';
import { Card, EmptyState, Screen } from '../../widgets/Screen.tsx';
import { StateBadge } from '../../widgets/StateBadge.tsx';
import { batchAppearance } from '../../widgets/tone.ts';

/** Every batch of the workspace, newest first. */
export function BatchesScreen() {
  const { actions } = useApp();
  const batches = useAppState((state) => state.batches);
  const workspace = useAppState((state) => state.info?.workspaceShown ?? null);
  const [selected, setSelected] = useState<string | null>(null);
  const [filter, setFilter] = useState('');
  const all = sortedBatches(batches ?? {});
  const rows = all.filter((batch) =>
    `${batch.title} ${batch.id} ${batchAppearance(batch).word}`
      .toLowerCase()
      .includes(filter.trim().toLowerCase()),
  );
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
              <input
                className="input filter"
                data-filter=""
                type="search"
                aria-label="Filter batches"
                placeholder="Filter"
                value={filter}
                onChange={(event) => setFilter(event.target.value)}
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
          />
          {rows.length === 0 && all.length > 0 ? (
            <p className="table-note">No batch matches “{filter}”.</p>
          ) : null}
        </Card>
      )}
    </Screen>
  );
}

const columns: readonly Column<BatchRecord>[] = [
  {
    id: 'title',
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
    title: 'State',
    width: '190px',
    cell: (row) => <StateBadge appearance={batchAppearance(row)} />,
    sort: (row) => batchAppearance(row).word,
  },
  {
    id: 'progress',
    title: 'Progress',
    width: '150px',
    cell: (row) => <Progress row={row} />,
    sort: (row) => row.progress.fraction,
  },
  {
    id: 'counts',
    title: 'Experiments',
    cell: (row) => <span className="quiet">{countsText(row)}</span>,
    hint: countsText,
  },
  {
    id: 'started',
    title: 'Started',
    width: '150px',
    align: 'right',
    cell: (row) => formatMoment(row.createdAt),
    sort: (row) => row.createdAt,
  },
  {
    id: 'wall',
    title: 'Wall time',
    width: '104px',
    align: 'right',
    cell: (row) => (row.progress.wallSeconds > 0 ? formatDuration(row.progress.wallSeconds) : ''),
    sort: (row) => (row.progress.wallSeconds > 0 ? row.progress.wallSeconds : null),
  },
  {
    id: 'speedup',
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
