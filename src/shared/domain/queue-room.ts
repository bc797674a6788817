import { devicesText, joinDevices, shortageSentence, splitDevices } from './device-set.ts';
import type { Candidate, Occupant, QueuedBatch, QueueFacts, Waiting } from './queue-model.ts';

/** Nothing new starts with less free disk than this. */
export const DISK_FLOOR_BYTES = 2 ** 30;
/** Runs that share one GPU, by the load that the workload's manifest declares. */
export const DEVICE_SLOTS = { light: 6, heavy: 2 } as const;

export type RoomAnswer =
  /** The devices to take, as `joinDevices` writes them. */
  { readonly kind: 'place'; readonly device: string } | { readonly kind: 'wait'; readonly state: Waiting };

interface Tenant extends Occupant {
  /** Does not live yet: a run of several devices waits for the others here to end. */
  readonly kept?: true;
}

/** What the machine has left, shared by all batches and filled while deciding. */
export class Room {
  readonly #facts: QueueFacts;
  readonly #live: Tenant[];

  constructor(facts: QueueFacts) {
    this.#facts = facts;
    this.#live = facts.batches.flatMap((batch) => batch.live);
  }

  take(candidate: Candidate, batch: QueuedBatch, device: string): void {
    this.#live.push(tenant(candidate, batch, device));
  }

  find(candidate: Candidate, batch: QueuedBatch): RoomAnswer {
    const { devices, state } = this.#devicesFor(candidate, batch);
    const held =
      this.#machineHindrance() ??
      state ??
      this.#threadHindrance(candidate, batch) ??
      this.#memoryHindrance(candidate, batch);
    return held ? { kind: 'wait', state: held } : { kind: 'place', device: joinDevices(devices) };
  }

  /**
   * Keeps what a run of several devices waits for from those behind it. Returns false where there is nothing to keep:
   * it takes one device, or no end of a run would let it start, and then it must not hold up the others.
   */
  keep(candidate: Candidate, batch: QueuedBatch): boolean {
    if (widthOf(candidate) === 1 || this.#machineHindrance()) return false;
    const { devices } = this.#devicesFor(candidate, batch);
    if (devices.length < widthOf(candidate) || !this.#fitsOnceAlone(candidate)) return false;
    this.#live.push({ ...tenant(candidate, batch, joinDevices(devices)), kept: true });
    return true;
  }

  #machineHindrance(): Waiting | undefined {
    const { machine } = this.#facts;
    const pressure = machine?.memory.pressure;
    if (pressure === 'warning' || pressure === 'critical') {
      return waiting('pressure', `Waits: the machine is short of memory (pressure ${pressure}).`);
    }
    const free = machine?.disk?.freeBytes;
    if (free !== undefined && free < DISK_FLOOR_BYTES) {
      return waiting('disk', `Waits for disk: ${gigabytes(free / 2 ** 20)} GB free, needs 1.0 GB.`);
    }
    return undefined;
  }

  /** The devices that it takes, or would take once they are free; fewer than it needs where there are no more. */
  #devicesFor(
    candidate: Candidate,
    batch: QueuedBatch,
  ): { devices: readonly string[]; state: Waiting | undefined } {
    const width = widthOf(candidate);
    const { device } = candidate;
    if (device === 'cpu') return { devices: Array.from({ length: width }, () => device), state: undefined };
    if (width === 1) {
      const { slots, left, kept } = this.#slotsOf(device, batch);
      if (left > 0) return { devices: [device], state: undefined };
      const sentence = kept
        ? `Waits for the device ${device}, which is kept for a run that takes several at once.`
        : `Waits for the device ${device}: all ${slots} places are taken.`;
      return { devices: [device], state: waiting('slot', sentence) };
    }
    const cards = cardsOf(candidate, batch);
    if (cards.length < width)
      return { devices: cards, state: waiting('slot', shortageSentence(width, device, cards.length)) };
    // What is free stays chosen while the others empty: nobody behind this run starts there.
    const ranked = cards
      .map((card) => ({ card, ...this.#slotsOf(card, batch) }))
      .toSorted((a, b) => preference(b, candidate) - preference(a, candidate) || b.left - a.left);
    const chosen = ranked.slice(0, width);
    const devices = chosen.map(({ card }) => card).toSorted((a, b) => cards.indexOf(a) - cards.indexOf(b));
    const free = chosen.filter(({ left }) => left > 0).length;
    if (free === width) return { devices, state: undefined };
    return {
      devices,
      state: waiting('slot', `Waits for ${devicesText(width, device)} at once: ${free} free.`),
    };
  }

  #slotsOf(device: string, batch: QueuedBatch): { slots: number; left: number; kept: boolean } {
    const sharers = this.#live.filter((run) => splitDevices(run.device).includes(device));
    const heavy = batch.gpuLoad === 'heavy' || sharers.some((run) => run.gpuLoad === 'heavy');
    const slots = heavy ? DEVICE_SLOTS.heavy : DEVICE_SLOTS.light;
    return { slots, left: slots - sharers.length, kept: sharers.some(({ kept }) => kept) };
  }

  #threadHindrance(candidate: Candidate, batch: QueuedBatch): Waiting | undefined {
    const used = this.#live.reduce((sum, run) => sum + run.threads, 0);
    const need = batch.threads * widthOf(candidate);
    // A count that somebody asked for must not keep a run of several devices out for good.
    const asked = batch.asked && !this.#live.some(({ kept }) => kept);
    if (asked || used === 0 || used + need <= this.#facts.cores) return undefined;
    const free = Math.max(0, this.#facts.cores - used);
    return waiting('threads', `Waits for processor cores: ${free} free, needs ${need}.`);
  }

  /**
   * Two tests: the sum of expected peaks against the budget, and what the machine has left once the live runs
   * have grown to their peaks. A run that would be alone starts in any case, unless not even half of what it
   * needs is there, so that a generous estimate never stalls a batch for good.
   */
  #memoryHindrance(candidate: Candidate, batch: QueuedBatch): Waiting | undefined {
    const need = candidate.memoryMb;
    const alone = this.#live.length === 0;
    const left = batch.budgetMb - this.#live.reduce((sum, run) => sum + run.memoryMb, 0);
    if (!alone && need > left) return waitForMemory(left, need);
    const available = this.#availableMb();
    if (available === null) return undefined;
    const growth = this.#live.reduce((sum, run) => sum + Math.max(0, run.memoryMb - (run.usedMb ?? 0)), 0);
    const free = available - growth;
    const least = alone ? this.#leastMb(candidate) : need;
    return free < least ? waitForMemory(free, least) : undefined;
  }

  /** Whether it could start if nothing lived: otherwise somebody else has the memory, and no end of a run brings it. */
  #fitsOnceAlone(candidate: Candidate): boolean {
    const available = this.#availableMb();
    if (available === null) return true;
    const used = this.#live.reduce((sum, run) => sum + (run.usedMb ?? 0), 0);
    return available + used >= this.#leastMb(candidate);
  }

  #availableMb(): number | null {
    const available = this.#facts.machine?.memory.availableBytes ?? null;
    return available === null ? null : available / 2 ** 20;
  }

