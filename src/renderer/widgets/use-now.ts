import { useEffect, useState } from 'react';

/** Unix seconds, renewed about every `seconds` while `ticking`. */
export function useNow(ticking: boolean, seconds = 1): number {
  const [now, setNow] = useState(() => Date.now() / 1_000);
  useEffect(() => {
    if (!ticking) return;
    const timer = setInterval(() => setNow(Date.now() / 1_000), seconds * 1_000);
    return () => clearInterval(timer);
  }, [ticking, seconds]);
  return now;
}
