import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from '../platform/atomic-file.ts';
import type { Pty, SpawnPty } from '../platform/pty.ts';
import { diedReady } from './ready-file.ts';
import { copySupervisor } from './run-folder.ts';

/** What a worker has to be the same in to be started ahead of need. */
export interface WorkerKind {
  readonly python: string;
  readonly requires: readonly string[];
  readonly workloadFolder: string;
  readonly device: string;
  readonly threads: number;
  readonly environment: Readonly<Record<string, string>>;
}

export interface StandbyWorker {
  readonly pty: Pty;
  /** Removes the standby folder; called when the run that it became has ended. */
  discard(): void;
}

export interface StandbyPool {
  /** Keeps one worker ready for each of these kinds, and ends the others. New ones only with `mayLaunch`. */
  want(kinds: readonly WorkerKind[], mayLaunch: boolean): void;
  /** A living worker of the kind, ready or on its way; null = start cold. */
  take(kind: WorkerKind): StandbyWorker | null;
  close(): void;
}

interface Waiting extends StandbyWorker {
  readonly key: string;
  readonly alive: () => boolean;
}

export interface StandbyPoolOptions {
  readonly workspace: string;
  readonly resources: string;
  readonly spawn: SpawnPty;
}

export function createStandbyPool(options: StandbyPoolOptions): StandbyPool {
  const root = join(options.workspace, '.minibatch', 'standby');
  // Left by an app that was killed; their supervisors ended with their terminals.
  rmSync(root, { recursive: true, force: true });
  const waiting = new Map<string, Waiting>();
  /** A kind whose workers die at once is not tried again and again; the cold start will tell why. */
  const failures = new Map<string, number>();

  function launch(kind: WorkerKind, key: string): Waiting {
    const folder = join(root, randomBytes(4).toString('hex'));
    mkdirSync(folder, { recursive: true });
    writeFileAtomic(
      join(folder, 'standby.json'),
      JSON.stringify({ environment: kind.environment, workingFolder: folder }),
      false,
    );
    const supervisor = copySupervisor(options.resources, folder);
    const worker = [
      kind.python,
      join(options.resources, 'python', 'minibatch', 'worker.py'),
      '--standby',
      folder,
    ];
    const requires = kind.requires.flatMap((module) => ['--require', module]);
    const pty = options.spawn({
      file: kind.python,
      args: [
        '-I',
        '-S',
        supervisor,
        '--standby',
        folder,
        '--',
        ...worker,
        ...requires,
        '--workload',
        kind.workloadFolder,
      ],
      cwd: folder,
      env: kind.environment,
    });
    let alive = true;
    pty.onExit(() => {
      alive = false;
      if (waiting.get(key)?.pty !== pty) return;
      waiting.delete(key);
      failures.set(key, (failures.get(key) ?? 0) + 1);
      discard();
    });
    const discard = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    return { key, pty, discard, alive: () => alive && !diedReady(folder) };
  }

  function end(worker: Waiting): void {
    waiting.delete(worker.key);
    worker.pty.onExit(() => worker.discard());
    worker.pty.release();
    worker.discard();
  }

  return {
    want(kinds, mayLaunch) {
      const keys = new Map(kinds.map((kind) => [JSON.stringify(kind), kind]));
      for (const worker of [...waiting.values()]) if (!keys.has(worker.key)) end(worker);
      for (const [key, kind] of keys) {
        if (!mayLaunch || waiting.has(key) || (failures.get(key) ?? 0) >= 2) continue;
        waiting.set(key, launch(kind, key));
      }
    },
    take(kind) {
      const worker = waiting.get(JSON.stringify(kind));
      if (!worker) return null;
      waiting.delete(worker.key);
      return worker.alive() ? worker : null;
    },
    close() {
      for (const worker of [...waiting.values()]) end(worker);
    },
  };
}
