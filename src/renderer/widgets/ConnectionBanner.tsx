import { useAppState } from '../app-context.ts';
import { useNow } from './use-now.ts';

/** Seconds without a connection before the banner appears: a reload of the core should not flash. */
const GRACE = 0.4;

/** Says that what is on screen is old, and nothing else: runs go on without the window. */
export function ConnectionBanner() {
  const connection = useAppState((state) => state.connection);
  const lost = connection.kind === 'lost';
  const now = useNow(lost, 0.25);
  if (!lost || now - connection.since < GRACE) return null;
  return (
    <div className="banner" role="alert">
      <strong>Not connected.</strong>
      <span className="truncate">{connection.reason} Runs go on; trying again by itself.</span>
    </div>
  );
}
