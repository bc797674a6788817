import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Pty, SpawnPty } from '../platform/pty.ts';
import { diedReady } from './ready-file.ts';
import type { WorkerKind } from './standby-pool.ts';

/** A relay that ends before it has taken a run is not started again and again: the cold start will tell why. */
const MOST_FAILURES = 2;

/**
 * Supervisors that take run after run (`relay.py`): for workloads that import nothing, where starting two
 * interpreters would cost more than most commands do.
 */
export interface RelayPool {
  /** One that is idle, or a new one; null = runs of this kind start cold. */
  take(kind: WorkerKind): Relay | null;
  /** Ends the idle relays of all other kinds. */
  keep(kinds: readonly WorkerKind[]): void;
  /** Ends the idle relays. The others end with their runs, once their terminals are released. */
  close(): void;
}

export interface Relay {
  /** It waited already, so the run begins within milliseconds. */
  readonly ready: boolean;
  /** Gives it a run. The terminal that is returned is the run's own until that has ended. */
  hand(folder: string): Pty;
  /** The run has ended: the next one can come. */
  finish(): void;
}

export interface RelayPoolOptions {
  readonly workspace: string;
  readonly resources: string;
  readonly spawn: SpawnPty;
}

interface Process {
  readonly key: string;
  readonly folder: string;
  readonly pty: Pty;
  alive: boolean;
  runs: number;
}

/** Only a process that has loaded nothing but Python's own modules can be forked safely. */
export function canRelay(kind: WorkerKind): boolean {
  return kind.requires.length === 0;
}

export function createRelayPool(options: RelayPoolOptions): RelayPool {
  const root = join(options.workspace, '.minibatch', 'relays');
  // Left by an app that was killed; the processes ended with their terminals and their runs.
  rmSync(root, { recursive: true, force: true });
  const idle = new Map<string, Process[]>();
  const failures = new Map<string, number>();

  function launch(kind: WorkerKind, key: string): Process {
    const folder = join(root, randomBytes(4).toString('hex'));
    mkdirSync(folder, { recursive: true });
    const worker = join(options.resources, 'python', 'minibatch', 'worker.py');
    const pty = options.spawn({
      file: kind.python,
      args: [worker, '--relay', folder, '--workload', kind.workloadFolder],
      cwd: folder,
      env: kind.environment,
    });
    const process: Process = { key, folder, pty, alive: true, runs: 0 };
    pty.onExit(() => {
      process.alive = false;
      forget(process);
      if (process.runs === 0) failures.set(key, (failures.get(key) ?? 0) + 1);
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    });
    return process;
  }

  function forget(process: Process): void {
    const left = (idle.get(process.key) ?? []).filter((other) => other !== process);
    if (left.length > 0) idle.set(process.key, left);
    else idle.delete(process.key);
  }

  function takeIdle(key: string): Process | null {
    for (;;) {
      const process = idle.get(key)?.at(-1);
      if (!process) return null;
      forget(process);
      if (process.alive && !diedReady(process.folder)) return process;
    }
  }

  function end(process: Process): void {
    forget(process);
    process.pty.release();
    rmSync(process.folder, { recursive: true, force: true, maxRetries: 3 });
  }

  return {
    take(kind) {
      const key = JSON.stringify(kind);
      if (!canRelay(kind) || (failures.get(key) ?? 0) >= MOST_FAILURES) return null;
      const waiting = takeIdle(key);
      const process = waiting ?? launch(kind, key);
      const terminal = terminalOf(process);
      return {
        ready: waiting !== null,
        hand(folder) {
          process.pty.write(`${folder}\n`);
          return terminal.pty;
        },
        finish() {
          terminal.close();
          process.runs += 1;
          if (process.alive) idle.set(key, [...(idle.get(key) ?? []), process]);
        },
      };
    },
    keep(kinds) {
      const keys = new Set(kinds.filter(canRelay).map((kind) => JSON.stringify(kind)));
      for (const process of [...idle.values()].flat()) if (!keys.has(process.key)) end(process);
    },
    close() {
      for (const process of [...idle.values()].flat()) end(process);
    },
  };
}

/** The relay's terminal as that of one run: once that is over, nothing reaches the relay through it. */
function terminalOf(process: Process): { pty: Pty; close: () => void } {
  const listening: (() => void)[] = [];
  let over = false;
  const { pty } = process;
  return {
    pty: {
      pid: pty.pid,
      write: (text) => {
        if (!over) pty.write(text);
      },
      tail: () => pty.tail(),
      onExit(listener) {
        const stop = pty.onExit(listener);
        listening.push(stop);
        return stop;
      },
      end: () => {
        if (!over) pty.end();
      },
      release: () => {
        if (!over) pty.release();
      },
    },
    close() {
      over = true;
      for (const stop of listening) stop();
    },
  };
}
