import { useMemo } from 'react';
import { formatNumber } from '../../../shared/domain/format.ts';
import type { ExperimentRecord } from '../../../shared/model/run.ts';
import { ProgressBar } from '../../widgets/Meter.tsx';
import { phaseGroups } from './phase-groups.ts';

/** Progress of each queue and phase, for batches that have several. */
export function PhaseStrip({ experiments }: { experiments: readonly ExperimentRecord[] }) {
  const groups = useMemo(() => phaseGroups(experiments), [experiments]);
  if (groups.length < 2) return null;
  return (
    <ul className="phase-strip" aria-label="Queues and phases">
      {groups.map((group) => (
        <li key={group.title} data-tone={group.failed > 0 ? 'failed' : undefined}>
          <span className="phase-title truncate" title={group.title}>
            {group.title}
          </span>
          <ProgressBar
            label={`Progress of ${group.title}`}
            fraction={group.total === 0 ? 0 : group.done / group.total}
            tone={group.done === group.total ? 'succeeded' : group.live > 0 ? 'running' : 'waiting'}
          />
          <span className="quiet tiny nowrap">
            {formatNumber(group.done)} of {formatNumber(group.total)}
            {group.live > 0 ? `, ${group.live} running` : ''}
            {group.failed > 0 ? `, ${group.failed} failed` : ''}
          </span>
        </li>
      ))}
    </ul>
  );
}
