import { formatBytes, formatPercent } from '../../../shared/domain/format.ts';
import type { MachineSample } from '../../../shared/model/hardware.ts';
import type { GraphOptions } from '../../live/graph.ts';

/** One graph of the machine screen: how it looks, and how its lines are read from a sample. */
export interface MachineGraph extends Pick<GraphOptions, 'series' | 'text'> {
  /** One value a series; null = this machine does not tell. */
  readonly read: (sample: MachineSample) => readonly (number | null)[];
  /** How many of the lines, from the first, are told beside the pointer. Absent = all. */
  readonly told?: number;
  /** The words beside the pointer, where the lines alone would not tell. */
  readonly say?: (sample: MachineSample) => string;
  /** What a full graph means, so that the height of the line says how full the machine is. */
  readonly full: (sample: MachineSample) => number | null;
}

const percent = (value: number): string => formatPercent(value / 100);

/** All cores together, with a faint line for each core. */
export function cpuGraph(cores: number): MachineGraph {
  const each = Array.from({ length: cores }, (_, core) => ({
    label: `Core ${core}`,
    color: '--text-3',
    width: 0.6,
    alpha: 0.5,
  }));
  return {
    series: [{ label: 'All cores', color: '--series-1', fill: true, width: 1.75 }, ...each],
    text: percent,
    read: (sample) => [sample.cpuPercent, ...each.map((_core, at) => sample.perCore[at] ?? null)],
    told: 1,
    full: () => 100,
  };
}

export const gpuGraph: MachineGraph = {
  series: [{ label: 'GPU', color: '--series-3', fill: true }],
  text: percent,
  read: (sample) => [sample.gpu?.percent ?? null],
  full: () => 100,
};

/** The parts of memory one upon the other, as far as the machine tells them; else what is used. */
export const memoryGraph: MachineGraph = {
  series: [
    { label: 'Cached', color: '--text-3', fill: true, width: 0.75 },
    { label: 'Compressed', color: '--series-4', fill: true, width: 1 },
    { label: 'Wired', color: '--series-5', fill: true, width: 1 },
    { label: 'App', color: '--series-2', fill: true },
  ],
  text: formatBytes,
  read: ({ memory }) => {
    const { appBytes, wiredBytes, compressedBytes, cachedBytes, usedBytes } = memory;
    if (appBytes === null) return [null, null, null, usedBytes];
    const wired = appBytes + (wiredBytes ?? 0);
    const compressed = wired + (compressedBytes ?? 0);
    return [
      cachedBytes === null ? null : compressed + cachedBytes,
      compressedBytes === null ? null : compressed,
      wiredBytes === null ? null : wired,
      appBytes,
    ];
  },
  say: ({ memory }) =>
    memory.usedBytes === null ? '' : `${formatBytes(memory.usedBytes)} used${pressureWord(memory.pressure)}`,
  full: (sample) => sample.memory.totalBytes,
};

function pressureWord(pressure: MachineSample['memory']['pressure']): string {
  return pressure === null || pressure === 'normal' ? '' : `, pressure ${pressure}`;
}

/** Memory of the GPU; `total` bytes where it has its own, null where it shares the machine's. */
export function gpuMemoryGraph(total: number | null): MachineGraph {
  return {
    series: [{ label: 'GPU memory', color: '--series-4', fill: true }],
    text: formatBytes,
    read: (sample) => [sample.gpu?.allocatedBytes ?? null],
    full: (sample) => total ?? sample.memory.totalBytes,
  };
}

export const swapGraph: MachineGraph = {
  series: [{ label: 'Swap used', color: '--series-5', fill: true }],
  text: formatBytes,
  read: (sample) => [sample.memory.swapUsedBytes],
  full: (sample) => sample.memory.swapTotalBytes,
};

export const diskGraph: MachineGraph = {
  series: [{ label: 'Free', color: '--series-6', fill: true }],
  text: formatBytes,
  read: (sample) => [sample.disk?.freeBytes ?? null],
  full: (sample) => sample.disk?.totalBytes ?? null,
};
