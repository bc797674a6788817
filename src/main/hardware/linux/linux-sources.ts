import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunProgram } from '../../platform/process-runner.ts';
import { outputOf, type Source, understood } from '../source.ts';
import { readCgroupMemory, withinLimit } from './cgroup.ts';
import { kernelText } from './kernel-file.ts';
import { meminfoFigures, parseMeminfo } from './meminfo.ts';
import { nvidiaArguments, nvidiaSample, parseNvidiaSmi } from './nvidia-smi.ts';
import { parseStall, pressureOf } from './pressure.ts';

export interface LinuxFolders {
  /** Normally `/proc` and `/sys/fs/cgroup`. */
  readonly procFolder: string;
  readonly cgroupFolder: string;
}

export function linuxSources(options: LinuxFolders & { run: RunProgram; nvidia: boolean }): Source[] {
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
  const gpu: Source = {
    name: 'gpu',
    every: 2,
    timeout: 5,
    read: async () => {
      const text = outputOf(await options.run('nvidia-smi', nvidiaArguments, { timeout: 5 }));
      return { gpu: understood(nvidiaSample(parseNvidiaSmi(text))) };
    },
  };
  return options.nvidia ? [memory, gpu] : [memory];
}
