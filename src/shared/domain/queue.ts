import type { Phase } from '../model/experiment.ts';
import type { MachineSample } from '../model/hardware.ts';
import type { ExperimentState } from '../model/run.ts';
import { formatClock, formatMoment } from './format.ts';
import { phasesAhead } from './phases.ts';

/** Nothing new starts with less free disk than this. */
export const DISK_FLOOR_BYTES = 2 ** 30;
/** Runs that share one GPU, by the load that the workload's manifest declares. */
export const DEVICE_SLOTS = { light: 6, heavy: 2 } as const;
/** Phases named in a sentence; a number stands for the others. */
const NAMED_PHASES = 3;
/** Seconds; what begins later than that is told with its date. */
const FAR_AHEAD = 12 * 3600;

/** An experiment that could start. */
export interface Candidate {
  readonly index: number;
  readonly identity: string;
  readonly order: number;
  readonly phase: string;
  readonly device: string;
  /** Declared or learned peak. */
  readonly memoryMb: number;
  /** Failed before, and is not tried again until then, in Unix seconds. */
  readonly notBefore?: number | undefined;
}

/** A run that lives. */
export interface Occupant {
  readonly index: number;
  readonly identity: string;
  readonly phase: string;
  readonly device: string;
  readonly gpuLoad: 'light' | 'heavy';
  /** Highest use expected. */
  readonly memoryMb: number;
  /** Use now; null = not measured yet. */
  readonly usedMb: number | null;
  readonly threads: number;
}

export interface QueuedBatch {
  readonly id: string;
  /** False: its live runs count, but nothing new starts. */
  readonly admits: boolean;
  readonly workers: number;
  /** A person asked for this many workers: then cores do not hold them back, the plan has warned of it. */
  readonly asked: boolean;
  readonly threads: number;
  readonly gpuLoad: 'light' | 'heavy';
  readonly budgetMb: number;
  /** In an order that their needs allow. */
  readonly phases: readonly Phase[];
  readonly candidates: readonly Candidate[];
  readonly live: readonly Occupant[];
}

export interface QueueFacts {
  /** Oldest first: an older batch gets the free resources first. */
  readonly batches: readonly QueuedBatch[];
  readonly cores: number;
  /** Unix seconds. */
  readonly now: number;
  /** Null before the first sample: then only what was declared limits. */
  readonly machine: MachineSample | null;
}

export type Waiting = Extract<ExperimentState, { kind: 'waiting' }>;

export interface QueueDecision {
  readonly start: readonly { readonly batch: string; readonly index: number; readonly device: string }[];
  /** Experiments that a limit other than the worker count holds back. The others stay plainly queued. */
  readonly waits: readonly { readonly batch: string; readonly index: number; readonly state: Waiting }[];
  /** Free workers per batch after the starts, for work that is prepared ahead of need. */
  readonly free: ReadonlyMap<string, number>;
}

/**
 * What to start now and what waits for what. Longest first within a phase is the order the plan gave. A phase is done
 * when nothing of it is queued or lives: what failed, was cancelled or was put off holds up nobody.
 */
export function decideQueue(facts: QueueFacts): QueueDecision {
  const start: QueueDecision['start'][number][] = [];
  const waits: QueueDecision['waits'][number][] = [];
  const free = new Map<string, number>();
  const room = new Room(facts);
  const twins = new Twins(facts.batches);
  for (const batch of facts.batches) {
    if (!batch.admits) continue;
    const gate = phaseGate(batch);
    let workers = batch.workers - batch.live.length;
    for (const candidate of batch.candidates.toSorted((a, b) => a.order - b.order)) {
      const wait =
        twins.claim(candidate, batch) ?? gate.get(candidate.phase) ?? retryWait(candidate, facts.now);
      if (wait) {
        waits.push({ batch: batch.id, index: candidate.index, state: wait });
        continue;
      }
      if (workers <= 0) continue;
      const held = room.hindrance(candidate, batch);
      if (held) {
        waits.push({ batch: batch.id, index: candidate.index, state: held });
        continue;
      }
      room.take(candidate, batch);
      start.push({ batch: batch.id, index: candidate.index, device: candidate.device });
      workers -= 1;
    }
    free.set(batch.id, workers);
  }
  return { start, waits, free };
}

/** What the experiments of a phase wait for; phases that may begin are left out. */
function phaseGate({ phases, candidates, live }: QueuedBatch): ReadonlyMap<string, Waiting> {
  const open = new Set([...candidates, ...live].map(({ phase }) => phase));
  const gate = new Map<string, Waiting>();
  for (const [phase, ahead] of phasesAhead(phases, (name) => open.has(name)))
    if (ahead.length > 0) gate.set(phase, waiting('phase', phaseSentence(ahead)));
  return gate;
}

