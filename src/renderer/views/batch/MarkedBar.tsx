import { useState } from 'react';
import { formatCount, formatNumber } from '../../../shared/domain/format.ts';
import type { ExperimentRecord } from '../../../shared/model/run.ts';
import { useApp } from '../../app-context.ts';
import { Button } from '../../widgets/Button.tsx';
import { type BulkChoices, bulkChoices } from './bulk.ts';
import { DifferencesSheet } from './DifferencesSheet.tsx';
import { POSTPONED } from './RunActions.tsx';

interface MarkedBarProps {
  readonly batch: string;
  readonly marked: readonly ExperimentRecord[];
  readonly all: readonly ExperimentRecord[];
  readonly metric: string | null;
  readonly peak: (row: ExperimentRecord) => number | null;
  readonly onClear: () => void;
}

/** What can be done with several experiments at once: only what is possible, each with to how many. */
export function MarkedBar({ batch, marked, all, metric, peak, onClear }: MarkedBarProps) {
  const { actions } = useApp();
  const [asking, setAsking] = useState<'postpone' | 'cancel' | null>(null);
  const [compared, setCompared] = useState(false);
  const choices = bulkChoices(marked, all);
  const rest = (): void => setAsking(null);
  return (
    <div className="marked-bar" role="group" aria-label="Marked experiments">
      <span className="small nowrap" role="status">
        {formatNumber(marked.length)} marked
      </span>
      {asking === 'postpone' && choices.postpone.length > 0 ? (
        <PostponeForm
          count={choices.postpone.length}
          onDone={(reason) => {
            rest();
            if (reason !== null) void actions.postpone(batch, choices.postpone, reason);
          }}
        />
      ) : asking === 'cancel' && choices.cancel.length > 0 ? (
        <>
          <span className="small truncate">{cancelQuestion(choices)}</span>
          <Button
            small
            kind="danger"
            onClick={() => {
              rest();
              void actions.cancelExperiments(batch, choices.cancel);
            }}
          >
            {`Cancel ${formatNumber(choices.cancel.length)}`}
          </Button>
          <Button small onClick={rest}>
            Keep as it is
          </Button>
        </>
      ) : (
        <>
          <Button small kind="primary" onClick={() => setCompared(true)}>
            Differences
          </Button>
          <Choice word="Retry" of={choices.retry} run={(of) => void actions.retryBatch(batch, of)} />
          <Choice word="Run again" of={choices.again} run={(of) => void actions.runAgain(batch, of)} />
          <Choice
            word="Move to front"
            of={choices.front}
            run={(of) => void actions.reorder(batch, of, choices.before)}
          />
          <Choice word="Release" of={choices.release} run={(of) => void actions.release(batch, of)} />
          <Choice word="Postpone" more of={choices.postpone} run={() => setAsking('postpone')} />
          <Choice word="Cancel" more of={choices.cancel} run={() => setAsking('cancel')} />
        </>
      )}
      <span className="spacer" />
      <Button small kind="ghost" onClick={onClear}>
        Mark none
      </Button>
      {compared ? (
        <DifferencesSheet rows={marked} metric={metric} peak={peak} onClose={() => setCompared(false)} />
      ) : null}
    </div>
  );
}

interface ChoiceProps {
  readonly word: string;
  readonly of: readonly number[];
  /** Something is asked before it happens. */
  readonly more?: boolean;
  readonly run: (of: readonly number[]) => void;
}

function Choice({ word, of, more, run }: ChoiceProps) {
  if (of.length === 0) return null;
  return (
    <Button small onClick={() => run(of)}>
      {`${word} ${formatNumber(of.length)}${more ? '…' : ''}`}
    </Button>
  );
}

function cancelQuestion({ cancel, ending }: BulkChoices): string {
  const waiting = cancel.length - ending;
  const parts = [
    ...(ending > 0
      ? [
          `${formatCount(ending, 'run')} now, with the work since ${ending === 1 ? 'its' : 'their'} checkpoint`,
        ]
      : []),
    ...(waiting > 0 ? [`${formatNumber(waiting)} before ${waiting === 1 ? 'it starts' : 'they start'}`] : []),
  ];
  return `Ends ${parts.join(', and ')}.`;
}

/** Null = changed one's mind. */
function PostponeForm({ count, onDone }: { count: number; onDone: (reason: string | null) => void }) {
  const [reason, setReason] = useState('');
  return (
    <form
      className="marked-reason"
      onSubmit={(event) => {
        event.preventDefault();
        onDone(reason.trim() === '' ? POSTPONED : reason.trim());
      }}
      onKeyDown={(event) => event.key === 'Escape' && onDone(null)}
    >
      <input
        className="input"
        aria-label="Why they are postponed"
        placeholder="Why, if you like"
        autoFocus
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      <button type="submit" className="button" data-small="">
        {`Postpone ${formatNumber(count)}`}
      </button>
      <Button small onClick={() => onDone(null)}>
        Keep as it is
      </Button>
    </form>
  );
}
