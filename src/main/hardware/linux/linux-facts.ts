import { arch, availableParallelism, cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import type { HardwareFacts } from '../../../shared/model/hardware.ts';
import { readCgroupMemory } from './cgroup.ts';
import { parseCpuinfo, parseOsRelease } from './cpuinfo.ts';
import type { LinuxFolders } from './linux-sources.ts';
import { kernelText } from './kernel-file.ts';
import { parseMeminfo } from './meminfo.ts';

/** What this Linux machine, or the container on it, is, but for its GPU. Whatever cannot be read is null or the kernel's word. */
export function readLinuxFacts(options: LinuxFolders): HardwareFacts {
  const cpuinfo = kernelText(join(options.procFolder, 'cpuinfo'));
  const osRelease = kernelText('/etc/os-release');
  const product = kernelText('/sys/class/dmi/id/product_name');
  const meminfo = kernelText(join(options.procFolder, 'meminfo'));
  const group = readCgroupMemory(options);
  const installedCores = cpus().length;
  // Affinity and a container's quota count here; the samples below still cover every core of the machine.
  const cores = Math.min(installedCores, availableParallelism());
  const installed = parseMeminfo(meminfo).get('MemTotal') ?? totalmem();
  const limit = group?.limitBytes ?? null;
  const limited = limit !== null && limit < installed;
  return {
    platform: 'linux',
    osVersion: parseOsRelease(osRelease) ?? `Linux ${release()}`,
    model: product.trim() || null,
    chip: parseCpuinfo(cpuinfo) ?? 'unknown processor',
    architecture: arch(),
    memoryBytes: limited ? limit : installed,
    cores,
    coreLevels: [
      {
        name: 'CPU',
        count: installedCores,
        cpus: Array.from({ length: installedCores }, (_, index) => index),
      },
    ],
    gpu: null,
    translated: false,
    notes: [
      ...(limited
        ? [
            `Memory is limited to ${gib(limit)} GiB for this container; the machine has ${gib(installed)} GiB.`,
          ]
        : []),
      ...(cores < installedCores
        ? [`Only ${cores} of the machine's ${installedCores} cores may be used here.`]
        : []),
    ],
  };
}

function gib(bytes: number): string {
  return (bytes / 1024 ** 3).toFixed(1);
}
