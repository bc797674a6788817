import { formatBytes, formatPercent, NOT_AVAILABLE } from '../../../shared/domain/format.ts';
import type { AppState } from '../../state/app-state.ts';

/** The machine as the window knows it now. */
type Known = Pick<AppState, 'sample' | 'hardware'>;

/** The figure of a graph now, or why there is no graph (null = there is one). */
export type MachineWords<T extends string | null = string> = (state: Known) => T;

export const cpuText: MachineWords = ({ sample }) => formatPercent(fraction(sample?.cpuPercent));

export const memoryText: MachineWords = ({ sample }) => {
  const used = sample?.memory.usedBytes ?? null;
  return used === null || sample === null
    ? NOT_AVAILABLE
    : `${formatBytes(used)} of ${formatBytes(sample.memory.totalBytes)}`;
};

export const gpuText: MachineWords = ({ sample }) => formatPercent(fraction(sample?.gpu?.percent));

export const gpuMissing: MachineWords<string | null> = ({ sample, hardware }) => {
  if (sample === null || (sample.gpu?.percent !== undefined && sample.gpu.percent !== null)) return null;
  if (hardware?.gpu === null) return 'No GPU that can be measured was found on this machine.';
  const source = sample.sources['gpu'];
  return source && source !== 'ok' ? source : 'The GPU gives no figures on this machine.';
};

export const gpuMemoryText: MachineWords = ({ sample, hardware }) => {
  const used = formatBytes(sample?.gpu?.allocatedBytes ?? null);
  const total = hardware?.gpu?.memoryBytes ?? null;
  return total === null ? used : `${used} of ${formatBytes(total)}`;
};

export const swapText: MachineWords = ({ sample }) =>
  hasSwap(sample) ? formatBytes(sample?.memory.swapUsedBytes ?? null) : 'none';

export const swapMissing: MachineWords<string | null> = ({ sample }) =>
  hasSwap(sample) ? null : 'This machine has no swap: when memory runs out, the system ends a process.';

export const diskText: MachineWords = ({ sample }) =>
  sample?.disk ? `${formatBytes(sample.disk.freeBytes)} free` : NOT_AVAILABLE;

export const diskMissing: MachineWords<string | null> = ({ sample }) =>
  sample !== null && sample.disk === null ? 'The volume of the workspace gives no figures.' : null;

function fraction(percent: number | null | undefined): number | null {
  return percent === null || percent === undefined ? null : percent / 100;
}

function hasSwap(sample: Known['sample']): boolean {
  return sample?.memory.swapTotalBytes !== 0;
}
