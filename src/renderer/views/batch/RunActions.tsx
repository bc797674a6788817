import type { ExperimentRecord } from '../../../shared/model/run.ts';
import { useApp } from '../../app-context.ts';
import type { DetailMirror } from '../../state/batches.ts';
import { Button } from '../../widgets/Button.tsx';
import { placeInQueue } from './place-in-queue.ts';

/** Why an experiment is postponed when nobody gives a reason. */
export const POSTPONED = 'postponed by hand';

interface RunActionsProps {
  readonly experiment: ExperimentRecord;
  readonly detail: DetailMirror;
}

/** The few things that can be done with a single experiment: what its state allows, and a copy of it. */
export function RunActions({ experiment, detail }: RunActionsProps) {
  const { actions, store } = useApp();

  function clone(): void {
    const batch = store.getState().batches?.[experiment.batch];
    if (batch) void actions.cloneExperiment(batch, experiment);
  }

  return (
    <>
      <StateActions experiment={experiment} detail={detail} />
      <Button
        small
        label="Clone and edit this one"
        title="Clone and edit this one: opens Launch with its parameters only"
        onClick={clone}
      >
        Clone…
      </Button>
    </>
  );
}

function StateActions({ experiment, detail }: RunActionsProps) {
  const { actions } = useApp();
  const { batch, index } = experiment;
  switch (experiment.state.kind) {
    case 'queued':
    case 'waiting': {
      const { place, first, afterNext, beforeLast } = placeInQueue(detail.experiments, index);
      return (
        <>
          <span className="quiet small nowrap">
            {place.at + 1} of {place.of} in the queue
          </span>
          <div className="button-group" role="group" aria-label="Place in the queue">
            <Button
              small
              label="Start next"
              disabled={first === null}
              onClick={() => void actions.reorder(batch, [index], first)}
            >
              ⤒
            </Button>
            <Button
              small
              label="One earlier"
              disabled={beforeLast === null}
              onClick={() => void actions.reorder(batch, [index], beforeLast)}
            >
              ↑
            </Button>
            <Button
              small
              label="One later"
              disabled={place.at + 1 >= place.of}
              onClick={() => void actions.reorder(batch, [index], afterNext)}
            >
              ↓
            </Button>
          </div>
          <Button small onClick={() => void actions.postpone(batch, [index], POSTPONED)}>
            Postpone
          </Button>
          <Button small kind="danger" onClick={() => void actions.cancelExperiments(batch, [index])}>
            Cancel
          </Button>
        </>
      );
    }
    case 'postponed':
      return (
        <Button small onClick={() => void actions.release(batch, [index])}>
          Release
        </Button>
      );
    case 'starting':
    case 'running':
    case 'paused':
      return (
        <Button small kind="danger" onClick={() => void actions.cancelExperiments(batch, [index])}>
          End this run
        </Button>
      );
    case 'failed':
    case 'timed-out':
    case 'cancelled':
    case 'interrupted':
    case 'partial':
      return (
        <Button small onClick={() => void actions.retryBatch(batch, [index])}>
          Retry
        </Button>
      );
    case 'succeeded':
    case 'skipped':
      return (
        <Button
          small
          title="A new attempt from the beginning; the result that there is stays"
          onClick={() => void actions.runAgain(batch, [index])}
        >
          Run again
        </Button>
      );
  }
}
