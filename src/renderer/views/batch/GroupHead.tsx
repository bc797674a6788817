import type { ExperimentField, ExperimentRow } from '../../../shared/domain/experiment-fields.ts';
import { formatFigure, formatNumber, formatUncertain } from '../../../shared/domain/format.ts';
import type { RowGroup } from '../../../shared/domain/row-groups.ts';
import { ProgressBar } from '../../widgets/Meter.tsx';
import { StateMark } from '../../widgets/StateBadge.tsx';
import { groupShare, groupSummary, groupTone, stateCounts } from './row-grouping.ts';

interface GroupHeadProps {
  readonly group: RowGroup<ExperimentRow>;
  /** Metrics that are told as the mean over the group. */
  readonly fields: readonly ExperimentField[];
}

/** What a group has in common, how it stands, and its metrics over all of it: mean ± standard deviation. */
export function GroupHead({ group, fields }: GroupHeadProps) {
  const { title, rows } = group;
  return (
    <>
      <span className="group-title truncate" title={title}>
        {title}
      </span>
      <span className="group-count quiet">{formatNumber(rows.length)}</span>
      <span className="group-states">
        {stateCounts(rows).map(({ appearance, count }) => (
          <span
            key={appearance.word}
            className="state"
            data-tone={appearance.tone}
            title={`${count} ${appearance.word.toLowerCase()}`}
          >
            <StateMark mark={appearance.mark} />
            <span className="toned">{formatNumber(count)}</span>
          </span>
        ))}
      </span>
      <span className="group-progress">
        <ProgressBar label={`Progress of ${title}`} fraction={groupShare(rows)} tone={groupTone(rows)} />
      </span>
      {fields.map((field) => (
        <GroupMetric key={field.name} rows={rows} field={field} />
      ))}
    </>
  );
}

function GroupMetric({ rows, field }: { rows: readonly ExperimentRow[]; field: ExperimentField }) {
  const { count, mean, deviation, min, max, nonFinite } = groupSummary(rows, field);
  if (count === 0) return null;
  const lost = nonFinite > 0 ? `, ${nonFinite} not finite and left out` : '';
  return (
    <span
      className="group-metric"
      title={`${field.title}: mean ± standard deviation of ${count}; least ${formatFigure(min)}, greatest ${formatFigure(max)}${lost}`}
    >
      <span className="quiet">{field.title}</span> {formatUncertain(mean, deviation)}{' '}
      <span className="quiet">(n = {count})</span>
    </span>
  );
}
