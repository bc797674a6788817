import { accessSync, constants } from 'node:fs';
import type { Diagnosis } from '../../shared/domain/exit-reason.ts';
import { ExpectedError } from '../../shared/model/error.ts';
import type { Clock } from '../platform/clock.ts';
import type { Pty, SpawnPty } from '../platform/pty.ts';
import type { RunFile } from '../store/run-file.ts';
import { followRun, type LiveRun } from './live-run.ts';
import { copySupervisor, prepareRunFolder, writeStartFailure } from './run-folder.ts';
import { createStandbyPool, type StandbyWorker, type WorkerKind } from './standby-pool.ts';

export interface WorkersOptions {
  readonly workspace: string;
  /** Folder with `python/` and `workloads/`. */
  readonly resources: string;
  readonly clock: Clock;
  readonly spawn: SpawnPty;
  /** Start workers ahead of need. */
  readonly standby: boolean;
  readonly observe: () => Pick<Diagnosis, 'swapGrowthBytes' | 'pressure'>;
}

export interface StartRequest {
  /** Absolute; made by this call. */
  readonly folder: string;
  readonly file: RunFile;
  readonly kind: WorkerKind;
  readonly mainMetric: string | null;
  readonly onChange: () => void;
}

export type AdoptRequest = Pick<StartRequest, 'folder' | 'file' | 'mainMetric' | 'onChange'>;

/** Starts runs in their folders and takes over those that live already. */
export interface Workers {
  /** Throws ExpectedError('disk-full'); any other trouble becomes a run that failed to start. */
  start(request: StartRequest): LiveRun;
  adopt(request: AdoptRequest): LiveRun;
  /** Kinds of which one worker should stand ready; with `mayLaunch` false none is started now. */
  prepare(kinds: readonly WorkerKind[], mayLaunch: boolean): void;
  /** Ends the workers on standby. Live runs are let go of by their own `close`. */
  close(): void;
}

export function createWorkers(options: WorkersOptions): Workers {
  const { clock, resources } = options;
  const pool = createStandbyPool(options);

  function startCold(request: StartRequest): Pty | null {
    const { folder, kind } = request;
    try {
      accessSync(kind.python, constants.X_OK);
    } catch {
      writeStartFailure(folder, {
        pid: 0,
        now: clock.now(),
        message: `the interpreter ${kind.python} cannot be executed`,
      });
      return null;
    }
    try {
      const supervisor = copySupervisor(resources, folder);
      return options.spawn({
        file: kind.python,
        args: ['-I', '-S', supervisor, folder],
        cwd: folder,
        env: kind.environment,
      });
    } catch (error) {
      // node-pty says "posix_spawnp failed" for most causes, file descriptors running out among them.
      writeStartFailure(folder, {
        pid: 0,
        now: clock.now(),
        message: error instanceof Error ? error.message : String(error),
      });
      return null;
    }
  }

  /** On a full disk the attempt stays without a word, and counts as interrupted. */
  function tryStartFailure(folder: string, message: string): void {
    try {
      writeStartFailure(folder, { pid: 0, now: clock.now(), message });
    } catch (error) {
      if (!(error instanceof ExpectedError)) throw error;
    }
  }

  function startWarm(worker: StandbyWorker, request: StartRequest): Pty {
    worker.pty.write(`${request.folder}\n`);
    try {
      copySupervisor(resources, request.folder);
    } catch {
      // The run has its supervisor already; the copy is only for whoever looks at the folder later.
    }
    return worker.pty;
  }

  function start(request: StartRequest): LiveRun {
    const { folder } = request;
    const worker = pool.take(request.kind);
    const file = { ...request.file, standby: worker !== null };
    prepareRunFolder(folder, file);
    let warm = worker !== null;
    const pty = worker ? startWarm(worker, request) : startCold(request);
    const live = followRun({
      ...request,
      file,
      clock,
      pty,
      observe: options.observe,
      onSilentEnd(exitCode, tail) {
        if (warm) {
          warm = false;
          return startCold(request);
        }
        const said = tail.trim().split('\n').at(-1)?.trim() ?? '';
        tryStartFailure(folder, said || `exit code ${exitCode}`);
        return null;
      },
    });
    if (worker) void live.ended.then(() => worker.discard());
    return live;
  }

  return {
    start,
    adopt: (request) =>
      followRun({ ...request, clock, pty: null, observe: options.observe, onSilentEnd: () => null }),
    prepare: (kinds, mayLaunch) => pool.want(options.standby ? kinds : [], mayLaunch),
    close: () => pool.close(),
  };
}
