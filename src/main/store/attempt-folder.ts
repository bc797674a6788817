import { closeSync, existsSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { endState, exitReason, lostEnding } from '../../shared/domain/exit-reason.ts';
import type { ExperimentState, RunRecord } from '../../shared/model/run.ts';
import { isAlive } from '../platform/process-identity.ts';
import { type Row, readSeen, readSeenInPieces, type Seen } from './attempt-events.ts';
import { type ResultFile, type ResultRead, readResult } from './result-file.ts';
import {
  type Read,
  type RunFile,
  readDiagnosis,
  readRunFile,
  readStatusFile,
  type StatusFile,
} from './run-file.ts';

/** Of the terminal output, this much is looked at for the cause of an end. */
const TAIL_BYTES = 64 * 1024;

/** All that one attempt's folder says. The index holds nothing about a run that is not derived from here. */
export interface Attempt {
  readonly run: RunRecord;
  readonly file: RunFile | null;
  readonly status: StatusFile | null;
  /** Only of an attempt that succeeded. */
  readonly result: ResultFile | null;
  /** The workload's own, of an attempt that succeeded at least in part. */
  readonly summary: ResultFile['summary'] | null;
  readonly rows: readonly Row[];
  readonly problems: readonly string[];
}

export interface AttemptPlace {
  readonly workspace: string;
  readonly batch: string;
  /** Relative to the workspace. */
  readonly folder: string;
  readonly index: number;
  readonly attempt: number;
  readonly identity: string;
  /** The journal says that somebody asked for a cancel. */
  readonly cancelAsked: boolean;
  /** Its `run.json`, where that is known already. */
  readonly file?: RunFile;
}

/** Reads an attempt as it is now: live ones too. Damaged files become problems and, at worst, a lost run. */
export function readAttempt(place: AttemptPlace): Attempt {
  return attemptOf(place, readSeen(join(place.workspace, place.folder)));
}

/** The same for a run that has just ended: a large file of events holds up nobody else. */
export async function readAttemptInPieces(place: AttemptPlace): Promise<Attempt> {
  return attemptOf(place, await readSeenInPieces(join(place.workspace, place.folder)));
}

function attemptOf(place: AttemptPlace, seen: Seen): Attempt {
  const folder = join(place.workspace, place.folder);
  const problems: string[] = [];
  const run: Read<RunFile> = place.file ? { kind: 'ok', value: place.file } : readRunFile(folder);
  const status = readStatusFile(folder);
  if (run.kind === 'rubbish') problems.push(run.sentence);
  if (status.kind === 'rubbish') problems.push(status.sentence);
  const file = run.kind === 'ok' ? run.value : null;
  if (seen.bad > 0)
    problems.push(
      `${join(folder, 'events.jsonl')} has ${seen.bad} lines that are no events; they were left out.`,
    );
  const facts = status.kind === 'ok' ? status.value : null;
  const live = facts && liveState(facts);
  const { end, result } = live
    ? { end: live, result: null }
    : endOf({ place, folder, file, status: facts, seen });
  const succeeded = end.kind === 'succeeded';
  if (end.kind === 'failed' && end.reason.kind === 'invalid-result')
    problems.push(`${place.folder}: ${end.reason.sentence}`);
  const counts = succeeded || end.kind === 'partial';
  return {
    run: {
      batch: place.batch,
      index: place.index,
      attempt: place.attempt,
      folder: place.folder,
      worker: file?.worker ?? 1,
      device: file?.hostDevice ?? file?.device ?? 'cpu',
      threads: file?.threads ?? 1,
      state: end,
      startedAt: 'startedAt' in end ? end.startedAt : (facts?.startedAt ?? 0),
      endedAt: 'endedAt' in end ? end.endedAt : null,
      startupSeconds: startupOf(file, seen.firstStepAt),
      peakMb: peakOf(facts, seen.peakBytes, file?.devices?.length ?? 1),
      cpuSeconds: facts?.cpuSeconds ?? null,
      standby: file?.standby ?? false,
      ...(Object.keys(seen.metrics).length > 0 && { metrics: seen.metrics }),
    },
    file,
    status: facts,
    result: counts && result?.kind === 'valid' ? result.value : null,
    summary: counts && result !== null && 'value' in result ? result.value.summary : null,
    rows: succeeded ? seen.rows : [],
    problems,
  };
}

/** The state of an attempt whose supervisor lives; null once it has ended or is gone. */
export function liveState(status: StatusFile): ExperimentState | null {
  if (status.state === 'exited') return null;
  const { pid, start } = status.supervisor;
  if (start === null || !isAlive(pid, start)) return null;
  return { kind: status.state, since: status.startedAt };
}

/** The newest checkpoint folder of the earlier attempts; null = start from the beginning. */
export function newestCheckpoint(attemptFolders: readonly string[]): string | null {
  return attemptFolders.map((folder) => join(folder, 'checkpoint')).findLast(hasWhole) ?? null;
}

/** Seconds from the free place to the first step; the step comes after `start` by definition. */
export function startupOf(file: RunFile | null, firstStepAt: number | null): number | null {
  if (firstStepAt === null || file?.slotFreeAt === null || file?.slotFreeAt === undefined) return null;
  return Math.max(0, firstStepAt - file.slotFreeAt);
}

/** The last part of a file as text; one that cannot be read gives an empty text. */
export function readTail(path: string, bytes = TAIL_BYTES): string {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return '';
  }
  try {
    const { size } = fstatSync(file);
    const buffer = Buffer.alloc(Math.min(size, bytes));
    readSync(file, buffer, 0, buffer.length, size - buffer.length);
    return buffer.toString('utf8');
  } catch {
    return '';
  } finally {
    closeSync(file);
  }
}

