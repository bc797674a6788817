import { boundDevice } from '../../shared/domain/device.ts';
import { phasesOf } from '../../shared/domain/phases.ts';
import { splitDevices } from '../../shared/domain/device-set.ts';
import type { Candidate, Occupant, QueueFacts } from '../../shared/domain/queue-model.ts';
import { isQueued } from '../../shared/domain/status.ts';
import type { MachineSample } from '../../shared/model/hardware.ts';
import type { ExperimentRecord } from '../../shared/model/run.ts';
import { type BatchWork, workersAsked, workersOf } from './batch-work.ts';

/** A wrong measurement must not make every other experiment impossible. */
const MOST_CORRECTION = 4;

/** What `domain/queue` decides from: the batches under way, oldest first, and the machine. */
export function queueFacts(
  works: Iterable<BatchWork>,
  { machine, cores, now }: { machine: MachineSample | null; cores: number; now: number },
): QueueFacts {
  const batches = [...works]
    .toSorted((a, b) => a.file.createdAt - b.file.createdAt)
    .map((work) => {
      const correction = memoryCorrection(work);
      const retries = retryTimes(work);
      return {
        id: work.id,
        admits: work.state.kind === 'running' && !work.held,
        workers: workersOf(work),
        asked: workersAsked(work),
        threads: work.file.plan.request.threads,
        gpuLoad: work.workload.gpuLoad,
        cards: work.file.plan.cards,
        budgetMb: work.file.plan.limits.budgetMb,
        phases: phasesOf(work.file.plan),
        candidates: [...work.experiments.values()]
          .filter(({ state }) => isQueued(state))
          .map((one) => ({ ...candidate(work, one, correction), notBefore: retries.get(one.index) })),
        live: occupants(work),
      };
    });
  return { batches, cores, machine, now };
}

/** When experiments that failed may be tried again, by index; the journal's last word on each counts. */
function retryTimes({ file, journal }: BatchWork): ReadonlyMap<number, number> {
  const times = new Map<number, number>();
  if (file.plan.request.retryDelaySeconds === 0) return times;
  for (const entry of journal) {
    // A person who says "go on" means now.
    if (entry.kind === 'resume') times.clear();
    if (entry.kind !== 'again') continue;
    for (const { index } of entry.experiments) times.set(index, entry.notBefore ?? 0);
  }
  return times;
}

/** Peak expected of an experiment: the estimate, raised by what this batch's finished runs showed. */
export function expectedMemoryMb(work: BatchWork, experiment: ExperimentRecord): number {
  return correctedMb(experiment, memoryCorrection(work));
}

function correctedMb({ estimate }: ExperimentRecord, correction: number): number {
  return estimate.source === 'measured' ? estimate.memoryMb : estimate.memoryMb * correction;
}

/** Measured ÷ estimated peak of the batch's worst finished run, at least 1. Looks at every run: ask once a turn. */
function memoryCorrection(work: BatchWork): number {
  let factor = 1;
  for (const run of work.runs.values()) {
    const estimate = work.experiments.get(run.index)?.estimate.memoryMb ?? 0;
    if (run.state.kind === 'succeeded' && run.peakMb !== null && estimate > 0)
      factor = Math.max(factor, run.peakMb / estimate);
  }
  return Math.min(factor, MOST_CORRECTION);
}

/**
 * The device that an experiment is bound to, or the plan's. Of several devices it is the first: which others a run gets
 * is decided when it starts.
 */
export function deviceOf(
  work: { readonly file: Pick<BatchWork['file'], 'plan'> },
  experiment: Pick<ExperimentRecord, 'queue' | 'device'>,
): string {
  return boundDevice(experiment) ?? work.file.plan.device;
}

function candidate(work: BatchWork, experiment: ExperimentRecord, correction: number): Candidate {
  return {
    index: experiment.index,
    identity: experiment.identity,
    order: experiment.order,
    phase: experiment.phase,
    device: deviceOf(work, experiment),
    devices: experiment.devices,
    pinned: boundDevice(experiment) !== undefined,
    memoryMb: correctedMb(experiment, correction),
  };
}

function occupants(work: BatchWork): Occupant[] {
  return [...work.running.values()].map((running) => ({
    index: running.index,
    identity: running.live.file.identity,
    phase: work.experiments.get(running.index)?.phase ?? '',
    device: running.device,
    gpuLoad: work.workload.gpuLoad,
    memoryMb: Math.max(running.memoryMb, running.peakMb ?? 0),
    usedMb: running.usedMb,
    threads: running.live.file.threads * splitDevices(running.device).length,
  }));
}
