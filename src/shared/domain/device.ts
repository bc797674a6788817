import { ExpectedError } from '../model/error.ts';
import type { InterpreterProbe } from '../model/python.ts';
import type { DeviceChoice, Manifest } from '../model/workload.ts';
import { DEVICE_SLOTS } from './queue-room.ts';

export interface ResolvedDevice {
  /** `mps`, `cuda:0` or `cpu`: what a run is told to use. */
  readonly device: string;
  readonly reason: string;
}

type Available = Pick<InterpreterProbe, 'mps' | 'cuda'>;

/** Whether the chosen interpreter can compute on a device, and why not. */
export function deviceState(
  device: Exclude<DeviceChoice, 'auto'>,
  probe: Available,
): { available: boolean; sentence: string } {
  switch (device) {
    case 'cpu':
      return { available: true, sentence: 'The CPU is always there.' };
    case 'mps':
      if (probe.mps?.available === true)
        return { available: true, sentence: 'PyTorch can use the GPU of this Mac.' };
      return {
        available: false,
        sentence:
          probe.mps?.built === true
            ? 'PyTorch was built for Apple GPUs but finds none on this machine'
            : 'this PyTorch was built without support for Apple GPUs',
      };
    case 'cuda': {
      const first = probe.cuda[0];
      if (first !== undefined) return { available: true, sentence: `PyTorch can use ${first.name}.` };
      return { available: false, sentence: 'PyTorch finds no CUDA GPU on this machine' };
    }
  }
}

/**
 * The device that a batch uses. `auto` takes the first of the workload's order that is there. A device asked for by
 * name is used or refused with `device-missing`: results from another device than the one asked for mislead.
 */
export function resolveDevice(facts: {
  asked: DeviceChoice;
  autoOrder: Manifest['autoDevice'];
  probe: Available;
}): ResolvedDevice {
  const { asked, autoOrder, probe } = facts;
  if (asked !== 'auto') {
    const state = deviceState(asked, probe);
    if (!state.available) {
      throw new ExpectedError(
        'device-missing',
        `The device "${asked}" is not available: ${state.sentence}. Use --device cpu, or --device auto to let the workload choose.`,
      );
    }
    return { device: concrete(asked), reason: 'Asked for.' };
  }
  const skipped: string[] = [];
  for (const device of autoOrder) {
    const state = deviceState(device, probe);
    if (state.available) {
      const reason =
        skipped.length === 0 ? `This workload prefers ${device}.` : `${skipped.join('; ')}; so ${device}.`;
      return { device: concrete(device), reason: capitalised(reason) };
    }
    skipped.push(`no ${device}: ${state.sentence}`);
  }
  return { device: 'cpu', reason: capitalised(`${skipped.join('; ')}; so cpu.`) };
}

/**
 * The device of an experiment that is bound to one. Undefined = that of the batch: it is not there, or the batch was
 * asked to use another kind of device.
 */
export function pinnedDevice(
  wish: string | undefined,
  batch: { readonly device: string; readonly cudaDevices: number },
): string | undefined {
  if (wish === 'cpu' || wish === batch.device) return wish;
  const cuda = /^cuda:(\d+)$/.exec(wish ?? '')?.[1];
  return cuda !== undefined && batch.device.startsWith('cuda') && Number(cuda) < batch.cudaDevices
    ? wish
    : undefined;
}

/** What an experiment says of its device: its own, or that of a queue that bears a device's name. */
export function boundDevice({
  device,
  queue,
}: {
  readonly device?: string | undefined;
  readonly queue: string;
}): string | undefined {
  return device ?? (/^(?:cpu|mps|cuda:\d+)$/.test(queue) ? queue : undefined);
}

/** As many as a person may ask for: the CPU is limited by cores and threads, not by slots. */
const CPU_SLOTS = 64;

/** Runs that may share a device at once. */
export function deviceSlots(device: string, gpuLoad: Manifest['gpuLoad']): number {
  if (device === 'cpu') return CPU_SLOTS;
  return DEVICE_SLOTS[gpuLoad];
}

function concrete(device: Exclude<DeviceChoice, 'auto'>): string {
  return device === 'cuda' ? 'cuda:0' : device;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
