import type { Experiment, Phase } from '../model/experiment.ts';
import type { Plan, PlannedExperiment, SettledRequest } from '../model/plan.ts';
import type { Manifest } from '../model/workload.ts';
import { allowedMemoryMb, workerCapacity } from './capacity.ts';
import { boundDevice, deviceSlots, pinnedDevice, type ResolvedDevice } from './device.ts';
import { type DeviceGrant, devicesText, grantDevices, takenDevices } from './device-set.ts';
import { formatCount, formatDate, formatMegabytes } from './format.ts';
import { scheduleInPhases } from './phase-schedule.ts';
import { phaseNotes, phasesOf } from './phases.ts';

/** Disk that a run takes when its workload states no fact `diskMb`: log, events and a small checkpoint. */
const DISK_MB_PER_RUN = 5;
const BYTES_PER_MB = 1_048_576;

export interface ExistingResult {
  readonly batch: string;
  readonly index: number;
  readonly attempt: number;
  /** Unix seconds. */
  readonly endedAt: number;
}

/** Everything a plan depends on; gathered elsewhere, so that the same facts always give the same plan. */
export interface PlanFacts {
  readonly request: SettledRequest;
  readonly manifest: Pick<Manifest, 'version' | 'title' | 'gpuLoad'>;
  readonly device: ResolvedDevice;
  /** CUDA devices that the interpreter sees; default 1. */
  readonly cudaDevices?: number;
  readonly experiments: readonly Experiment[];
  /** In an order that their needs allow; absent = those of the experiments, one after the other. */
  readonly phases?: readonly Phase[] | undefined;
  /** Valid results by identity. */
  readonly existing: ReadonlyMap<string, ExistingResult>;
  /** Batches in which an identity is queued or being trained now. */
  readonly underWay: ReadonlyMap<string, string>;
  readonly machine: {
    readonly memoryBytes: number;
    readonly cores: number;
    /** Null = not known. */
    readonly freeDiskBytes: number | null;
  };
  readonly notes: readonly string[];
  readonly suite?: Plan['suite'];
}

/** What would happen: nothing is read or written here. */
export function buildPlan(facts: PlanFacts): Plan {
  const { request, manifest, machine } = facts;
  const allowedMb = allowedMemoryMb({ memoryBytes: machine.memoryBytes, memoryGb: request.memoryGb });
  const selected = facts.experiments.filter((experiment) => isSelected(experiment, request));
  const phases = phasesOf(facts);
  const experiments = inStartOrder(selected, phases).map((experiment) => {
    const device = pinnedDevice(experiment.device, pinning(facts));
    return decide({ ...experiment, device }, { facts, allowedMb });
  });
  const running = experiments.filter((experiment) => experiment.action === 'run');
  // The smallest: the queue lets none of them start without what it needs.
  const processes = running.length === 0 ? 1 : Math.min(...running.map(takenDevices));
  const { workers, limits } = workerCapacity({
    cores: machine.cores,
    memoryBytes: machine.memoryBytes,
    memoryGb: request.memoryGb,
    largestMb: Math.max(0, ...running.map((experiment) => experiment.estimate.memoryMb)),
    profile: request.profile,
    asked: request.workers,
    threads: request.threads,
    processes,
    slots: Math.max(1, Math.floor(slotsOf(running, facts) / processes)),
    work: running.length,
  });
  const count = (action: PlannedExperiment['action']): number =>
    experiments.filter((experiment) => experiment.action === action).length;
  const diskMb = running.reduce((sum, experiment) => sum + diskNeed(experiment), 0);
  return {
    request,
    workloadVersion: manifest.version,
    workloadTitle: manifest.title,
    device: facts.device.device,
    deviceReason: facts.device.reason,
    ...(facts.cudaDevices !== undefined && { cards: facts.cudaDevices }),
    experiments,
    ...(facts.phases && { phases: [...facts.phases] }),
    workers,
    limits,
    totals: {
      run: running.length,
      skip: count('skip'),
      postpone: count('postpone'),
      workSeconds: running.reduce((sum, experiment) => sum + experiment.estimate.seconds, 0),
      wallSeconds: wallTime(running, { workers, phases }),
      diskMb,
    },
    notes: [
      ...facts.notes,
      ...phaseNotes(phases),
      ...pinNotes(selected, facts),
      ...oneDeviceNotes(running, facts),
      ...machineNotes(facts, diskMb),
    ],
    ...(facts.suite && { suite: facts.suite }),
  };
}