function phaseSentence(ahead: readonly string[]): string {
  const shown = ahead.slice(0, ahead.length > NAMED_PHASES ? NAMED_PHASES - 1 : NAMED_PHASES);
  const names = shown.map((name) => `"${name}"`);
  if (shown.length < ahead.length) names.push(`${ahead.length - shown.length} more`);
  if (names.length === 1) return `Waits until the phase ${names[0]} is done.`;
  return `Waits until the phases ${names.slice(0, -1).join(', ')} and ${names.at(-1)} are done.`;
}

function retryWait({ notBefore = 0 }: Candidate, now: number): Waiting | undefined {
  if (notBefore <= now) return undefined;
  const moment = notBefore - now < FAR_AHEAD ? formatClock(notBefore) : formatMoment(notBefore);
  return waiting('retry', `Failed; waits until ${moment} before it is tried again.`);
}

/**
 * Experiments of the same identity are not trained twice at the same time: the one that lives, or that is queued in the
 * older batch, goes first. The other waits, and is then skipped if there is a result, or run if there is none.
 */
class Twins {
  readonly #owners = new Map<string, string>();

  constructor(batches: readonly QueuedBatch[]) {
    for (const { id, live } of batches) for (const { identity } of live) this.#owners.set(identity, id);
  }

  /** Undefined: the candidate may run as far as others are concerned, and later ones of its identity wait for it. */
  claim({ identity }: Candidate, batch: QueuedBatch): Waiting | undefined {
    const owner = this.#owners.get(identity);
    if (owner !== undefined) {
      const where = owner === batch.id ? 'this batch' : `the batch ${owner}`;
      return waiting('twin', `Waits for the same experiment in ${where}, so that it is not trained twice.`);
    }
    this.#owners.set(identity, batch.id);
    return undefined;
  }
}

/** What the machine has left, shared by all batches and filled while deciding. */
class Room {
  readonly #facts: QueueFacts;
  readonly #live: Occupant[];

  constructor(facts: QueueFacts) {
    this.#facts = facts;
    this.#live = facts.batches.flatMap((batch) => batch.live);
  }

  take(candidate: Candidate, batch: QueuedBatch): void {
    this.#live.push({ ...candidate, gpuLoad: batch.gpuLoad, threads: batch.threads, usedMb: 0 });
  }

  hindrance(candidate: Candidate, batch: QueuedBatch): Waiting | undefined {
    return (
      this.#machineHindrance() ??
      this.#slotHindrance(candidate, batch) ??
      this.#threadHindrance(batch) ??
      this.#memoryHindrance(candidate, batch)
    );
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

  #slotHindrance(candidate: Candidate, batch: QueuedBatch): Waiting | undefined {
    if (candidate.device === 'cpu') return undefined;
    const sharers = this.#live.filter((run) => run.device === candidate.device);
    const heavy = batch.gpuLoad === 'heavy' || sharers.some((run) => run.gpuLoad === 'heavy');
    const slots = heavy ? DEVICE_SLOTS.heavy : DEVICE_SLOTS.light;
    if (sharers.length < slots) return undefined;
    return waiting('slot', `Waits for the device ${candidate.device}: all ${slots} places are taken.`);
  }

  #threadHindrance(batch: QueuedBatch): Waiting | undefined {
    const used = this.#live.reduce((sum, run) => sum + run.threads, 0);
    if (batch.asked || used === 0 || used + batch.threads <= this.#facts.cores) return undefined;
    const free = Math.max(0, this.#facts.cores - used);
    return waiting('threads', `Waits for processor cores: ${free} free, needs ${batch.threads}.`);
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
    const memory = this.#facts.machine?.memory;
    const available = memory?.availableBytes;
    if (memory === undefined || available === null || available === undefined) return undefined;
    const growth = this.#live.reduce((sum, run) => sum + Math.max(0, run.memoryMb - (run.usedMb ?? 0)), 0);
    const free = available / 2 ** 20 - growth;
    // More than the whole machine cannot come free, however long it waits.
    const least = alone ? Math.min(need, memory.totalBytes / 2 ** 20) / 2 : need;
    return free < least ? waitForMemory(free, least) : undefined;
  }
}

/** Below a gigabyte in MB: "0.0 GB free" would say nothing. */
function amount(megabytes: number): string {
  return megabytes < 1_000 ? `${Math.round(megabytes)} MB` : `${gigabytes(megabytes)} GB`;
}

function waitForMemory(freeMb: number, needMb: number): Waiting {
  return waiting('memory', `Waits for memory: ${amount(Math.max(0, freeMb))} free, needs ${amount(needMb)}.`);
}

function waiting(resource: Waiting['resource'], sentence: string): Waiting {
  return { kind: 'waiting', resource, sentence };
}

function gigabytes(mebibytes: number): string {
  return (mebibytes / 1024).toFixed(1);
}
