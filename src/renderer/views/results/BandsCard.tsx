import { formatNumber, formatPercent } from '../../../shared/domain/format.ts';
import type { Comparison } from '../../../shared/model/comparison.ts';
import { Card } from '../../widgets/Screen.tsx';

/** How many of all values are how good. */
export function BandsCard({ comparison }: { comparison: Comparison }) {
  return (
    <Card title={`Bands of ${comparison.spec.valueTitle}`}>
      <ul className="card-body bands">
        {comparison.bands.map((band, at) => (
          <li key={band.label} title={`${formatNumber(band.count)} values`}>
            <span className="nowrap">{band.label}</span>
            <span className="bar">
              <span className={`band-${at + 1}`} style={{ width: `${band.share * 100}%` }} />
            </span>
            <span className="band-share">
              {formatPercent(band.share, band.share > 0 && band.share < 0.1 ? 1 : 0)}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
