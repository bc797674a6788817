import {
  type ExperimentField,
  type ExperimentRow,
  metricsOf,
  peakOf,
  shareDone,
} from '../../../shared/domain/experiment-fields.ts';
import { wordsOf } from '../../../shared/domain/field.ts';
import { formatMegabytes } from '../../../shared/domain/format.ts';
import { bestStep, betterOf, type MainMetric, readMetric } from '../../../shared/domain/metric-summary.ts';
import type { Manifest } from '../../../shared/model/workload.ts';
import type { PlacedColumn } from '../../state/table-layout.ts';
import type { Column } from '../../widgets/column.ts';
import type { OfferedColumn } from '../../widgets/ColumnMenu.tsx';
import { ProgressBar } from '../../widgets/Meter.tsx';
import { StateBadge } from '../../widgets/StateBadge.tsx';
import { experimentAppearance } from '../../widgets/tone.ts';
import { leadingColumns } from '../experiment-columns.tsx';
import { fieldColumn, sortValue } from '../field-column.tsx';
import { doingText, metricText, progressText, rateText, timeText, timeValue } from './doing.ts';
import { Sparkline } from './Sparkline.tsx';

export interface BatchColumn extends Column<ExperimentRow>, OfferedColumn {}

interface ColumnFacts {
  readonly manifest: Manifest | null;
  /** What decides which columns there are; how many rows there are, and not what they say now. */
  readonly rows: readonly ExperimentRow[];
  readonly fields: readonly ExperimentField[];
  readonly main: MainMetric | null;
}

/** Every column that the experiments of a batch can have: those that are shown by themselves come first. */
export function batchColumns(facts: ColumnFacts): readonly BatchColumn[] {
  const standard = standardColumns(facts);
  const told = new Set(standard.map(({ exact }) => exact?.name));
  return [
    ...standard.map((column) => ({ ...column, section: USUAL })),
    ...facts.fields
      // The number and the name have columns of their own; a curve and its last value do not.
      .filter(({ name, part }) => part === 'metric' || !told.has(name))
      .map((field) => ({ ...metricHint(fieldColumn(field), field, facts.main), section: sectionOf(field) }))
      .toSorted((a, b) => SECTIONS.indexOf(a.section) - SECTIONS.indexOf(b.section)),
  ];
}

/** What the table shows before anybody has arranged it. Number and name stay where there is more than fits. */
export function ownColumns(columns: readonly BatchColumn[]): readonly PlacedColumn[] {
  return columns
    .filter(({ section }) => section === USUAL)
    .map(({ id }) => ({ id, pinned: id === 'index' || id === 'name' }));
}

const USUAL = 'Usual';
const DIFFERENT = 'Parameters that differ';
const COMMON = 'Parameters that all have in common';

/** What the runs were tried for comes first. */
const SECTIONS: readonly string[] = [USUAL, DIFFERENT, 'Metrics', 'Results', 'Run', 'Facts', COMMON];

function sectionOf({ part, differs }: ExperimentField): string {
  switch (part) {
    case 'parameter':
      return differs ? DIFFERENT : COMMON;
    case 'run':
      return 'Run';
    case 'metric':
      return 'Metrics';
    case 'fact':
      return 'Facts';
    case 'result':
      return 'Results';
  }
}

/** A best value says when it was reached: a run may have got worse since. */
function metricHint(
  column: Column<ExperimentRow>,
  { metric }: ExperimentField,
  main: MainMetric | null,
): Column<ExperimentRow> {
  const better = metric?.reading === 'best' ? betterOf(metric.name, main) : null;
  if (metric === undefined || better === null) return column;
  return {
    ...column,
    hint: (row) => {
      const summary = metricsOf(row)[metric.name];
      const step = summary === undefined ? null : bestStep(summary, better);
      return step === null ? undefined : `${String(column.exact?.value(row))} at step ${step}`;
    },
  };
}

