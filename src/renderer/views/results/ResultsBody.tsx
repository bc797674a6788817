import { useState } from 'react';
import type { Comparison } from '../../../shared/model/comparison.ts';
import type { PlotKind } from '../../state/route.ts';
import { type Column, type SortOrder, sortedRows } from '../../widgets/column.ts';
import { DataTable } from '../../widgets/DataTable.tsx';
import { Card } from '../../widgets/Screen.tsx';
import { Segmented } from '../../widgets/Segmented.tsx';
import { TableExport } from '../../widgets/TableExport.tsx';
import { sortValue } from '../field-column.tsx';
import { BandsCard } from './BandsCard.tsx';
import { isSeeded } from './groups.ts';
import type { Spread } from './scatter-figure.ts';
import { PairCard } from './PairCard.tsx';
import { ResultsPlot } from './ResultsPlot.tsx';
import { type Twin, twinOf } from './twin.ts';

interface TwinRow {
  readonly texts: Twin['rows'][number];
  readonly values: Twin['values'][number];
}

interface ResultsBodyProps {
  readonly comparison: Comparison;
  readonly kind: PlotKind;
  readonly spread: Spread;
  readonly onSpread: (spread: Spread) => void;
}

/** The figure with its table, and the two readings beside it. */
export function ResultsBody({ comparison, kind, spread, onSpread }: ResultsBodyProps) {
  const twin = twinOf(kind, comparison);
  const [order, setOrder] = useState<SortOrder>(null);
  const rows = twin.rows.map((texts, at): TwinRow => ({ texts, values: twin.values[at] ?? [] }));
  const columns = twin.columns.map(
    (column, at): Column<TwinRow> => ({
      id: `${at}`,
      title: column.title,
      ...(column.width ? { width: column.width } : {}),
      ...(at === 0 ? {} : { align: 'right' as const }),
      cell: ({ texts }) => (column.mono ? <span className="mono">{texts[at]}</span> : texts[at]),
      hint: ({ texts }) => texts[at],
      exact: { name: exportName(twin.columns, at), value: ({ values }) => values[at] },
      sort: ({ values }) => sortValue(values[at]),
    }),
  );
  return (
    <div className="results-columns">
      <div className="results-main">
        <Card
          className="plot-card"
          label="Figure"
          head={
            <>
              <span className="small quiet">{captionOf(kind, spread, isSeeded(comparison))}</span>
              <span className="spacer" />
              {kind === 'scatter' || kind === 'groups' ? (
                <Segmented
                  label="Uncertainty"
                  value={spread}
                  options={[
                    { value: 'stderr', title: 'Mean ± standard error' },
                    { value: 'deviation', title: 'Mean ± deviation' },
                    { value: 'quartiles', title: 'Median and quartiles' },
                  ]}
                  onChange={onSpread}
                />
              ) : null}
            </>
          }
        >
          <ResultsPlot comparison={comparison} kind={kind} spread={spread} />
        </Card>
        <Card
          title="The same as a table"
          className="twin-card"
          head={
            <>
              <span className="spacer" />
              <TableExport
                file={`${comparison.workload}-${kind}`}
                columns={columns}
                rows={() => sortedRows(rows, columns, order)}
              />
            </>
          }
        >
          <DataTable
            label="The figure as a table"
            columns={columns}
            rows={rows}
            rowKey={({ texts }) => texts.slice(0, 2).join('/')}
            sorting={{ order, onOrder: setOrder }}
          />
        </Card>
      </div>
      <div className="results-side">
        <PairCard comparison={comparison} />
        {comparison.bands.length > 0 ? <BandsCard comparison={comparison} /> : null}
      </div>
    </div>
  );
}

function captionOf(kind: PlotKind, spread: Spread, seeded: boolean): string {
  switch (kind) {
    case 'scatter':
    case 'groups':
      if (spread === 'quartiles') return 'Median of all values, with its quartiles; lines only guide the eye';
      return `Mean of all values${seeded ? ' over seeds' : ''}; bars: ${spread === 'stderr' ? 'its standard error' : 'their standard deviation'}; lines only guide the eye`;
    case 'box':
      return 'Median, quartiles, whiskers to 1.5 times their distance, outliers';
    case 'bands':
      return 'Share of values in each band, over all groups';
    case 'families':
      return 'Mean over all values of each family';
    case 'curves':
      return seeded
        ? 'Mean over the seeds of each experiment; band: their standard deviation'
        : 'One thinned learning curve per experiment';
  }
}

/** Two columns of one title are two columns of an export. */
function exportName(columns: Twin['columns'], at: number): string {
  const title = columns[at]?.title ?? '';
  return columns.findIndex((column) => column.title === title) === at ? title : `${title} ${at + 1}`;
}
