import { cpus, loadavg } from 'node:os';
import { kernelText } from './linux/kernel-file.ts';
import { parseCoreTimes } from './linux/proc-stat.ts';
import type { Reading, Source } from './source.ts';

/** Cumulative milliseconds of the cores, in the order of the kernel. */
export type CoreTimes = readonly { readonly busy: number; readonly total: number }[];

export function readCoreTimes(): CoreTimes {
  // The call of Node reads clock frequencies besides, one slow file for each core.
  const found = process.platform === 'linux' ? parseCoreTimes(kernelText('/proc/stat')) : [];
  if (found.length > 0) return found;
  return cpus().map(({ times }) => {
    const busy = times.user + times.nice + times.sys + times.irq;
    return { busy, total: busy + times.idle };
  });
}

/**
 * Load between two readings, in per cent: per core, and their mean. Nothing when no time has passed or the
 * number of cores changed; a counter that went back (seen in virtual machines) counts as idle.
 */
export function loadBetween(before: CoreTimes, after: CoreTimes): Pick<Reading, 'cpuPercent' | 'perCore'> {
  if (before.length !== after.length || after.length === 0) return {};
  const perCore: number[] = [];
  for (const [index, now] of after.entries()) {
    const earlier = before[index];
    const total = now.total - (earlier?.total ?? now.total);
    if (!earlier || total <= 0) return {};
    perCore.push(Math.min(100, Math.max(0, ((now.busy - earlier.busy) / total) * 100)));
  }
  return { perCore, cpuPercent: perCore.reduce((sum, value) => sum + value, 0) / perCore.length };
}

/** The kernel counts in steps of 10 ms; over less than this a load would be mostly rounding. */
const LEAST_MILLISECONDS = 200;

/** Until some time has passed since the start there is no load: there is nothing to compare with. */
export function cpuSource(times: () => CoreTimes = readCoreTimes): Source {
  let before: CoreTimes = times();
  let load: Pick<Reading, 'cpuPercent' | 'perCore'> = {};
  return {
    name: 'cpu',
    every: 0.5,
    timeout: 1,
    read: async () => {
      const after = times();
      const passed = (after[0]?.total ?? 0) - (before[0]?.total ?? 0);
      if (passed < 0 || passed >= LEAST_MILLISECONDS || after.length !== before.length) {
        load = loadBetween(before, after);
        before = after;
      }
      return { ...load, loadAverage: loadavg()[0] ?? null };
    },
  };
}
