import type { MemorySample } from '../../../shared/model/hardware.ts';

/** Bytes by label from `/proc/meminfo`; lines without kB (counts of huge pages) are left out. */
export function parseMeminfo(text: string): Map<string, number> {
  const found = new Map<string, number>();
  for (const match of text.matchAll(/^([A-Za-z][\w()]*):\s+(\d+) kB$/gm)) {
    if (match[1]) found.set(match[1], Number(match[2]) * 1024);
  }
  return found;
}

/** The memory of the machine outside of containers; null when the text gives no total. */
export function meminfoFigures(values: ReadonlyMap<string, number>): Omit<MemorySample, 'pressure'> | null {
  const total = values.get('MemTotal');
  if (total === undefined) return null;
  const of = (label: string): number | null => values.get(label) ?? null;
  const available = of('MemAvailable');
  const cached = sum(of('Cached'), of('Buffers'), of('SReclaimable'));
  const swapTotal = of('SwapTotal');
  const swapFree = of('SwapFree');
  return {
    totalBytes: total,
    usedBytes: available === null ? null : total - available,
    availableBytes: available,
    appBytes: of('AnonPages'),
    wiredBytes: sum(of('SUnreclaim'), of('KernelStack'), of('PageTables')),
    // Only zswap compresses on Linux; without the line there is nothing to know.
    compressedBytes: of('Zswap'),
    cachedBytes: cached,
    swapTotalBytes: swapTotal,
    swapUsedBytes: swapTotal === null || swapFree === null ? null : swapTotal - swapFree,
  };
}

function sum(...values: (number | null)[]): number | null {
  return values.every((value) => value !== null)
    ? values.reduce<number>((all, value) => all + value, 0)
    : null;
}
