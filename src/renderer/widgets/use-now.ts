import { useCallback, useSyncExternalStore } from 'react';

/** Unix seconds to a quarter, as they are when the component is drawn; drawn again every `seconds` while `ticking`. */
export function useNow(ticking: boolean, seconds = 1): number {
  const subscribe = useCallback(
    (tick: () => void) => {
      if (!ticking) return () => {};
      const timer = setInterval(tick, seconds * 1_000);
      return () => clearInterval(timer);
    },
    [ticking, seconds],
  );
  return useSyncExternalStore(subscribe, quarterSeconds);
}

function quarterSeconds(): number {
  return Math.floor(Date.now() / 250) / 4;
}
