import { formatCount } from './format.ts';

/** What a workload says of an experiment that takes several devices of one kind at once. */
export interface DeviceWish {
  /** CUDA cards, or processes on the CPU; absent = 1. */
  readonly devices?: number | undefined;
  /** With too few it runs on one. */
  readonly orOne?: boolean | undefined;
}

/** What a machine has of the kinds of which a run may take several. */
export interface DeviceStock {
  /** CUDA devices that the interpreter sees. */
  readonly cards: number;
  readonly cores: number;
}

export type DeviceGrant =
  | { readonly kind: 'granted'; readonly devices: number }
  /** Fewer than asked, because the workload can; the sentence has no full stop. */
  | { readonly kind: 'one'; readonly why: string }
  | { readonly kind: 'short'; readonly sentence: string };

/** The devices of a run as one text: `cuda:0+cuda:1`. `cpu+cpu` are two processes on the CPU. */
export function joinDevices(devices: readonly string[]): string {
  return devices.join('+');
}

/** For people: `2 × cpu`, `cuda:0 + cuda:1`. */
export function formatDevices(text: string): string {
  const devices = splitDevices(text);
  return devices.length > 1 && new Set(devices).size === 1
    ? `${devices.length} × ${devices[0]}`
    : devices.join(' + ');
}

/** One entry for each process of the run. */
export function splitDevices(text: string): string[] {
  return text.split('+');
}

/** The devices of a run as its processes name them: of a machine's cards they see those that they were given. */
export function visibleDevices(text: string): string[] {
  return splitDevices(text).map((device, at) => (device.startsWith('cuda') ? `cuda:${at}` : device));
}

/** What a result is filed under whose run had so many devices of the kind. */
export function measuredDevice(device: string, devices: number): string {
  return joinDevices(visibleDevices(joinDevices(Array.from({ length: devices }, () => device))));
}

/** Devices that a run of a planned experiment takes. */
export function takenDevices(planned: DeviceWish & { readonly granted?: number | undefined }): number {
  return planned.granted ?? planned.devices ?? 1;
}

/** How many of the devices that an experiment asks for it gets on this machine. */
export function grantDevices(
  { devices = 1, orOne = false }: DeviceWish,
  device: string,
  stock: DeviceStock,
): DeviceGrant {
  const there = device === 'cpu' ? stock.cores : device === 'mps' ? 1 : stock.cards;
  if (devices <= Math.max(1, there)) return { kind: 'granted', devices };
  if (orOne) return { kind: 'one', why: `this machine has ${amountOf(there, device)}` };
  return { kind: 'short', sentence: shortageSentence(devices, device, there) };
}

/** Why a run can never start here. */
export function shortageSentence(devices: number, device: string, there: number): string {
  return `Needs ${devicesText(devices, device)}, this machine has ${amountOf(there, device)}.`;
}

/** "2 GPUs", "2 processes". */
export function devicesText(devices: number, device: string): string {
  return device === 'cpu' ? formatCount(devices, 'process', 'processes') : formatCount(devices, 'GPU');
}

function amountOf(there: number, device: string): string {
  return device === 'cpu' ? formatCount(there, 'core') : String(there);
}
