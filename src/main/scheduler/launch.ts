import { join } from 'node:path';
import { splitDevices, visibleDevices } from '../../shared/domain/device-set.ts';
import type { HardwareFacts } from '../../shared/model/hardware.ts';
import type { ExperimentRecord } from '../../shared/model/run.ts';
import { newestCheckpoint } from '../store/attempt-folder.ts';
import { attemptFolder, batchFolder } from '../store/batch-folder.ts';
import type { RunFile } from '../store/run-file.ts';
import { inletOf } from '../worker/inlet.ts';
import { mpsShare, runVariables, visibleDevice, workerEnvironment } from '../worker/environment.ts';
import type { WorkerKind } from '../worker/standby-pool.ts';
import { attemptFolders, type BatchWork, workersOf } from './batch-work.ts';

/** More than anybody reads, and less than a disk that a single print in a loop would fill over night. */
const LOG_LIMIT_BYTES = 2 ** 30;

export interface LaunchContext {
  readonly workspace: string;
  readonly resources: string;
  readonly hardware: HardwareFacts;
  /** The app's own environment. */
  readonly base: Readonly<Record<string, string | undefined>>;
  readonly graceSeconds: number;
}

export interface LaunchPlace {
  /** All that it takes, as `joinDevices` writes them. */
  readonly device: string;
  readonly lane: number;
  readonly slotFreeAt: number;
}

export interface Launch {
  /** Relative to the workspace. */
  readonly folder: string;
  readonly file: RunFile;
  readonly kind: WorkerKind;
}

/** As much of a batch as its launches depend on. */
export type LaunchWork = Pick<BatchWork, 'id' | 'python' | 'workload' | 'journal' | 'runs' | 'kinds'> & {
  readonly file: Pick<BatchWork['file'], 'plan'>;
};

export type LaunchedExperiment = Pick<
  ExperimentRecord,
  'batch' | 'index' | 'name' | 'attempt' | 'identity' | 'parameters' | 'seed'
>;

/** All that a new attempt at an experiment needs to start. */
export function planLaunch(
  context: LaunchContext,
  work: LaunchWork,
  next: { experiment: LaunchedExperiment; place: LaunchPlace },
): Launch {
  const { experiment, place } = next;
  const { request, workloadVersion } = work.file.plan;
  const attempt = experiment.attempt + 1;
  const folder = attemptFolder(work.id, experiment, attempt);
  const absolute = join(context.workspace, folder);
  const onCpu = place.device.startsWith('cpu');
  const kind = workerKind(context, work, onCpu ? 'cpu' : place.device);
  const resumeFrom = newestCheckpoint(attemptFolders(work, context.workspace, experiment.index));
  const variables = runVariables({ ...experiment, folder: absolute, attempt, resumeFrom });
  const file: RunFile = {
    version: 1,
    batch: work.id,
    index: experiment.index,
    attempt,
    name: experiment.name,
    workload: request.workload,
    workloadVersion,
    workloadFolder: work.workload.folder,
    identity: experiment.identity,
    parameters: experiment.parameters,
    seed: experiment.seed,
    batchSeed: request.seed,
    device: visibleDevice(place.device),
    ...(splitDevices(place.device).length > 1 && { devices: visibleDevices(place.device) }),
    hostDevice: place.device,
    threads: request.threads,
    command: [work.python, join(context.resources, 'python', 'minibatch', 'worker.py'), absolute],
    environment: { ...kind.environment, ...variables },
    workingFolder: absolute,
    cacheFolder: join(context.workspace, '.minibatch', 'cache'),
    sourceFolder: sourceFolder(context.workspace, work),
    originFolder: work.file.plan.suite?.code?.root ?? null,
    inputFile: inletOf(context.workspace, { batch: work.id, index: experiment.index, attempt }),
    // Nobody would look: screens read the log, and each line would wake this process.
    mirror: false,
    logLimitBytes: LOG_LIMIT_BYTES,
    resumeFrom,
    memoryLimitMb: onCpu ? null : grantedMb(work),
    timeoutSeconds: request.timeoutSeconds ?? null,
    graceSeconds: context.graceSeconds,
    worker: place.lane,
    standby: false,
    slotFreeAt: place.slotFreeAt,
  };
  return { folder, file, kind };
}

/** What a worker of this batch has in common with any other on the same device. */
export function workerKind(context: LaunchContext, work: LaunchWork, device: string): WorkerKind {
  const key = `${device} ${grantedMb(work)}`;
  const kind = work.kinds.get(key) ?? newKind(context, work, device);
  work.kinds.set(key, kind);
  return kind;
}

function newKind(context: LaunchContext, work: LaunchWork, device: string): WorkerKind {
  const { threads } = work.file.plan.request;
  const share = device === 'mps' ? mpsShare(grantedMb(work), context.hardware.memoryBytes) : null;
  return {
    python: work.python,
    requires: work.workload.requires,
    workloadFolder: work.workload.folder,
    device,
    threads,
    environment: {
      ...workerEnvironment({ base: context.base, python: work.python, device, threads, mpsShare: share }),
      MINIBATCH_BYTECODE: join(context.workspace, '.minibatch', 'cache', 'bytecode'),
    },
  };
}

function sourceFolder(workspace: string, work: LaunchWork): string | null {
  const { suite } = work.file.plan;
  if (!suite) return null;
  return suite.code ? join(batchFolder(workspace, work.id), 'code') : suite.folder;
}

/** A run's share of the memory budget. */
function grantedMb(work: LaunchWork): number {
  const { budgetMb, largestMb } = work.file.plan.limits;
  return Math.max(largestMb, budgetMb / Math.max(1, workersOf(work)));
}
