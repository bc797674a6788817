import type { MemorySample } from '../../../shared/model/hardware.ts';

export interface VmStat {
  readonly pageSize: number;
  /** Pages by label, for example `Pages free`. */
  readonly pages: ReadonlyMap<string, number>;
}

/**
 * Reads `vm_stat` by its labels: widths and the set of lines differ between systems.
 * Null when the first line does not give the page size, without which no line means anything.
 */
export function parseVmStat(text: string): VmStat | null {
  const pageSize = /page size of (\d+) bytes/.exec(text)?.[1];
  if (!pageSize) return null;
  const pages = new Map<string, number>();
  for (const line of text.split('\n')) {
    // A line cut off in the middle lacks the full stop and may lack digits, so it does not count.
    const match = /^"?([A-Za-z][A-Za-z -]*[a-z])"?:\s+(\d+)\.\s*$/.exec(line);
    if (match?.[1] && match[2]) pages.set(match[1], Number(match[2]));
  }
  return { pageSize: Number(pageSize), pages };
}

/**
 * Activity Monitor's figures in bytes. `used` is total − free − file-backed and is larger than the sum of app,
 * wired and compressed, there as here. A figure whose lines are missing is null.
 */
export function memoryFigures(
  stat: VmStat,
  totalBytes: number,
): Pick<
  MemorySample,
  'usedBytes' | 'availableBytes' | 'appBytes' | 'wiredBytes' | 'compressedBytes' | 'cachedBytes'
> {
  const bytes = (label: string): number | null => {
    const pages = stat.pages.get(label);
    return pages === undefined ? null : pages * stat.pageSize;
  };
  const free = bytes('Pages free');
  const fileBacked = bytes('File-backed pages');
  const purgeable = bytes('Pages purgeable');
  const anonymous = bytes('Anonymous pages');
  const available = free === null || fileBacked === null ? null : free + fileBacked;
  return {
    usedBytes: available === null ? null : Math.max(0, totalBytes - available),
    availableBytes: available,
    appBytes: anonymous === null || purgeable === null ? null : Math.max(0, anonymous - purgeable),
    wiredBytes: bytes('Pages wired down'),
    // "Pages stored in compressor" would be the amount before compression.
    compressedBytes: bytes('Pages occupied by compressor'),
    cachedBytes: fileBacked === null || purgeable === null ? null : fileBacked + purgeable,
  };
}
