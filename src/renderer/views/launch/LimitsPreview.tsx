import { formatMegabytes, formatNumber } from '../../../shared/domain/format.ts';
import type { Plan, WorkerLimits } from '../../../shared/model/plan.ts';
import { useAppState } from '../../app-context.ts';

type Limit = WorkerLimits['binding'];

/** Where the worker count comes from: every limit as a count of workers, the one that decides marked. */
export function LimitsPreview() {
  const plan = useAppState((state) => state.plan);
  if (plan.value === null || plan.value.totals.run === 0) return null;
  const { workers, limits, request, totals } = plan.value;
  const rows: readonly (readonly [Limit, string, number | null, string])[] = [
    ['memory', 'Memory', limits.memory, memoryWords(limits)],
    ['cores', 'Cores', limits.cores, `${formatNumber(request.threads)} a run`],
    ['slots', 'Device slots', limits.slots, `on ${plan.value.device}`],
    ['cap', 'Stability cap', limits.cap, ''],
    ['asked', 'Asked for', limits.asked, ''],
    ['work', 'Experiments', totals.run, 'to run'],
  ];
  return (
    <dl className="limits" aria-label="Limits of the worker count" data-stale={plan.busy || undefined}>
      {rows.map(([limit, title, count, words]) =>
        count === null ? null : (
          <div key={limit} data-binding={limit === limits.binding || undefined}>
            <dt>
              {title} <span className="quiet">{words}</span>
            </dt>
            <dd>
              {limit === limits.binding ? <span className="limit-word">binds</span> : null}
              {formatNumber(count)}
            </dd>
          </div>
        ),
      )}
      <div className="limits-sum">
        <dt>Workers</dt>
        <dd>{togetherText(plan.value, workers)}</dd>
      </div>
    </dl>
  );
}

function memoryWords(limits: WorkerLimits): string {
  return `${formatMegabytes(limits.largestMb)} a run of ${formatMegabytes(limits.budgetMb)}`;
}

/** "3, together 879 MB and 3 threads". */
function togetherText(plan: Plan, workers: number): string {
  const threads = workers * plan.request.threads;
  const memory = formatMegabytes(workers * plan.limits.largestMb);
  return `${formatNumber(workers)}, together at most ${memory} and ${formatNumber(threads)} ${threads === 1 ? 'thread' : 'threads'}`;
}
