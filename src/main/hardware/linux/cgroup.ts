import { join } from 'node:path';
import type { MemorySample } from '../../../shared/model/hardware.ts';
import { kernelText } from './kernel-file.ts';

/** Memory of a control group in bytes; `limitBytes` null = no limit of its own. */
export interface CgroupMemory {
  readonly limitBytes: number | null;
  readonly usedBytes: number | null;
  readonly inactiveFileBytes: number | null;
}

/** Where the memory controller of a process lies, from `/proc/<pid>/cgroup`. */
export function parseCgroup(text: string): { version: 1 | 2; path: string } | null {
  const v1 = /^\d+:(?:[^:\n]*,)?memory(?:,[^:\n]*)?:(\/.*)$/m.exec(text)?.[1];
  if (v1) return { version: 1, path: v1 };
  const v2 = /^0::(\/.*)$/m.exec(text)?.[1];
  return v2 ? { version: 2, path: v2 } : null;
}

/** `max` (v2) and the huge number near 2^63 (v1) both mean that there is no limit. */
export function parseLimit(text: string): number | null {
  const value = /^\d+$/.test(text.trim()) ? Number(text.trim()) : null;
  return value === null || value >= 2 ** 60 ? null : value;
}

/** From `memory.stat`: file pages that the kernel gives back when asked; v1 counts the whole tree as `total_`. */
export function parseInactiveFile(text: string): number | null {
  const found = /^total_inactive_file (\d+)$/m.exec(text)?.[1] ?? /^inactive_file (\d+)$/m.exec(text)?.[1];
  return found === undefined ? null : Number(found);
}

/**
 * The tightest limit on the way from this process's group up to the root. Inside a container the path often
 * names a group that is mounted as the root, so the root is looked at as well.
 * Null when there is no memory controller.
 */
export function readCgroupMemory(options: { procFolder: string; cgroupFolder: string }): CgroupMemory | null {
  const where = parseCgroup(kernelText(join(options.procFolder, 'self', 'cgroup')));
  if (!where) return null;
  const root = where.version === 1 ? join(options.cgroupFolder, 'memory') : options.cgroupFolder;
  const names =
    where.version === 1
      ? { limit: 'memory.limit_in_bytes', used: 'memory.usage_in_bytes' }
      : { limit: 'memory.max', used: 'memory.current' };
  let tightest: { folder: string; limitBytes: number } | null = null;
  for (const folder of foldersUp(root, where.path)) {
    // A level without the controller has no limit.
    const limitBytes = parseLimit(kernelText(join(folder, names.limit)));
    if (limitBytes !== null && (!tightest || limitBytes < tightest.limitBytes))
      tightest = { folder, limitBytes };
  }
  if (!tightest) return { limitBytes: null, usedBytes: null, inactiveFileBytes: null };
  return {
    limitBytes: tightest.limitBytes,
    usedBytes: parseLimit(kernelText(join(tightest.folder, names.used))),
    inactiveFileBytes: parseInactiveFile(kernelText(join(tightest.folder, 'memory.stat'))),
  };
}

/** The container's limit is the machine's memory: figures of the host are narrowed to the group's. */
export function withinLimit<T extends Omit<MemorySample, 'pressure'>>(
  host: T,
  group: CgroupMemory | null,
): T {
  if (!group || group.limitBytes === null || group.limitBytes >= host.totalBytes) return host;
  const used =
    group.usedBytes === null ? null : Math.max(0, group.usedBytes - (group.inactiveFileBytes ?? 0));
  const room = used === null ? null : Math.max(0, group.limitBytes - used);
  return {
    ...host,
    totalBytes: group.limitBytes,
    usedBytes: used,
    // The host may have less left than the group may still take.
    availableBytes:
      room === null || host.availableBytes === null ? room : Math.min(room, host.availableBytes),
    // The host's parts say nothing about the group.
    appBytes: null,
    wiredBytes: null,
    cachedBytes: group.inactiveFileBytes,
  };
}

function foldersUp(root: string, path: string): string[] {
  const parts = path.split('/').filter((part) => part !== '' && part !== '..');
  return parts.map((_, index) => join(root, ...parts.slice(0, parts.length - index))).concat(root);
}
