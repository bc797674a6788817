import { formatBytes, formatPercent } from '../../../shared/domain/format.ts';
import type { MachineSample } from '../../../shared/model/hardware.ts';
import type { GraphOptions } from '../../live/graph.ts';

/** One graph of the machine screen: how it looks, and how its lines are read from a sample. */
export interface MachineGraph extends Pick<GraphOptions, 'series' | 'y' | 'text'> {
  /** One value a series; null = this machine does not tell. */
  readonly read: (sample: MachineSample) => readonly (number | null)[];
}

const percent = (value: number): string => formatPercent(value / 100);

export function cpuGraph(): MachineGraph {
  return {
    series: [{ label: 'All cores', color: '--series-1', fill: true }],
    y: [0, 100],
    text: percent,
    read: (sample) => [sample.cpuPercent],
  };
}

export function gpuGraph(): MachineGraph {
  return {
    series: [{ label: 'GPU', color: '--series-3', fill: true }],
    y: [0, 100],
    text: percent,
    read: (sample) => [sample.gpu?.percent ?? null],
  };
}

/** The axis reaches up to all memory, so that the height of the line says how full the machine is. */
export function memoryGraph(totalBytes: number | null): MachineGraph {
  return {
    series: [
      { label: 'Used', color: '--series-2', fill: true },
      { label: 'Compressed', color: '--series-4', dash: [4, 3] },
    ],
    ...(totalBytes === null ? {} : { y: [0, totalBytes] as const }),
    text: formatBytes,
    read: (sample) => [sample.memory.usedBytes, sample.memory.compressedBytes],
  };
}

export function swapGraph(): MachineGraph {
  return {
    series: [{ label: 'Swap used', color: '--series-5', fill: true }],
    text: formatBytes,
    read: (sample) => [sample.memory.swapUsedBytes],
  };
}

export function diskGraph(): MachineGraph {
  return {
    series: [{ label: 'Free', color: '--series-6', fill: true }],
    text: formatBytes,
    read: (sample) => [sample.disk?.freeBytes ?? null],
  };
}
