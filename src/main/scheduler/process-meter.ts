import type { Hardware } from '../hardware/hardware.ts';
import type { Running } from './batch-work.ts';

/** Measures memory and processor use of the live runs' process trees. */
export interface ProcessMeter {
  /** Fills in what was found; a call while one is under way does nothing. */
  measure(all: readonly Running[]): Promise<void>;
}

export function createProcessMeter(hardware: Hardware): ProcessMeter {
  let busy = false;
  return {
    async measure(all) {
      if (busy || all.length === 0) return;
      busy = true;
      try {
        const roots = new Map(all.map((running) => [running, running.live.status?.process?.pid ?? 0]));
        const trees = await hardware.trees([...roots.values()].filter((pid) => pid > 0));
        for (const [running, pid] of roots) take(running, trees.get(pid) ?? []);
      } finally {
        busy = false;
      }
    },
  };
}

function take(
  running: Running,
  processes: readonly { footprintBytes: number | null; cpuPercent: number | null }[],
): void {
  if (processes.length === 0) return;
  const bytes = sumKnown(processes.map((one) => one.footprintBytes));
  running.usedMb = bytes === null ? null : bytes / 2 ** 20;
  running.cpuPercent = sumKnown(processes.map((one) => one.cpuPercent));
  if (running.usedMb !== null) running.peakMb = Math.max(running.peakMb ?? 0, running.usedMb);
}

/** Null when nothing is known, rather than 0. */
function sumKnown(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
}
