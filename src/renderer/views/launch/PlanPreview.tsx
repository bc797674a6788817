import { useMemo, useState } from 'react';
import { planFacts } from '../../../shared/domain/plan-fields.ts';
import {
  formatCount,
  formatDuration,
  formatMegabytes,
  formatNumber,
  formatRoughDuration,
} from '../../../shared/domain/format.ts';
import type { Plan, PlannedExperiment } from '../../../shared/model/plan.ts';
import type { Manifest } from '../../../shared/model/workload.ts';
import type { Loadable } from '../../state/loadable.ts';
import { useAppState } from '../../app-context.ts';
import { type Column, type SortOrder, sortedRows } from '../../widgets/column.ts';
import { DataTable } from '../../widgets/DataTable.tsx';
import { FilterField } from '../../widgets/FilterField.tsx';
import { Card, Figure } from '../../widgets/Screen.tsx';
import { StateMark } from '../../widgets/StateBadge.tsx';
import { TableExport } from '../../widgets/TableExport.tsx';
import { useFilter } from '../use-filter.ts';
import { CommandPreview } from './CommandPreview.tsx';
import { NothingTrains } from './NothingTrains.tsx';
import { PlanMarkedBar } from './PlanMarkedBar.tsx';
import { leadingColumns } from '../experiment-columns.tsx';

interface PlanPreviewProps {
  readonly plan: Loadable<Plan>;
  readonly manifest: Manifest;
  /** The form has problems, so the plan shown is the one before them. */
  readonly blocked: boolean;
}

/** What would happen, worked out by the core while the form changes. */
export function PlanPreview({ plan, manifest, blocked }: PlanPreviewProps) {
  const pythonMissing = useAppState((state) => state.pythonMissing);
  return (
    <Card className="plan" label="Plan">
      {pythonMissing ? (
        <NothingTrains />
      ) : plan.problem && !blocked ? (
        <p className="sentence-error plan-problem" role="alert">
          {plan.problem}
        </p>
      ) : null}
      {plan.value ? (
        <PlanBody
          plan={plan.value}
          manifest={manifest}
          stale={plan.busy || blocked || plan.problem !== null}
        />
      ) : null}
      {plan.value === null && plan.problem === null ? (
        <p className="table-note">Working out the plan…</p>
      ) : null}
    </Card>
  );
}

function PlanBody({ plan, manifest, stale }: { plan: Plan; manifest: Manifest; stale: boolean }) {
  const { totals, limits } = plan;
  const [chosen, setChosen] = useState<string | null>(null);
  const facts = useMemo(() => planFacts(plan.experiments), [plan]);
  const filter = useFilter(plan.experiments, facts);
  const columns = useMemo(() => columnsOf(manifest, plan), [manifest, plan]);
  const [order, setOrder] = useState<SortOrder>(null);
  const [keys, setKeys] = useState<ReadonlySet<string>>(new Set());
  // Only what can be seen is started: a filter unmarks what it hides.
  const marked = filter.rows.filter(({ identity }) =>
    keys.size > 0 ? keys.has(identity) : identity === chosen,
  );
  const opened = plan.experiments.find(({ identity }) => identity === chosen);
  const measured = plan.experiments.filter(
    (experiment) => experiment.action === 'run' && experiment.estimate.source === 'measured',
  ).length;
  return (
    <div className="plan-body" data-stale={stale || undefined} aria-busy={stale}>
      <div className="figures">
        <Figure
          value={formatNumber(totals.run)}
          label={totals.run === 1 ? 'experiment to run' : 'experiments to run'}
        />
        {totals.skip > 0 ? <Figure value={formatNumber(totals.skip)} label="already done" /> : null}
        {totals.postpone > 0 ? <Figure value={formatNumber(totals.postpone)} label="postponed" /> : null}
        <Figure
          value={
            totals.run === 0
              ? '0\u2009s'
              : formatRoughDuration(totals.wallSeconds).replace('about ', '≈\u2009')
          }
          label={`estimated${measured > 0 && measured === totals.run ? ', from runs on this machine' : ''}`}
        />
        <Figure
          value={formatNumber(plan.workers)}
          label={`${plan.workers === 1 ? 'worker' : 'workers'} on ${plan.device}`}
        />
      </div>
      <div className="plan-words">
        <p>{limits.sentence}</p>
        <p className="quiet">
          Work: {formatRoughDuration(totals.workSeconds)}; at most {formatMegabytes(limits.largestMb)} a run
          of {formatMegabytes(limits.budgetMb)} that may be used; {formatMegabytes(totals.diskMb)} on disk.
        </p>
        <Notes notes={[`${plan.device}: ${plan.deviceReason}`, ...plan.notes]} />
      </div>
      <div className="plan-tools">
        <span className="spacer" />
        <TableExport
          file={`plan-${plan.request.workload}`}
          columns={columns}
          rows={() => sortedRows(filter.rows, columns, order)}
        />
        <FilterField
          label="Filter the plan"
          value={filter.text}
          onChange={filter.change}
          problem={filter.problem}
          names={facts.fields}
        />
      </div>
      <DataTable
        label="Plan"
        className="plan-table"
        columns={columns}
        rows={filter.rows}
        sorting={{ order, onOrder: setOrder }}
        rowKey={(row) => row.identity}
        selected={chosen}
        onSelect={(key) => setChosen(key === chosen ? null : key)}
        marked={keys}
        onMark={setKeys}
      />
      {marked.length > 0 && !stale ? (
        <PlanMarkedBar
          marked={marked}
          onClear={() => {
            setKeys(new Set());
            setChosen(null);
          }}
        />
      ) : null}
      {opened && keys.size < 2 && !stale ? <CommandPreview key={opened.index} index={opened.index} /> : null}
      <p className="table-note">
        In the order they would start. {formatCount(plan.experiments.length, 'experiment')}. Choose one to see
        its command, or several with Shift to start only these.
      </p>
    </div>
  );
}

