import { useEffect, useRef, useState } from 'react';

/** A value that changes at most once in `milliseconds`: what is read must not run away under the reader. */
export function useSteady<T>(value: T, milliseconds: number): T {
  const [shown, setShown] = useState(value);
  const since = useRef(0);
  useEffect(() => {
    if (Object.is(value, shown)) return;
    const wait = Math.max(0, since.current + milliseconds - performance.now());
    const timer = setTimeout(() => {
      since.current = performance.now();
      setShown(value);
    }, wait);
    return () => clearTimeout(timer);
  }, [value, shown, milliseconds]);
  return shown;
}
