import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/main/platform/clock.ts';
import { spawnPty } from '../../src/main/platform/pty.ts';
import type { RunFile } from '../../src/main/store/run-file.ts';
import { workerEnvironment } from '../../src/main/worker/environment.ts';
import { inletOf } from '../../src/main/worker/inlet.ts';
import { createWorkers, type StartRequest, type Workers } from '../../src/main/worker/workers.ts';
import { type BehaviourParameters, writeBehaviourWorkload } from './behaviour-workload.ts';
import { watchForLeaks } from './leaks.ts';
import { RESOURCES } from './scheduler-parts.ts';
import { findPython } from './system-python.ts';

/** Workers over a workspace of their own, without scheduler and store. */
export interface WorkersBench {
  readonly workspace: string;
  readonly workers: Workers;
  /** `folder`: name of the run folder, `run` where there is only one. */
  request(
    parameters: BehaviourParameters,
    options?: { folder?: string; onChange?: () => void },
  ): StartRequest;
  /** Like a restart of the app: lets go of everything. Live runs must have been closed. */
  reopen(): void;
  /** Fails if anything is left. */
  close(): Promise<void>;
}

export function openWorkersBench(): WorkersBench {
  const leaks = watchForLeaks();
  const workspace = mkdtempSync(join(tmpdir(), 'minibatch-workers-'));
  const workloadFolder = join(workspace, 'workload');
  mkdirSync(workloadFolder);
  writeBehaviourWorkload(workloadFolder);
  const python = findPython();
  let workers = open();

  function open(): Workers {
    const observe = () => ({ swapGrowthBytes: null, pressure: null });
    return createWorkers({
      workspace,
      resources: RESOURCES,
      clock: systemClock,
      spawn: spawnPty,
      standby: true,
      observe,
    });
  }

  function request(
    parameters: BehaviourParameters,
    { folder: name = 'run', onChange = () => undefined }: { folder?: string; onChange?: () => void } = {},
  ): StartRequest {
    const folder = join(workspace, name);
    const environment = workerEnvironment({
      base: process.env,
      python,
      device: 'cpu',
      threads: 1,
      mpsShare: null,
    });
    const file: RunFile = {
      version: 1,
      batch: name,
      index: 0,
      attempt: 1,
      name: 'n',
      workload: 'tiny',
      workloadVersion: 1,
      workloadFolder,
      identity: 'a'.repeat(64),
      parameters: { ...parameters },
      seed: 1,
      batchSeed: 1,
      device: 'cpu',
      hostDevice: 'cpu',
      threads: 1,
      command: [python, join(RESOURCES, 'python', 'minibatch', 'worker.py'), folder],
      environment,
      workingFolder: folder,
      cacheFolder: join(workspace, 'cache'),
      inputFile: inletOf(workspace, { batch: name, index: 0, attempt: 1 }),
      mirror: false,
      logLimitBytes: null,
      resumeFrom: null,
      memoryLimitMb: null,
      timeoutSeconds: null,
      graceSeconds: 1,
      worker: 1,
      standby: false,
      slotFreeAt: null,
    };
    const kind = { python, requires: [], workloadFolder, device: 'cpu', threads: 1, environment };
    return { folder, file, kind, mainMetric: 'loss/train', onChange };
  }

  return {
    workspace,
    get workers() {
      return workers;
    },
    request,
    reopen() {
      workers.close();
      workers = open();
    },
    async close() {
      workers.close();
      await leaks.expectNone();
      rmSync(workspace, { recursive: true, force: true });
    },
  };
}