/** Worth knowing once, so it stays behind a quiet line until somebody asks. */
function Notes({ notes }: { notes: readonly string[] }) {
  return (
    <details className="notes">
      <summary className="quiet">{formatCount(notes.length, 'note')} on this plan</summary>
      {notes.map((note) => (
        <p key={note} className="quiet">
          {note}
        </p>
      ))}
    </details>
  );
}

function columnsOf(manifest: Manifest, plan: Plan): readonly Column<PlannedExperiment>[] {
  return [
    ...leadingColumns({ manifest, rows: plan.experiments, name: '30%', of: (row) => row }),
    {
      id: 'time',
      exact: {
        name: 'duration',
        value: (row) => (row.action === 'run' ? row.estimate.seconds : null),
      },
      title: 'Time',
      width: '116px',
      align: 'right',
      cell: (row) =>
        row.action === 'run'
          ? `${row.estimate.source === 'measured' ? '' : '≈\u2009'}${formatDuration(row.estimate.seconds)}`
          : '',
      hint: (row) =>
        row.estimate.source === 'measured'
          ? 'Measured on this machine'
          : 'Estimated by the workload’s formula',
      sort: (row) => (row.action === 'run' ? row.estimate.seconds : null),
    },
    {
      id: 'memory',
      exact: { name: 'memory', value: (row) => (row.action === 'run' ? row.estimate.memoryMb : null) },
      title: 'Memory',
      width: '84px',
      align: 'right',
      cell: (row) => (row.action === 'run' ? formatMegabytes(row.estimate.memoryMb) : ''),
      sort: (row) => (row.action === 'run' ? row.estimate.memoryMb : null),
    },
    {
      id: 'action',
      title: 'What happens',
      exact: { name: 'action', value: (row) => row.action },
      cell: (row) => <Action row={row} />,
      hint: (row) => row.reason,
    },
  ];
}

function Action({ row }: { row: PlannedExperiment }) {
  const tone = row.action === 'run' ? 'running' : 'waiting';
  const mark = row.action === 'run' ? 'dot' : row.action === 'skip' ? 'dash' : 'half';
  const word = row.action === 'run' ? 'Run' : row.action === 'skip' ? 'Skip' : 'Postpone';
  return (
    <span className="state plan-action" data-tone={tone}>
      <StateMark mark={mark} />
      <span className="toned">{word}</span>
      <span className="quiet truncate">{row.reason}</span>
    </span>
  );
}