/** Whether a request leaves an experiment in: it may begin with an index, and it may name the few that are wanted. */
export function isSelected(
  { index }: Pick<Experiment, 'index'>,
  { startFrom, only }: Pick<SettledRequest, 'startFrom' | 'only'>,
): boolean {
  return index >= startFrom && (only?.includes(index) ?? true);
}

/** Phases in their order; within one the longest first, so that no long run is left over for the end. */
export function inStartOrder<E extends Pick<Experiment, 'phase' | 'estimate' | 'index'>>(
  experiments: readonly E[],
  phases: readonly Phase[],
): E[] {
  const positions = new Map(phases.map(({ name }, position) => [name, position]));
  const position = ({ phase }: E): number => positions.get(phase) ?? phases.length;
  return experiments.toSorted(
    (a, b) => position(a) - position(b) || b.estimate.seconds - a.estimate.seconds || a.index - b.index,
  );
}

interface TimedExperiment {
  readonly phase: string;
  readonly estimate: { readonly seconds: number };
}

/**
 * Seconds until the last run ends when each free worker takes the next run whose phase may begin. `running` stands in
 * the order of the start.
 */
export function wallTime(
  running: readonly TimedExperiment[],
  { workers, phases }: { readonly workers: number; readonly phases: readonly Phase[] },
): number {
  const queued = running.map(({ phase, estimate }) => ({ phase, seconds: estimate.seconds, spread: 0 }));
  return scheduleInPhases({ running: [], queued, workers, phases }).seconds;
}

function decide(asking: Experiment, context: { facts: PlanFacts; allowedMb: number }): PlannedExperiment {
  const { facts, allowedMb } = context;
  const grant = grantOf(asking, facts);
  const experiment = grant.kind === 'one' ? onOneDevice(asking) : asking;
  const found = facts.existing.get(experiment.identity);
  if (found !== undefined && !facts.request.forceOverwrite) {
    const { batch, index, attempt, endedAt } = found;
    const reason = doneSentence({ batch, endedAt });
    return { ...experiment, action: 'skip', reason, existing: { batch, index, attempt } };
  }
  if (experiment.postponed !== undefined) {
    return { ...experiment, action: 'postpone', reason: experiment.postponed, existing: null };
  }
  if (grant.kind === 'short')
    return { ...experiment, action: 'postpone', reason: grant.sentence, existing: null };
  if (experiment.estimate.memoryMb > allowedMb) {
    const reason =
      facts.request.memoryGb === undefined
        ? `Needs about ${formatMegabytes(experiment.estimate.memoryMb)}, more than the ${formatMegabytes(allowedMb)} of this machine. Choose smaller parameters.`
        : `Needs about ${formatMegabytes(experiment.estimate.memoryMb)}, more than the ${formatMegabytes(allowedMb)} that may be used. Raise --memory-gb.`;
    return { ...experiment, action: 'postpone', reason, existing: null };
  }
  const reason = runReason(found, facts.underWay.get(experiment.identity));
  return { ...experiment, action: 'run', reason, existing: null };
}

/** How many devices an experiment gets; `experiment.device` has been judged before. */
function grantOf(experiment: Experiment, facts: PlanFacts): DeviceGrant {
  const device = boundDevice(experiment) ?? facts.device.device;
  return grantDevices(experiment, device, { cards: facts.cudaDevices ?? 1, cores: facts.machine.cores });
}

