import type { Phase } from '../model/experiment.ts';
import { phasesAhead } from './phases.ts';

/** Time that something takes, and how uncertain that is; in seconds. */
export interface Work {
  readonly seconds: number;
  readonly spread: number;
}

export interface PhasedWork extends Work {
  readonly phase: string;
}

export interface PhasedBatch {
  /** What lives, with the time that is left. */
  readonly running: readonly PhasedWork[];
  /** In the order of the start. */
  readonly queued: readonly PhasedWork[];
  readonly workers: number;
  readonly phases: readonly Phase[];
}

/** Until the last run ends, when each free worker takes the next run whose phase may begin. */
export function scheduleInPhases({ running, queued, workers, phases }: PhasedBatch): Work {
  const waiting = Map.groupBy(queued, ({ phase }) => phase);
  const left = (phase: string): PhasedWork[] => waiting.get(phase) ?? [];
  // Times of their ends.
  const live: PhasedWork[] = [...running];
  const isOpen = (phase: string): boolean =>
    left(phase).length > 0 || live.some((run) => run.phase === phase);
  const ready = (): string[] => {
    const ahead = phasesAhead(phases, isOpen);
    return [...waiting.keys()].filter((phase) => left(phase).length > 0 && !ahead.get(phase)?.length);
  };
  for (const own of waiting.values()) own.reverse();
  let startable = ready();
  let now: Work = { seconds: 0, spread: 0 };
  for (;;) {
    const phase = startable.find((name) => left(name).length > 0);
    const next = phase !== undefined && live.length < Math.max(1, workers) ? left(phase).pop() : undefined;
    if (next !== undefined) {
      live.push({
        phase: next.phase,
        seconds: now.seconds + next.seconds,
        spread: Math.hypot(now.spread, next.spread),
      });
      continue;
    }
    const [first] = live;
    if (first === undefined) return now;
    const ended = live.reduce((earliest, run) => (run.seconds < earliest.seconds ? run : earliest), first);
    live.splice(live.indexOf(ended), 1);
    now = { seconds: ended.seconds, spread: ended.spread };
    if (!isOpen(ended.phase)) startable = ready();
  }
}
