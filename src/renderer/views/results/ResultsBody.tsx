import type { Comparison } from '../../../shared/model/comparison.ts';
import type { PlotKind } from '../../state/route.ts';
import type { Column } from '../../widgets/column.ts';
import { DataTable } from '../../widgets/DataTable.tsx';
import { Card } from '../../widgets/Screen.tsx';
import { Segmented } from '../../widgets/Segmented.tsx';
import { BandsCard } from './BandsCard.tsx';
import { isSeeded } from './groups.ts';
import type { Spread } from './scatter-figure.ts';
import { PairCard } from './PairCard.tsx';
import { ResultsPlot } from './ResultsPlot.tsx';
import { twinOf } from './twin.ts';

interface ResultsBodyProps {
  readonly comparison: Comparison;
  readonly kind: PlotKind;
  readonly spread: Spread;
  readonly onSpread: (spread: Spread) => void;
}

/** The figure with its table, and the two readings beside it. */
export function ResultsBody({ comparison, kind, spread, onSpread }: ResultsBodyProps) {
  const twin = twinOf(kind, comparison);
  const columns = twin.columns.map(
    (column, at): Column<readonly string[]> => ({
      id: `${at}`,
      title: column.title,
      ...(column.width ? { width: column.width } : {}),
      ...(at === 0 ? {} : { align: 'right' as const }),
      cell: (row) => (column.mono ? <span className="mono">{row[at]}</span> : row[at]),
      hint: (row) => row[at],
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
        <Card title="The same as a table" className="twin-card">
          <DataTable
            label="The figure as a table"
            columns={columns}
            rows={twin.rows}
            rowKey={(row) => row.slice(0, 2).join('/')}
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
