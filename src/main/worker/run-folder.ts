import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { asDiskFull, writeFileAtomic } from '../platform/atomic-file.ts';
import type { RunFile } from '../store/run-file.ts';

/**
 * Makes the folder of an attempt with its `run.json`. Not synced to the disk: an attempt that a power cut ends
 * in its first seconds is started again anyway, and a run is to begin within milliseconds.
 * Throws ExpectedError('disk-full'); then nothing of the folder is left.
 */
export function prepareRunFolder(folder: string, file: RunFile): void {
  try {
    mkdirSync(folder, { recursive: true });
    writeFileAtomic(join(folder, 'run.json'), `${JSON.stringify(file, null, 1)}\n`, false);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw asDiskFull(error, folder);
  }
}

/** The attempt keeps the supervisor that runs it, so that an update of the app changes nothing under way. */
export function copySupervisor(resources: string, folder: string): string {
  const copy = join(folder, 'supervisor.py');
  copyFileSync(join(resources, 'python', 'minibatch', 'supervisor.py'), copy);
  return copy;
}

/** Records a start that failed before the supervisor could write anything itself. */
export function writeStartFailure(
  folder: string,
  failure: { pid: number; now: number; message: string },
): void {
  const status = {
    version: 1,
    state: 'exited',
    supervisor: { pid: failure.pid, start: null },
    process: null,
    startedAt: failure.now,
    updatedAt: failure.now,
    endedAt: failure.now,
    seconds: 0,
    exitCode: null,
    signal: null,
    stopReason: 'start-failed',
    message: failure.message,
    peakMemoryBytes: null,
    cpuSeconds: null,
    caffeinate: false,
  };
  writeFileAtomic(join(folder, 'status.json'), `${JSON.stringify(status)}\n`);
}
