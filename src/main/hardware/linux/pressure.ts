import type { MemorySample } from '../../../shared/model/hardware.ts';

/** Per cent of the last 10 s in which some or all tasks waited for memory (`/proc/pressure/memory`). */
export interface Stall {
  readonly some: number;
  readonly full: number;
}

export function parseStall(text: string): Stall | null {
  const of = (kind: string): number | null => {
    const value = new RegExp(`^${kind} avg10=(\\d+\\.\\d+)\\b`, 'm').exec(text)?.[1];
    return value === undefined ? null : Number(value);
  };
  const some = of('some');
  const full = of('full');
  return some === null || full === null ? null : { some, full };
}

/**
 * Thresholds. Stall: warning from 10 % of the time with some task waiting, critical from 10 % with all of
 * them waiting. Room: warning below 6 % of the memory available, critical below 3 %, because without swap a
 * machine is out of memory before anything has to wait.
 */
export const pressureThresholds = {
  someWarning: 10,
  fullCritical: 10,
  roomWarning: 0.06,
  roomCritical: 0.03,
} as const;

/** The worse of both signs; null when neither is known. */
export function pressureOf(
  stall: Stall | null,
  memory: Pick<MemorySample, 'totalBytes' | 'availableBytes'> | null,
): MemorySample['pressure'] {
  const room =
    memory && memory.availableBytes !== null && memory.totalBytes > 0
      ? memory.availableBytes / memory.totalBytes
      : null;
  if (stall === null && room === null) return null;
  const limits = pressureThresholds;
  if ((stall && stall.full >= limits.fullCritical) || (room !== null && room < limits.roomCritical))
    return 'critical';
  if ((stall && stall.some >= limits.someWarning) || (room !== null && room < limits.roomWarning))
    return 'warning';
  return 'normal';
}
