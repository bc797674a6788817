import { isAlive } from '../platform/process-identity.ts';

export type RunSignal = 'stop' | 'cancel' | 'pause' | 'continue';

/** The supervisor's language, see docs/formats.md. */
const SIGNALS: Readonly<Record<RunSignal, NodeJS.Signals>> = {
  stop: 'SIGINT',
  cancel: 'SIGTERM',
  pause: 'SIGUSR1',
  continue: 'SIGUSR2',
};

export interface ProcessName {
  readonly pid: number;
  readonly start: string | null;
}

/** False: that very process is gone, and nothing was signalled. */
export function signalSupervisor(supervisor: ProcessName, signal: RunSignal): boolean {
  return killIfOurs(supervisor, SIGNALS[signal]);
}

/** Ends a training whose supervisor is gone: it leads a session of its own, so its group is the tree. */
export function killOrphan(root: ProcessName): void {
  if (root.start === null || !isAlive(root.pid, root.start)) return;
  try {
    process.kill(-root.pid, 'SIGKILL');
  } catch {
    killIfOurs(root, 'SIGKILL');
  }
}

export function isSameProcess(name: ProcessName): boolean {
  return name.start !== null && isAlive(name.pid, name.start);
}

function killIfOurs(name: ProcessName, signal: NodeJS.Signals): boolean {
  if (!isSameProcess(name)) return false;
  try {
    process.kill(name.pid, signal);
    return true;
  } catch {
    // It ended between the look and the signal.
    return false;
  }
}
