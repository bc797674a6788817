import { formatCount, formatNumber } from '../../../shared/domain/format.ts';
import type { PlannedExperiment } from '../../../shared/model/plan.ts';
import { useApp, useAppState } from '../../app-context.ts';
import { Button } from '../../widgets/Button.tsx';

interface PlanMarkedBarProps {
  readonly marked: readonly PlannedExperiment[];
  readonly onClear: () => void;
}

/** Starts some experiments of the plan and leaves the others. */
export function PlanMarkedBar({ marked, onClear }: PlanMarkedBarProps) {
  const { actions } = useApp();
  const starting = useAppState((state) => state.starting);
  const ready = marked.filter(({ action }) => action === 'run').length;
  const rest = marked.length - ready;
  return (
    <div className="marked-bar" role="group" aria-label="Marked experiments">
      <span className="small nowrap" role="status">
        {formatNumber(marked.length)} marked
      </span>
      <Button
        small
        kind="primary"
        disabled={starting || ready === 0}
        onClick={() => void actions.startBatch(marked.map(({ index }) => index))}
      >
        {marked.length === 1 ? 'Start only this one' : `Start only these ${formatNumber(marked.length)}`}
      </Button>
      {rest > 0 ? (
        <span className="quiet small truncate">
          {ready === 0
            ? 'Done or postponed: there is nothing to start.'
            : `${formatCount(rest, 'experiment')} of these ${rest === 1 ? 'is' : 'are'} not run again`}
        </span>
      ) : null}
      <span className="spacer" />
      <Button small kind="ghost" onClick={onClear}>
        Mark none
      </Button>
    </div>
  );
}