/** A formula speaks of all processes, which are as large as each other; what was measured was measured in one. */
function onOneDevice(experiment: Experiment): Experiment & { granted: number } {
  const { estimate, devices = 1 } = experiment;
  const memoryMb = estimate.source === 'formula' ? estimate.memoryMb / devices : estimate.memoryMb;
  return { ...experiment, granted: 1, estimate: { ...estimate, memoryMb } };
}

function runReason(found: ExistingResult | undefined, twin: string | undefined): string {
  if (found !== undefined) return `Runs again as asked; the result of ${formatDate(found.endedAt)} stays.`;
  if (twin === undefined) return 'No result yet.';
  return `Waits for the same experiment in batch ${twin}, and runs only if that brings no result.`;
}

/** Why an experiment is not trained again. */
export function doneSentence({ batch, endedAt }: Pick<ExistingResult, 'batch' | 'endedAt'>): string {
  return `Done on ${formatDate(endedAt)} in batch ${batch}.`;
}

function pinning(facts: PlanFacts): { device: string; cudaDevices: number } {
  return { device: facts.device.device, cudaDevices: facts.cudaDevices ?? 1 };
}

/** Places on all devices that the experiments are bound to. */
function slotsOf(running: readonly PlannedExperiment[], facts: PlanFacts): number {
  const cards = Array.from({ length: facts.cudaDevices ?? 1 }, (_, at) => `cuda:${at}`);
  const devices = new Set(
    running.flatMap((experiment) => {
      const device = boundDevice(experiment) ?? facts.device.device;
      return takenDevices(experiment) > 1 && device.startsWith('cuda') ? cards : [device];
    }),
  );
  const counts = [...devices].map((device) => deviceSlots(device, facts.manifest.gpuLoad));
  return counts.length === 0
    ? deviceSlots(facts.device.device, facts.manifest.gpuLoad)
    : counts.reduce((sum, count) => sum + count, 0);
}

function pinNotes(experiments: readonly Experiment[], facts: PlanFacts): string[] {
  const wishes = new Set(experiments.flatMap(({ device }) => device ?? []));
  const missing = [...wishes].filter((wish) => pinnedDevice(wish, pinning(facts)) === undefined);
  if (missing.length === 0) return [];
  return [`The queues bound to ${missing.toSorted().join(', ')} run on ${facts.device.device} here.`];
}

/** A run in one process where several were meant must not be taken for what was asked. */
function oneDeviceNotes(running: readonly PlannedExperiment[], facts: PlanFacts): string[] {
  const alone = running.flatMap((experiment) => {
    const grant = grantOf(experiment, facts);
    const kind = boundDevice(experiment) ?? facts.device.device;
    return grant.kind === 'one' ? [`${devicesText(experiment.devices ?? 1, kind)}, ${grant.why}`] : [];
  });
  return [...Map.groupBy(alone, (why) => why)].map(
    ([why, own]) =>
      `${formatCount(own.length, 'experiment')} meant for ${why}: ${own.length === 1 ? 'it runs' : 'they run'} in a single process.`,
  );
}

function diskNeed(experiment: Experiment): number {
  const declared = experiment.facts['diskMb'];
  return typeof declared === 'number' && declared >= 0 ? declared : DISK_MB_PER_RUN;
}

function machineNotes({ request, machine }: PlanFacts, diskMb: number): string[] {
  const notes: string[] = [];
  const machineMb = machine.memoryBytes / BYTES_PER_MB;
  if (request.memoryGb !== undefined && request.memoryGb * 1_024 > machineMb) {
    notes.push(
      `--memory-gb ${request.memoryGb} is more than the ${formatMegabytes(machineMb)} of this machine; runs may be slowed by swapping.`,
    );
  }
  if (machine.freeDiskBytes !== null && machine.freeDiskBytes / BYTES_PER_MB < diskMb) {
    notes.push(
      `The workspace's disk has ${formatMegabytes(machine.freeDiskBytes / BYTES_PER_MB)} free; about ${formatMegabytes(diskMb)} will be needed. Free some space first.`,
    );
  }
  return notes;
}
