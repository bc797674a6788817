import { existsSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Diagnosis } from '../../shared/domain/exit-reason.ts';
import { ExpectedError } from '../../shared/model/error.ts';
import type { Clock } from '../platform/clock.ts';
import type { Pty } from '../platform/pty.ts';
import type { Pulse } from '../platform/pulse.ts';
import { createEventsReader } from '../store/events-file.ts';
import { type RunFile, readStatusFile, type StatusFile, writeDiagnosis } from '../store/run-file.ts';
import { watchFolder } from './folder-watch.ts';
import { typeIntoInlet } from './inlet.ts';
import { kernelKillLine } from './kernel-log.ts';
import { createRunProgress, type RunProgress } from './run-progress.ts';
import { isSameProcess, killOrphan, type RunSignal, signalSupervisor } from './supervisor-signal.ts';

/** How often the supervisor of a run is looked up, in seconds: on a Mac each look costs a `ps`. */
const LIVENESS_SECONDS = 2;

/** A run that lives, ours or adopted. */
export interface LiveRun {
  readonly file: RunFile;
  /** Absolute. */
  readonly folder: string;
  readonly progress: RunProgress;
  /** Newest status; null before the first one. */
  readonly status: StatusFile | null;
  /** Unix seconds of the last output; null = none yet. */
  lastOutputAt(): number | null;
  /** Sent at once, or as soon as the supervisor is there to receive it. */
  signal(signal: RunSignal): void;
  /** Types into the run's terminal; false = there is no way in: not ours, and on a volume without named pipes. */
  type(text: string): boolean;
  /** Resolves when the run has ended and its folder says so; `folder-missing` when there is none. */
  readonly ended: Promise<'ended' | 'folder-missing'>;
  /** Stops following. The run lives on; `ended` stays open. */
  close(): void;
}

export interface LiveRunOptions {
  readonly file: RunFile;
  readonly folder: string;
  readonly clock: Clock;
  /** How often the folder is looked at. */
  readonly pulse: Pulse;
  readonly mainMetric: string | null;
  /** Our end of the supervisor's terminal; null for an adopted run. */
  readonly pty: Pty | null;
  /** Something new is known. May be called often. */
  readonly onChange: () => void;
  /** The state of the machine's memory, for a run that was killed. */
  readonly observe: () => Pick<Diagnosis, 'swapGrowthBytes' | 'pressure'>;
  /** The supervisor ended without a word: start it again (a dead standby worker), or null to record the failure. */
  readonly onSilentEnd: (exitCode: number, tail: string) => Pty | null;
}

export function followRun(options: LiveRunOptions): LiveRun {
  const { file, folder, clock } = options;
  const progress = createRunProgress(options.mainMetric);
  const events = createEventsReader(folder);
  const waitingSignals: RunSignal[] = [];
  let pty = options.pty;
  let status: StatusFile | null = null;
  let statusStamp = '';
  let lookedAt = clock.monotonic();
  let finishing = false;
  /** There are more events in the file than were read at once. */
  let unread = false;
  let closed = false;
  let resolveEnd: (how: 'ended' | 'folder-missing') => void = () => undefined;
  const ended = new Promise<'ended' | 'folder-missing'>((resolve) => {
    resolveEnd = resolve;
  });

  function readStatus(): boolean {
    const found = statOrNull(join(folder, 'status.json'));
    const stamp = found ? `${found.ino} ${found.mtimeMs} ${found.size}` : '';
    if (stamp === statusStamp) return false;
    const read = readStatusFile(folder);
    if (read.kind !== 'ok') return false;
    statusStamp = stamp;
    status = read.value;
    return true;
  }

  function readEvents(): boolean {
    const read = events.read();
    for (const event of read.events) progress.take(event);
    // The rest at the next turn of the loop, so that a flood of events holds up nothing else.
    unread = read.more;
    if (unread) setImmediate(check);
    return read.events.length > 0;
  }

  function check(): void {
    if (finishing || closed) return;
    const news = [readStatus(), readEvents()].includes(true);
    if (status && status.state !== 'exited')
      for (const signal of waitingSignals.splice(0)) signalSupervisor(status.supervisor, signal);
    if (news) options.onChange();
    if (status?.state === 'exited' && !unread) void finish();
    else if (!status && pty && !existsSync(folder)) pty.end();
    else if (status && clock.monotonic() - lookedAt >= LIVENESS_SECONDS) lookAtSupervisor();
  }

  function lookAtSupervisor(): void {
    lookedAt = clock.monotonic();
    if (!status) return;
    const alive = isSameProcess(status.supervisor);
    if (!existsSync(folder)) {
      // Its record is gone for good: end it, and wait until it has.
      if (alive) signalSupervisor(status.supervisor, 'cancel');
      else void finish();
    } else if (!alive && !(readStatus() && status.state === 'exited')) {
      lose(status);
    } else if (!alive) {
      void finish();
    }
  }

  /** Nobody will ever write how this run ended, so we do. */
  function lose(last: StatusFile): void {
    if (last.process) killOrphan(last.process);
    diagnose({ supervisorLost: true, kernelLine: null });
    void finish();
  }

  /** On a full disk the cause is lost, the end is not. */
  function diagnose(facts: Pick<Diagnosis, 'supervisorLost' | 'kernelLine'>): void {
    try {
      writeDiagnosis(folder, { ...facts, folderMissing: false, ...options.observe() });
    } catch (error) {
      if (!(error instanceof ExpectedError)) throw error;
    }
  }

  async function finish(): Promise<void> {
    if (finishing || closed) return;
    finishing = true;
    stopWatching();
    const killed = status?.state === 'exited' && status.signal === 'SIGKILL' && status.stopReason === null;
    if (killed && status?.process && existsSync(folder)) {
      const kernelLine = await kernelKillLine(status.process.pid);
      diagnose({ supervisorLost: false, kernelLine });
    }
    resolveEnd(existsSync(folder) ? 'ended' : 'folder-missing');
  }

  function onPtyExit(exitCode: number): void {
    pty = null;
    if (finishing || closed) return;
    check();
    if (finishing) return;
    if (status) {
      lookAtSupervisor();
    } else if (existsSync(folder)) {
      const next = options.onSilentEnd(exitCode, options.pty?.tail() ?? '');
      attach(next);
      check();
      if (!next && !status) void finish();
    } else {
      void finish();
    }
  }

  function attach(next: Pty | null): void {
    pty = next;
    next?.onExit((end) => onPtyExit(end.exitCode));
  }

  const stopWatching = watchFolder({
    folder,
    onChange: check,
    urgent: 'status.json',
    single: process.platform === 'darwin',
    pulse: options.pulse,
  });
  attach(options.pty);
  check();

  return {
    file,
    folder,
    progress,
    ended,
    get status() {
      return status;
    },
    lastOutputAt() {
      const found = statOrNull(join(folder, 'output.log'));
      return found && found.size > 0 ? found.mtimeMs / 1000 : null;
    },
    signal(signal) {
      if (status) signalSupervisor(status.supervisor, signal);
      else waitingSignals.push(signal);
    },
    type(text) {
      if (file.inputFile && typeIntoInlet(file.inputFile, text)) return true;
      pty?.write(text);
      return pty !== null;
    },
    close() {
      closed = true;
      stopWatching();
      pty?.release();
      pty = null;
    },
  };
}

/** A volume that fails for a moment must not end the app: the next look may tell more. */
function statOrNull(path: string): Stats | null {
  try {
    return statSync(path);
  } catch {
    return null;
  }
}
