import { useEffect, useState } from 'react';
import { useApp } from '../../app-context.ts';

/** What a batch at rest warns of itself: hooks that failed. */
export function BatchWarnings({ batch }: { batch: string }) {
  const { actions } = useApp();
  const [warnings, setWarnings] = useState<readonly string[]>([]);

  useEffect(() => {
    let stopped = false;
    void actions.warningsOf(batch).then((found) => stopped || setWarnings(found));
    return () => {
      stopped = true;
    };
  }, [actions, batch]);

  return warnings.map((sentence) => (
    <p className="sentence-note" data-tone="warning" key={sentence}>
      {sentence}
    </p>
  ));
}
