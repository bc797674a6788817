import type { BatchRecord } from '../../../shared/model/batch.ts';
import { useApp, useAppState } from '../../app-context.ts';
import { canPause, canResume, canStop, isLive, retryCount } from '../../state/selectors.ts';
import { CommandButton } from '../../widgets/Button.tsx';
import { Stepper } from '../../widgets/Stepper.tsx';

/** The few actions that fit the batch's state; all others are in the palette. */
export function BatchActionsBar({ batch }: { batch: BatchRecord }) {
  const { actions } = useApp();
  const connected = useAppState((state) => state.connection.kind === 'open');
  const failed = retryCount(batch);
  return (
    <>
      {isLive(batch) ? (
        <Stepper
          label="Workers"
          value={batch.workers}
          min={1}
          max={64}
          disabled={!connected || !canStop(batch)}
          onChange={(workers) => void actions.setWorkers(batch.id, workers)}
        />
      ) : null}
      {canPause(batch) ? <CommandButton id="batch.pause" /> : null}
      {canStop(batch) ? <CommandButton id="batch.stop" /> : null}
      {isLive(batch) ? null : <CommandButton id="batch.again" />}
      {!isLive(batch) && batch.counts.succeeded > 0 ? (
        <CommandButton id="batch.compare" {...(failed === 0 ? { kind: 'primary' as const } : {})}>
          Compare results
        </CommandButton>
      ) : null}
      {failed > 0 ? <CommandButton id="batch.retry" kind="primary" /> : null}
      {canResume(batch) ? <CommandButton id="batch.resume" kind="primary" /> : null}
    </>
  );
}
