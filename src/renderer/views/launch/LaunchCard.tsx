import type { ReactNode } from 'react';
import { formatCount, formatMegabytes, formatRoughDuration } from '../../../shared/domain/format.ts';
import type { Plan } from '../../../shared/model/plan.ts';
import type { Loadable } from '../../state/loadable.ts';

/** Something that can be launched as it is: a preset or a suite. */
export interface LaunchCardFacts {
  /** Unique among the cards. */
  readonly id: string;
  readonly title: string;
  readonly summary: ReactNode;
  /** Where it comes from or when it last ran; null = nothing to say. */
  readonly note: string | null;
  /** Null = not asked yet. */
  readonly plan: Loadable<Plan> | null;
  /** Why it cannot be planned; null = it can. */
  readonly problem: string | null;
}

interface LaunchCardProps {
  readonly facts: LaunchCardFacts;
  readonly chosen: boolean;
  readonly onChoose: () => void;
}

/** What it holds, what it costs, what of it is done. */
export function LaunchCard({ facts, chosen, onChoose }: LaunchCardProps) {
  const { id, title, summary, note, plan, problem } = facts;
  return (
    <button
      type="button"
      role="radio"
      className="preset"
      aria-checked={chosen}
      tabIndex={chosen ? 0 : -1}
      data-preset={id}
      onClick={onChoose}
    >
      <span className="preset-title truncate" title={title}>
        {title}
      </span>
      <span className="preset-summary">
        {summary}
        {note === null ? null : <span className="preset-note">{note}</span>}
      </span>
      <span className="preset-cost">
        {problem !== null ? (
          <span className="preset-problem">{problem}</span>
        ) : plan === null || plan.busy ? (
          <span>…</span>
        ) : (
          <Cost plan={plan} />
        )}
      </span>
    </button>
  );
}

function Cost({ plan }: { plan: Loadable<Plan> }) {
  if (plan.value === null) return <span className="preset-problem">{plan.problem}</span>;
  const { totals, limits, experiments } = plan.value;
  if (experiments.length > 0 && totals.skip === experiments.length) {
    return (
      <span className="preset-done" data-tone="succeeded">
        <span className="toned">✓ all {formatCount(experiments.length, 'result')} here</span>
      </span>
    );
  }
  const { measured, run } = costBasis(plan.value);
  return (
    <>
      <span
        title={measured === run ? 'Learned from runs on this machine' : 'Estimated by the workload’s formula'}
      >
        {formatRoughDuration(totals.wallSeconds)}
      </span>
      <span className="preset-memory">{formatMegabytes(limits.largestMb)} a run</span>
      <span className="preset-disk">{formatMegabytes(totals.diskMb)} on disk</span>
      <span>
        {totals.skip > 0
          ? `${totals.skip} of ${experiments.length} done`
          : formatCount(experiments.length, 'run')}
      </span>
    </>
  );
}

/** How many of the experiments to run have a cost that was measured. */
function costBasis(plan: Plan): { measured: number; run: number } {
  const run = plan.experiments.filter(({ action }) => action === 'run');
  return { measured: run.filter(({ estimate }) => estimate.source === 'measured').length, run: run.length };
}
