import { useCallback, useMemo, useState } from 'react';
import {
  experimentFacts,
  type ExperimentField,
  type ExperimentRow,
  peakOf,
} from '../../../shared/domain/experiment-fields.ts';
import { formatNumber } from '../../../shared/domain/format.ts';
import type { RowGroup } from '../../../shared/domain/row-groups.ts';
import type { BatchRecord } from '../../../shared/model/batch.ts';
import type { ExperimentRecord, RunRecord } from '../../../shared/model/run.ts';
import type { Manifest } from '../../../shared/model/workload.ts';
import { arrangedColumns } from '../../state/table-layout.ts';
import { type SortOrder, sortedRows } from '../../widgets/column.ts';
import { ColumnMenu } from '../../widgets/ColumnMenu.tsx';
import { DataTable } from '../../widgets/DataTable.tsx';
import { FilterField } from '../../widgets/FilterField.tsx';
import { Card } from '../../widgets/Screen.tsx';
import { rowsInOrder } from '../../widgets/table-lines.ts';
import { TableExport } from '../../widgets/TableExport.tsx';
import { useMedia } from '../../widgets/use-media.ts';
import { useFilter } from '../use-filter.ts';
import { useTableLayout } from '../use-table-layout.ts';
import { batchColumns, ownColumns } from './batch-columns.tsx';
import { GroupHead } from './GroupHead.tsx';
import { GroupSelect } from './GroupSelect.tsx';
import { MarkedBar } from './MarkedBar.tsx';
import { groupChoices } from './row-grouping.ts';
import { orderedExperiments } from './run-order.ts';
import { useExperimentRows } from './use-experiment-rows.ts';
import { useHeldOrder } from './use-held-order.ts';

/** Metrics that the head of a group has room for. */
const GROUP_METRICS = 3;

interface ExperimentTableProps {
  readonly batch: BatchRecord;
  readonly experiments: readonly ExperimentRecord[];
  readonly runs: readonly RunRecord[];
  readonly manifest: Manifest | null;
  readonly selected: number | null;
  readonly onSelect: (index: number) => void;
}

/** A row an experiment. `/` filters, arrows move. */
export function ExperimentTable(props: ExperimentTableProps) {
  const { batch, experiments, manifest, selected, onSelect } = props;
  const { rows: all, first, fields, main } = useExperimentRows(props);
  const facts = useMemo(() => experimentFacts(fields), [fields]);
  const filter = useFilter(all, facts);
  const sorted = useMemo(() => inBatchOrder(filter.rows), [filter.rows]);
  const { rows, hold } = useHeldOrder(sorted, indexOf);
  // Other columns only where there are other names: rows that have changed are drawn, and no more.
  const columns = useMemo(
    () => batchColumns({ manifest, rows: first, fields, main }),
    [manifest, first, fields, main],
  );
  const own = useMemo(() => ownColumns(columns), [columns]);
  const { layout, placed, move, groupBy } = useTableLayout(`experiments/${batch.workload}`, own);
  const without = useNoRoom();
  const shown = useMemo(
    () =>
      arrangedColumns(columns, placed).filter(({ id }) => layout.columns !== null || !without.includes(id)),
    [columns, placed, layout, without],
  );
  const [order, setOrder] = useState<SortOrder>(null);
  const choices = useMemo(() => groupChoices(fields, first), [fields, first]);
  const group = choices.find(({ id }) => id === layout.group) ?? null;
  const told = useMemo(() => groupFields(fields, shown, main?.name ?? null), [fields, shown, main]);
  const head = useCallback((one: RowGroup<ExperimentRow>) => <GroupHead group={one} fields={told} />, [told]);
  const [keys, setKeys] = useState<ReadonlySet<string>>(new Set());
  // Only what is in the table is acted upon: a filter unmarks what it hides.
  const marked = useMemo(() => rows.filter((row) => keys.has(rowKey(row))), [rows, keys]);
  return (
    <Card
      className="experiments"
      title="Experiments"
      head={
        <>
          {filter.text.trim() === '' ? null : (
            <span className="small quiet" role="status">
              {formatNumber(rows.length)} of {formatNumber(all.length)}
            </span>
          )}
          <span className="spacer" />
          <GroupSelect choices={choices} value={group?.id ?? null} onChange={groupBy} />
          <ColumnMenu offered={columns} shown={placed} changed={layout.columns !== null} onMove={move} />
          <TableExport
            file={`${batch.id}-experiments`}
            columns={shown}
            rows={() => rowsInOrder(sortedRows(rows, shown, order), group?.keyOf ?? null)}
          />
          <FilterField
            label="Filter experiments"
            value={filter.text}
            onChange={filter.change}
            problem={filter.problem}
            names={fields}
          />
        </>
      }
    >
      <DataTable
        // Other groups are another table: it begins at its top, with nothing folded.
        key={group?.id ?? ''}
        label={`Experiments of ${batch.title}`}
        columns={shown}
        rows={rows}
        rowKey={rowKey}
        hold={hold}
        selected={selected === null ? null : String(selected)}
        onSelect={(key) => onSelect(Number(key))}
        marked={keys}
        onMark={setKeys}
        sorting={{ order, onOrder: setOrder }}
        grouping={group === null ? null : { keyOf: group.keyOf, head }}
        scrolls={layout.columns !== null}
      />
      {rows.length === 0 ? <p className="table-note">No experiment matches “{filter.text}”.</p> : null}
      {marked.length > 1 ? (
        <MarkedBar
          batch={batch.id}
          marked={marked.map(({ experiment }) => experiment)}
          all={experiments}
          metric={main?.name ?? null}
          peak={({ index }) => peakOf(marked.find((row) => indexOf(row) === index) ?? NOBODY)}
          onClear={() => setKeys(new Set())}
        />
      ) : null}
    </Card>
  );
}

const NOBODY = { experiment: { live: null }, run: null };

function rowKey({ experiment }: ExperimentRow): string {
  return String(experiment.index);
}

function indexOf({ experiment }: ExperimentRow): number {
  return experiment.index;
}

const NARROW: readonly string[] = ['rate', 'fact', 'peak'];
const USUAL: readonly string[] = ['rate'];
const WIDE: readonly string[] = [];

/** Columns that the table by itself has no room for: the run panel tells the rate, and the details tell the rest. */
function useNoRoom(): readonly string[] {
  const usual = useMedia('(max-width: 1560px)');
  const narrow = useMedia('(max-width: 1180px)');
  return narrow ? NARROW : usual ? USUAL : WIDE;
}

function inBatchOrder(rows: readonly ExperimentRow[]): readonly ExperimentRow[] {
  const byIndex = new Map(rows.map((row) => [row.experiment.index, row]));
  return orderedExperiments(rows.map(({ experiment }) => experiment)).flatMap(
    ({ index }) => byIndex.get(index) ?? [],
  );
}

/** The metrics that are told of groups: those that the table shows, else the main one. */
function groupFields(
  fields: readonly ExperimentField[],
  shown: readonly { readonly id: string }[],
  main: string | null,
): readonly ExperimentField[] {
  const metrics = new Map<string, ExperimentField>();
  for (const field of fields) if (field.part === 'metric') metrics.set(`field/${field.name}`, field);
  const ids = new Set(shown.map(({ id }) => (id === 'metric' ? `field/${main}` : id)));
  const own = [...ids].flatMap((id) => metrics.get(id) ?? []);
  if (own.length > 0) return own.slice(0, GROUP_METRICS);
  const last = metrics.get(`field/${main}`);
  return last === undefined ? [] : [last];
}
