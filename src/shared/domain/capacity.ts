import type { PlanRequest, WorkerLimits } from '../model/plan.ts';
import { formatCount, formatMegabytes } from './format.ts';

/** More processes than this made small machines unsteady; a person may ask for more. */
export const STABILITY_CAP = 6;
/** Share of the memory that runs may use; the rest stays with the system and the app. */
export const MEMORY_SHARE = 0.8;

const BYTES_PER_MB = 1_048_576;
const MB_PER_GB = 1_024;

export interface CapacityFacts {
  readonly cores: number;
  readonly memoryBytes: number;
  /** Memory that may be used instead of the machine's, in GB (2^30 bytes). */
  readonly memoryGb?: number | undefined;
  /** Largest estimate among the experiments that would run, in MiB; 0 = nothing is known. */
  readonly largestMb: number;
  readonly profile: PlanRequest['profile'];
  /** Workers asked for; 0 = automatic. */
  readonly asked: number;
  /** CPU threads of each process. */
  readonly threads: number;
  /** Processes of each run, one for each device that it takes; absent = 1. */
  readonly processes?: number | undefined;
  /** Runs that the device takes at once. */
  readonly slots: number;
  /** Experiments that would run. */
  readonly work: number;
}

/** Memory that may be used altogether, in MiB, before the share for the system is taken off. */
export function allowedMemoryMb(facts: Pick<CapacityFacts, 'memoryBytes' | 'memoryGb'>): number {
  return facts.memoryGb === undefined ? facts.memoryBytes / BYTES_PER_MB : facts.memoryGb * MB_PER_GB;
}

/**
 * How many workers, and why. Automatic: min(memory budget ÷ largest estimate, cores, 6, device slots), at least 1, where
 * cores leaves one core free and keeps all threads within the machine, and 6 are processes: 3 runs of two. Profiles: minimal = 1, conservative = half
 * of the automatic count rounded up, aggressive = the automatic count, custom = what is asked. A count asked for by a
 * person always wins and the sentence says what it exceeds; only too little work lowers it.
 */
export function workerCapacity(facts: CapacityFacts): { workers: number; limits: WorkerLimits } {
  const budgetMb = allowedMemoryMb(facts) * MEMORY_SHARE;
  const bounds: Bounds = {
    memory: Math.floor(budgetMb / Math.max(1, facts.largestMb)),
    cores: Math.max(1, Math.min(facts.cores - 1, Math.floor(facts.cores / threadsOf(facts)))),
    cap: Math.max(1, Math.floor(STABILITY_CAP / (facts.processes ?? 1))),
    slots: facts.slots,
  };
  const automatic = Math.max(1, Math.min(...Object.values(bounds)));
  const asked = askedWorkers(facts, automatic);
  const wanted = asked ?? automatic;
  const workers = Math.max(1, Math.min(wanted, facts.work));
  const binding = workers < wanted ? 'work' : asked !== null ? 'asked' : firstBound(bounds);
  const sentence = describe({ facts, bounds, automatic, asked, workers, binding });
  return { workers, limits: { ...bounds, asked, binding, budgetMb, largestMb: facts.largestMb, sentence } };
}

/** Threads of a whole run. */
function threadsOf({ threads, processes = 1 }: Pick<CapacityFacts, 'threads' | 'processes'>): number {
  return threads * processes;
}

interface Bounds {
  readonly memory: number;
  readonly cores: number;
  readonly cap: number;
  readonly slots: number;
}

const BOUND_ORDER = ['memory', 'cores', 'cap', 'slots'] as const;

function firstBound(bounds: Bounds): (typeof BOUND_ORDER)[number] {
  return BOUND_ORDER.reduce((least, name) => (bounds[name] < bounds[least] ? name : least));
}

/** Null = automatic. */
function askedWorkers(facts: CapacityFacts, automatic: number): number | null {
  if (facts.asked > 0) return facts.asked;
  switch (facts.profile) {
    case 'minimal':
      return 1;
    case 'conservative':
      return Math.ceil(automatic / 2);
    case 'aggressive':
    case 'custom':
      return null;
  }
}

interface Story {
  readonly facts: CapacityFacts;
  readonly bounds: Bounds;
  readonly automatic: number;
  readonly asked: number | null;
  readonly workers: number;
  readonly binding: WorkerLimits['binding'];
}

function describe(story: Story): string {
  const { facts, bounds, automatic, asked, workers, binding } = story;
  const head = formatCount(workers, 'worker');
  const allows = `memory allows ${bounds.memory}, cores ${bounds.cores}`;
  if (facts.work === 0) return `${head}: nothing is left to run; ${allows}.`;
  const excess = asked === null || facts.asked === 0 ? '' : warning(story);
  switch (binding) {
    case 'work':
      return `${head}: only ${formatCount(facts.work, 'experiment')} to run; ${allows}.${excess}`;
    case 'asked':
      return facts.asked > 0
        ? `${head} as asked; automatic would be ${automatic} (${allows}).${excess}`
        : `${head}: the ${facts.profile} profile; automatic would be ${automatic} (${allows}).`;
    case 'memory':
      return `${head}: memory binds (${formatMegabytes(story.facts.largestMb)} each); cores allow ${bounds.cores}, the stability cap ${bounds.cap}.`;
    case 'cores':
      return `${head}: cores bind${threadsOf(facts) > 1 ? ` (${threadsOf(facts)} threads each)` : ''}; memory allows ${bounds.memory}, the stability cap ${bounds.cap}.`;
    case 'cap':
      return `${head}: the stability cap binds; ${allows}.`;
    case 'slots':
      return `${head}: the device takes ${bounds.slots} at once; ${allows}.`;
  }
}

/** What a count asked for by a person exceeds; empty when it fits. */
function warning({ facts, bounds, workers }: Story): string {
  const wants: string[] = [];
  if (workers > bounds.memory) wants.push(`more memory than the budget holds (${bounds.memory} would fit)`);
  if (workers * threadsOf(facts) > facts.cores) {
    wants.push(`${workers * threadsOf(facts)} threads on ${formatCount(facts.cores, 'core')}`);
  }
  if (workers > bounds.slots) wants.push(`more runs than the device takes at once (${bounds.slots})`);
  return wants.length === 0
    ? ''
    : ` Warning: that is ${wants.join(' and ')}; runs will wait for each other or slow down.`;
}
