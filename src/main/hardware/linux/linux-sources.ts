import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Source, understood } from '../source.ts';
import { readCgroupMemory, withinLimit } from './cgroup.ts';
import { kernelText } from './kernel-file.ts';
import { meminfoFigures, parseMeminfo } from './meminfo.ts';
import { parseStall, pressureOf } from './pressure.ts';

export interface LinuxFolders {
  /** Normally `/proc` and `/sys/fs/cgroup`. */
  readonly procFolder: string;
  readonly cgroupFolder: string;
}

export function linuxSources(options: LinuxFolders): Source[] {
  const memory: Source = {
    name: 'memory',
    every: 0.5,
    timeout: 2,
    read: async () => {
      const text = readFileSync(join(options.procFolder, 'meminfo'), 'utf8');
      const host = understood(meminfoFigures(parseMeminfo(text)));
      const figures = withinLimit(host, readCgroupMemory(options));
      // Kernels without PSI lack the file; the room that is left then decides alone.
      const stall = kernelText(join(options.procFolder, 'pressure', 'memory'));
      return { memory: { ...figures, pressure: pressureOf(parseStall(stall), figures) } };
    },
  };
  return [memory];
}
