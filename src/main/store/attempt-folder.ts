import { closeSync, existsSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { endState, exitReason, lostEnding } from '../../shared/domain/exit-reason.ts';
import type { RunEvent } from '../../shared/model/event.ts';
import type { Json } from '../../shared/model/json.ts';
import type { ExperimentState, RunRecord } from '../../shared/model/run.ts';
import { isAlive } from '../platform/process-identity.ts';
import { eachEvent } from './events-file.ts';
import { type ResultFile, readResult } from './result-file.ts';
import { type RunFile, readDiagnosis, readRunFile, readStatusFile, type StatusFile } from './run-file.ts';

/** Of the terminal output, this much is looked at for the cause of an end. */
const TAIL_BYTES = 64 * 1024;

export type Row = Readonly<Record<string, Json>>;

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
}

/** Reads an attempt as it is now: live ones too. Damaged files become problems and, at worst, a lost run. */
export function readAttempt(place: AttemptPlace): Attempt {
  const folder = join(place.workspace, place.folder);
  const problems: string[] = [];
  const run = readRunFile(folder);
  const status = readStatusFile(folder);
  if (run.kind === 'rubbish') problems.push(run.sentence);
  if (status.kind === 'rubbish') problems.push(status.sentence);
  const file = run.kind === 'ok' ? run.value : null;
  const seen = readEvents(folder);
  if (seen.bad > 0)
    problems.push(
      `${join(folder, 'events.jsonl')} has ${seen.bad} lines that are no events; they were left out.`,
    );
  const live = status.kind === 'ok' ? liveState(status.value) : null;
  const facts = status.kind === 'ok' ? status.value : null;
  const end = live ?? endOf({ place, folder, file, status: facts, seen });
  const succeeded = end.kind === 'succeeded';
  if (end.kind === 'failed' && end.reason.kind === 'invalid-result')
    problems.push(`${place.folder}: ${end.reason.sentence}`);
  const result =
    succeeded || end.kind === 'partial'
      ? readResult(folder, { identity: place.identity, rows: seen.rows.length })
      : null;
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
      peakMb: peakOf(facts, seen.peakBytes),
      cpuSeconds: facts?.cpuSeconds ?? null,
      standby: file?.standby ?? false,
    },
    file,
    status: facts,
    result: result?.kind === 'valid' ? result.value : null,
    summary: result !== null && 'value' in result ? result.value.summary : null,
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

interface Seen {
  readonly rows: Row[];
  readonly bad: number;
  readonly lastAt: number | null;
  readonly firstStepAt: number | null;
  readonly error: { class: string; text: string } | null;
  readonly peakBytes: number | null;
}

function readEvents(folder: string): Seen {
  const rows: Row[] = [];
  let started = false;
  let lastAt: number | null = null;
  let firstStepAt: number | null = null;
  let peakBytes: number | null = null;
  let error: Seen['error'] = null;
  const bad = eachEvent(folder, (event) => {
    lastAt = event.t;
    if (event.kind === 'start') started = true;
    if (event.kind === 'row') rows.push(event.row);
    if (event.kind === 'error') error = { class: event.class, text: event.text };
    if (event.kind === 'memory')
      peakBytes = Math.max(peakBytes ?? 0, event.peak ?? event.driver ?? 0) || null;
    if (started && firstStepAt === null && isStep(event)) firstStepAt = event.t;
  });
  return { rows, bad, lastAt, firstStepAt, error, peakBytes };
}

/** The first sign that the training itself has begun. */
export function isStep(event: RunEvent): boolean {
  return (
    event.kind === 'progress' || event.kind === 'metric' || event.kind === 'phase' || event.kind === 'row'
  );
}

interface EndSources {
  readonly place: AttemptPlace;
  readonly folder: string;
  readonly file: RunFile | null;
  readonly status: StatusFile | null;
  readonly seen: Seen;
}

function endOf({ place, folder, file, status, seen }: EndSources): ExperimentState {
  const diagnosis = readDiagnosis(folder);
  const checkpoint = hasWhole(join(folder, 'checkpoint'));
  const result = readResult(folder, { identity: place.identity, rows: seen.rows.length });
  const whole = result.kind === 'valid' || result.kind === 'partial';
  const lost = !diagnosis && (status === null || status.state !== 'exited') && !whole;
  if (lost) return endState(lostEnding(checkpoint), lostTimes(folder, status, seen));
  const ending = exitReason({
    exitCode: status?.exitCode ?? null,
    signal: status?.signal ?? null,
    stopReason: status?.stopReason ?? null,
    cancelAsked: place.cancelAsked,
    message: status?.message ?? null,
    timeoutSeconds: file?.timeoutSeconds ?? null,
    device: file?.device ?? 'cpu',
    tail: readTail(join(folder, 'output.log')),
    error: seen.error,
    result: 'sentence' in result ? { kind: result.kind, sentence: result.sentence } : { kind: result.kind },
    checkpoint,
    diagnosis,
  });
  return endState(
    ending,
    status?.endedAt === null || status === null ? lostTimes(folder, status, seen) : statusTimes(status),
  );
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

function peakOf(status: StatusFile | null, eventPeakBytes: number | null): number | null {
  const bytes = Math.max(status?.peakMemoryBytes ?? 0, eventPeakBytes ?? 0);
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
