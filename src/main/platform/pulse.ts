/** One timer for all that look again and again, so that many wake the processor no more often than one. */
export interface Pulse {
  /** Calls back at every beat from now on. Returns how to leave; without anybody the timer stops. */
  join(beat: () => void): () => void;
}

/** `period` in milliseconds. */
export function createPulse(period: number): Pulse {
  const members = new Set<() => void>();
  let timer: NodeJS.Timeout | null = null;

  function beatAll(): void {
    // Whoever leaves meanwhile is not called any more.
    for (const beat of [...members]) if (members.has(beat)) beat();
  }

  return {
    join(beat) {
      const member = (): void => beat();
      members.add(member);
      timer ??= setInterval(beatAll, period);
      return () => {
        members.delete(member);
        if (members.size > 0 || timer === null) return;
        clearInterval(timer);
        timer = null;
      };
    },
  };
}