  /** More than the whole machine cannot come free, however long it waits. */
  #leastMb({ memoryMb }: Candidate): number {
    const total = this.#facts.machine?.memory.totalBytes ?? Number.POSITIVE_INFINITY;
    return Math.min(memoryMb, total / 2 ** 20) / 2;
  }
}

function tenant(candidate: Candidate, batch: QueuedBatch, device: string): Tenant {
  return {
    ...candidate,
    device,
    gpuLoad: batch.gpuLoad,
    threads: batch.threads * widthOf(candidate),
    usedMb: 0,
  };
}

function widthOf({ devices = 1 }: Candidate): number {
  return devices;
}

/** Those that a run of several devices may take; the one that it is pinned to comes first. */
function cardsOf({ device, pinned }: Candidate, { cards = 1 }: QueuedBatch): string[] {
  if (!device.startsWith('cuda')) return [device];
  const all = Array.from({ length: cards }, (_, at) => `cuda:${at}`);
  return pinned ? [device, ...all.filter((card) => card !== device)] : all;
}

function preference(
  { card, left }: { readonly card: string; readonly left: number },
  { device, pinned }: Candidate,
): number {
  if (pinned && card === device) return 2;
  return left > 0 ? 1 : 0;
}

/** Below a gigabyte in MB: "0.0 GB free" would say nothing. */
function amount(megabytes: number): string {
  return megabytes < 1_000 ? `${Math.round(megabytes)} MB` : `${gigabytes(megabytes)} GB`;
}

function waitForMemory(freeMb: number, needMb: number): Waiting {
  return waiting('memory', `Waits for memory: ${amount(Math.max(0, freeMb))} free, needs ${amount(needMb)}.`);
}

export function waiting(resource: Waiting['resource'], sentence: string): Waiting {
  return { kind: 'waiting', resource, sentence };
}

function gigabytes(mebibytes: number): string {
  return (mebibytes / 1024).toFixed(1);
}