function standardColumns({ manifest, rows, main }: ColumnFacts): readonly Column<ExperimentRow>[] {
  return [
    ...leadingColumns({ manifest, rows, name: '19%', of: ({ experiment }) => experiment }),
    {
      id: 'state',
      title: 'State',
      width: '116px',
      cell: ({ experiment }) => <StateBadge appearance={experimentAppearance(experiment.state)} />,
      exact: { name: 'state', value: ({ experiment }) => experiment.state.kind },
      sort: ({ experiment }) => experimentAppearance(experiment.state).word,
    },
    {
      id: 'doing',
      title: 'Doing',
      room: 210,
      cell: ({ experiment }) => <span className="quiet">{doingText(experiment)}</span>,
      exact: { name: 'doing', value: ({ experiment }) => doingText(experiment) },
      hint: ({ experiment }) => doingText(experiment),
    },
    {
      id: 'progress',
      title: 'Progress',
      width: '94px',
      cell: (row) => <Progress row={row} />,
      exact: { name: 'progress', value: shareDone },
      sort: shareDone,
      hint: ({ experiment }) =>
        [progressText(experiment), rateText(experiment)].filter((text) => text !== null).join(', ') ||
        undefined,
    },
    ...(main
      ? [
          {
            id: 'metric',
            title: wordsOf(main.name),
            width: '128px',
            cell: ({ experiment }: ExperimentRow) => <Sparkline experiment={experiment} metric={main.name} />,
            hint: (row: ExperimentRow) => rangeText(row, main),
            exact: { name: main.name, value: (row: ExperimentRow) => lastOf(row, main.name) },
            sort: (row: ExperimentRow) => sortValue(lastOf(row, main.name)),
          },
        ]
      : []),
    {
      id: 'rate',
      title: 'Rate',
      width: '104px',
      align: 'right',
      cell: ({ experiment }) => <span className="quiet">{rateText(experiment)}</span>,
      exact: { name: 'rate', value: ({ experiment }) => experiment.live?.rate },
      sort: ({ experiment }) => experiment.live?.rate ?? null,
    },
    {
      id: 'peak',
      title: 'Peak',
      width: '78px',
      align: 'right',
      cell: peakText,
      exact: { name: 'peak', value: peakOf },
      sort: peakOf,
    },
    {
      id: 'time',
      title: 'Time',
      width: '126px',
      align: 'right',
      cell: ({ experiment }) => timeText(experiment),
      exact: {
        name: 'duration',
        value: ({ experiment }) => ('seconds' in experiment.state ? experiment.state.seconds : null),
      },
      sort: ({ experiment }) => timeValue(experiment),
    },
  ];
}

function lastOf(row: ExperimentRow, metric: string): ReturnType<typeof readMetric> {
  return readMetric(metricsOf(row)[metric], 'last', null) ?? row.experiment.live?.metric ?? null;
}

/** "Best 0.97 at step 300, least 0.4, greatest 0.97": what the curve says in figures. */
function rangeText(row: ExperimentRow, main: MainMetric): string | undefined {
  const summary = metricsOf(row)[main.name];
  if (summary === undefined) return undefined;
  const { min, max } = summary;
  const best = readMetric(summary, 'best', main.better);
  const step = main.better === null ? null : bestStep(summary, main.better);
  return [
    ...(best === null || step === null ? [] : [`best ${metricText(best)} at step ${step}`]),
    `least ${metricText(min)}`,
    `greatest ${metricText(max)}`,
    `last ${metricText(summary.last)}`,
  ].join(', ');
}

function Progress({ row }: { row: ExperimentRow }) {
  const fraction = shareDone(row);
  if (fraction === null) return null;
  return (
    <ProgressBar
      label={`Progress of ${row.experiment.name}`}
      fraction={fraction}
      tone={experimentAppearance(row.experiment.state).tone}
    />
  );
}

function peakText(row: ExperimentRow): string {
  const peak = peakOf(row);
  return peak === null ? '' : formatMegabytes(peak);
}