interface EndSources {
  readonly place: AttemptPlace;
  readonly folder: string;
  readonly file: RunFile | null;
  readonly status: StatusFile | null;
  readonly seen: Seen;
}

interface End {
  readonly end: ExperimentState;
  readonly result: ResultRead | null;
}

function endOf({ place, folder, file, status, seen }: EndSources): End {
  // Written only where a run was killed, or its supervisor.
  const diagnosis = status?.exitCode === 0 ? null : readDiagnosis(folder);
  const hasCheckpoint = (): boolean => hasWhole(join(folder, 'checkpoint'));
  const result = readResult(folder, { identity: place.identity, rows: seen.rows.length });
  const whole = result.kind === 'valid' || result.kind === 'partial';
  const lost = !diagnosis && (status === null || status.state !== 'exited') && !whole;
  if (lost) return { end: endState(lostEnding(hasCheckpoint()), lostTimes(folder, status, seen)), result };
  const ending = exitReason({
    exitCode: status?.exitCode ?? null,
    signal: status?.signal ?? null,
    stopReason: status?.stopReason ?? null,
    cancelAsked: place.cancelAsked,
    message: status?.message ?? null,
    timeoutSeconds: file?.timeoutSeconds ?? null,
    device: file?.device ?? 'cpu',
    error: seen.error,
    result: 'sentence' in result ? { kind: result.kind, sentence: result.sentence } : { kind: result.kind },
    diagnosis,
    // Looked at only for an end that needs it.
    get tail() {
      return readTail(join(folder, 'output.log'));
    },
    get checkpoint() {
      return hasCheckpoint();
    },
  });
  const known = status !== null && status.endedAt !== null;
  return { end: endState(ending, known ? statusTimes(status) : lostTimes(folder, status, seen)), result };
}

/** A clock that was set back must not end a run before it began. */
function statusTimes(status: StatusFile): { startedAt: number; endedAt: number; seconds: number } {
  const { startedAt, seconds } = status;
  return { startedAt, seconds, endedAt: Math.max(status.endedAt ?? 0, startedAt + seconds) };
}

/** The last sign of life stands for the end that nobody saw. */
function lostTimes(
  folder: string,
  status: StatusFile | null,
  seen: Seen,
): { startedAt: number; endedAt: number; seconds: number } {
  const began = status?.startedAt ?? modifiedAt(join(folder, 'run.json')) ?? 0;
  const ended = Math.max(
    began,
    status?.updatedAt ?? 0,
    seen.lastAt ?? 0,
    modifiedAt(join(folder, 'output.log')) ?? 0,
  );
  return { startedAt: began, endedAt: ended, seconds: Math.max(status?.seconds ?? 0, ended - began) };
}

/** The kernel tells the highest of the processes, and those of a run of several devices are as large as each other. */
function peakOf(status: StatusFile | null, eventPeakBytes: number | null, processes: number): number | null {
  const bytes = Math.max(status?.peakMemoryBytes ?? 0, eventPeakBytes ?? 0) * processes;
  return bytes > 0 ? bytes / 2 ** 20 : null;
}

function modifiedAt(path: string): number | null {
  const milliseconds = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  return milliseconds === undefined ? null : milliseconds / 1000;
}

/** `latest.json` names the checkpoint that is whole; without it there is at best a half-written one. */
function hasWhole(folder: string): boolean {
  return existsSync(join(folder, 'latest.json'));
}
