import { useEffect, useRef } from 'react';
import { useApp, useAppState } from '../../app-context.ts';
import { Button } from '../../widgets/Button.tsx';

/** In the place of a plan while no Python of this machine can train: why, and the one way to mend it. */
export function NothingTrains() {
  const { actions } = useApp();
  const report = useAppState((state) => state.setup.value);
  const revision = useAppState((state) => state.setupRevision);
  const first = useRef<number | null>(null);

  useEffect(() => actions.followSetup(), [actions]);
  useEffect(() => {
    // Another window may have mended it.
    if (first.current !== null && first.current !== revision) actions.refreshPlan();
    first.current = revision;
  }, [actions, revision]);

  return (
    <div className="nothing-trains" role="alert">
      <div>
        <h2>Nothing can train on this machine yet</h2>
        <p>{report?.sentence ?? 'No Python with torch, numpy and scipy was found.'}</p>
      </div>
      <Button kind="primary" onClick={() => actions.go({ screen: 'setup' })}>
        Open Setup
      </Button>
    </div>
  );
}
