import type { Phase } from '../model/experiment.ts';
import type { MachineSample } from '../model/hardware.ts';
import type { ExperimentState } from '../model/run.ts';

/** An experiment that could start. */
export interface Candidate {
  readonly index: number;
  readonly identity: string;
  readonly order: number;
  readonly phase: string;
  /** Of several devices, the kind: any card of it will do, unless this one is `pinned`. */
  readonly device: string;
  /** Taken all at once or not at all; absent = 1. */
  readonly devices?: number | undefined;
  /** The device was asked for by name. */
  readonly pinned?: boolean | undefined;
  /** Declared or learned peak, of all its processes. */
  readonly memoryMb: number;
  /** Failed before, and is not tried again until then, in Unix seconds. */
  readonly notBefore?: number | undefined;
}

/** A run that lives. */
export interface Occupant {
  readonly index: number;
  readonly identity: string;
  readonly phase: string;
  /** All that it takes, as `joinDevices` writes them. */
  readonly device: string;
  readonly gpuLoad: 'light' | 'heavy';
  /** Highest use expected. */
  readonly memoryMb: number;
  /** Use now; null = not measured yet. */
  readonly usedMb: number | null;
  /** Of all its processes. */
  readonly threads: number;
}

export interface QueuedBatch {
  readonly id: string;
  /** False: its live runs count, but nothing new starts. */
  readonly admits: boolean;
  readonly workers: number;
  /** A person asked for this many workers: then cores do not hold them back, the plan has warned of it. */
  readonly asked: boolean;
  /** Of each process. */
  readonly threads: number;
  readonly gpuLoad: 'light' | 'heavy';
  /** CUDA devices that its interpreter sees; absent = 1. */
  readonly cards?: number | undefined;
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
