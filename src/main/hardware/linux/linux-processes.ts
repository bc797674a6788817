import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ProcessReader, ProcessRow } from '../process-table.ts';
import { kernelText } from './kernel-file.ts';
import { parseFootprint, parseProcStat, ticksPerSecond } from './proc-stat.ts';

export function linuxProcesses(procFolder: string): ProcessReader {
  return {
    rows: async (pids) =>
      (pids?.map(String) ?? readdirSync(procFolder).filter((name) => /^\d+$/.test(name))).flatMap(
        (name) => rowOf(join(procFolder, name)) ?? [],
      ),
    details: async (pids) =>
      new Map(
        pids.map((pid) => {
          const footprintBytes = parseFootprint(kernelText(join(procFolder, String(pid), 'status')));
          return [pid, { footprintBytes, threads: null, gpuPercent: null }];
        }),
      ),
  };
}

function rowOf(folder: string): ProcessRow | null {
  const stat = parseProcStat(kernelText(join(folder, 'stat')));
  // A zombie has no memory and no threads any more; its parent has yet to collect it.
  if (!stat || stat.state === 'Z') return null;
  const { pid, parent, name, threads } = stat;
  return { pid, parent, name, threads, cpuSeconds: stat.cpuTicks / ticksPerSecond };
}
