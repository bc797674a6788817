import { accessSync, constants } from 'node:fs';
import type { Diagnosis } from '../../shared/domain/exit-reason.ts';
import { ExpectedError } from '../../shared/model/error.ts';
import type { Clock } from '../platform/clock.ts';
import type { Pty, SpawnPty } from '../platform/pty.ts';
import { createPulse } from '../platform/pulse.ts';
import type { RunFile } from '../store/run-file.ts';
import { followRun, type LiveRun } from './live-run.ts';
import { clearInlets } from './inlet.ts';
import { canRelay, createRelayPool } from './relay-pool.ts';
import { copySupervisor, prepareRunFolder, writeStartFailure } from './run-folder.ts';
import { createStandbyPool, type StandbyWorker, type WorkerKind } from './standby-pool.ts';

/** How often the folders of live runs are looked at, in milliseconds: nobody reads a curve faster. */
const LOOK_MS = 500;

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

interface Warm {
  /** It waited already. */
  readonly ready: boolean;
  hand(folder: string): Pty;
  finish(): void;
}

export function createWorkers(options: WorkersOptions): Workers {
  const { clock, resources } = options;
  const pool = createStandbyPool(options);
  const relays = createRelayPool(options);
  const pulse = createPulse(LOOK_MS);
  clearInlets(options.workspace);

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

  function startStandby(worker: StandbyWorker, folder: string): Pty {
    worker.pty.write(`${folder}\n`);
    try {
      copySupervisor(resources, folder);
    } catch {
      // The run has its supervisor already; the copy is only for whoever looks at the folder later.
    }
    return worker.pty;
  }

  /** A process that has its imports behind it, or null: then the run starts cold. */
  function takeWarm(kind: WorkerKind): Warm | null {
    if (!options.standby) return null;
    const worker = pool.take(kind);
    if (worker)
      return {
        ready: true,
        hand: (folder) => startStandby(worker, folder),
        finish: () => worker.discard(),
      };
    try {
      return relays.take(kind);
    } catch {
      return null; // the cold start tells what is wrong
    }
  }

  function start(request: StartRequest): LiveRun {
    const { folder } = request;
    const worker = takeWarm(request.kind);
    const file = { ...request.file, standby: worker?.ready ?? false };
    try {
      prepareRunFolder(folder, file);
    } catch (error) {
      worker?.finish();
      throw error;
    }
    let warm = worker !== null;
    const pty = worker ? worker.hand(folder) : startCold(request);
    const live = followRun({
      ...request,
      file,
      clock,
      pulse,
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
    if (worker) void live.ended.then(() => worker.finish());
    return live;
  }

  return {
    start,
    adopt: (request) =>
      followRun({ ...request, clock, pulse, pty: null, observe: options.observe, onSilentEnd: () => null }),
    prepare(kinds, mayLaunch) {
      const wanted = options.standby ? kinds : [];
      // A relay is started by its first run; it costs no more than a cold start.
      pool.want(
        wanted.filter((kind) => !canRelay(kind)),
        mayLaunch,
      );
      relays.keep(wanted);
    },
    close() {
      pool.close();
      relays.close();
    },
  };
}
