import type { GpuSample, MachineSample, MemorySample } from '../../shared/model/hardware.ts';

type Pick2 = (a: number, b: number) => number;

const pressures = ['normal', 'warning', 'critical'] as const;
const thermals = ['nominal', 'fair', 'serious', 'critical'] as const;

/**
 * Two samples that stand for many: one of the lowest and one of the highest value of every single figure, at
 * the time of the first and the last. So no peak of any figure is lost, at the price that the figures of one
 * such sample are not of one moment. One sample stands for itself; none gives none.
 */
export function envelope(samples: readonly MachineSample[]): MachineSample[] {
  const [first] = samples;
  const last = samples.at(-1);
  if (!first || !last) return [];
  if (samples.length === 1) return [first];
  const low = samples.reduce((one, other) => combine(one, other, Math.min));
  const high = samples.reduce((one, other) => combine(one, other, Math.max));
  return [
    { ...low, t: first.t },
    { ...high, t: last.t },
  ];
}

function combine(a: MachineSample, b: MachineSample, pick: Pick2): MachineSample {
  return {
    t: b.t,
    cpuPercent: figure(a.cpuPercent, b.cpuPercent, pick),
    perCore:
      a.perCore.length === b.perCore.length
        ? a.perCore.map((value, i) => pick(value, b.perCore[i] ?? value))
        : b.perCore,
    loadAverage: figure(a.loadAverage, b.loadAverage, pick),
    memory: memory(a.memory, b.memory, pick),
    gpu: gpu(a.gpu, b.gpu, pick),
    disk:
      a.disk && b.disk
        ? { freeBytes: pick(a.disk.freeBytes, b.disk.freeBytes), totalBytes: b.disk.totalBytes }
        : (a.disk ?? b.disk),
    thermal: level(thermals, { a: a.thermal, b: b.thermal, pick }),
    sources: b.sources,
  };
}

function memory(a: MemorySample, b: MemorySample, pick: Pick2): MemorySample {
  return {
    totalBytes: b.totalBytes,
    usedBytes: figure(a.usedBytes, b.usedBytes, pick),
    availableBytes: figure(a.availableBytes, b.availableBytes, pick),
    appBytes: figure(a.appBytes, b.appBytes, pick),
    wiredBytes: figure(a.wiredBytes, b.wiredBytes, pick),
    compressedBytes: figure(a.compressedBytes, b.compressedBytes, pick),
    cachedBytes: figure(a.cachedBytes, b.cachedBytes, pick),
    swapUsedBytes: figure(a.swapUsedBytes, b.swapUsedBytes, pick),
    swapTotalBytes: figure(a.swapTotalBytes, b.swapTotalBytes, pick),
    pressure: level(pressures, { a: a.pressure, b: b.pressure, pick }),
  };
}

function gpu(a: GpuSample | null, b: GpuSample | null, pick: Pick2): GpuSample | null {
  if (!a || !b) return a ?? b;
  return {
    percent: figure(a.percent, b.percent, pick),
    allocatedBytes: figure(a.allocatedBytes, b.allocatedBytes, pick),
    activeBytes: figure(a.activeBytes, b.activeBytes, pick),
  };
}

/** Unknown gives way to known. */
function figure(a: number | null, b: number | null, pick: Pick2): number | null {
  return a === null || b === null ? (a ?? b) : pick(a, b);
}

function level<T extends string>(
  order: readonly T[],
  { a, b, pick }: { a: T | null; b: T | null; pick: Pick2 },
): T | null {
  if (a === null || b === null) return a ?? b;
  return order[pick(order.indexOf(a), order.indexOf(b))] ?? b;
}
