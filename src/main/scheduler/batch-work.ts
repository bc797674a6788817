import { join } from 'node:path';
import { countStates, groupOf } from '../../shared/domain/counts.ts';
import { phasesOf } from '../../shared/domain/phases.ts';
import { batchProgress } from '../../shared/domain/progress.ts';
import { isQueued } from '../../shared/domain/status.ts';
import type {
  BatchCounts,
  BatchDetail,
  BatchProgress,
  BatchRecord,
  BatchState,
  Change,
} from '../../shared/model/batch.ts';
import type { ExperimentRecord, RunRecord } from '../../shared/model/run.ts';
import { appendJournal, type BatchFile, type JournalEntry, readBatchFolder } from '../store/batch-file.ts';
import { batchFolder, batchRecord, lastWorkers } from '../store/batch-folder.ts';
import type { LiveRun } from '../worker/live-run.ts';
import type { WorkerKind } from '../worker/standby-pool.ts';
import type { HookBatch } from './hooks.ts';

/** Why the worker count changed, where a person changed it. */
export const ASKED_FOR = 'asked for';

/** What the scheduler needs to know of a workload beyond its plan. */
export interface WorkloadFacts {
  /** Absolute folder with `train.py`. */
  readonly folder: string;
  readonly requires: readonly string[];
  readonly gpuLoad: 'light' | 'heavy';
  readonly mainMetric: string | null;
}

/** A live run with what is measured of it. */
export interface Running {
  readonly live: LiveRun;
  readonly index: number;
  readonly attempt: number;
  /** From 1; the row that the run has in the lanes. */
  readonly lane: number;
  readonly device: string;
  readonly memoryMb: number;
  usedMb: number | null;
  peakMb: number | null;
  cpuPercent: number | null;
  /** Set when the scheduler itself stopped it for want of memory: it is queued again. */
  yielded: string | null;
}

/** A batch that is being worked on: the scheduler's own copy, recorded through the store. */
export interface BatchWork {
  readonly id: string;
  readonly folder: string;
  readonly file: BatchFile;
  readonly python: string;
  readonly workload: WorkloadFacts;
  readonly journal: JournalEntry[];
  state: BatchState;
  /** Nothing starts until its smoke run has passed. */
  held: boolean;
  /** Changed by `setExperiment` alone, which keeps the next two in step. */
  readonly experiments: Map<number, ExperimentRecord>;
  /** Indices of those that are queued. */
  readonly queued: Set<number>;
  readonly counts: BatchCounts;
  readonly runs: Map<string, RunRecord>;
  /** Null = to be worked out anew. It looks at every experiment and every run, hence not at every change. */
  progress: BatchProgress | null;
  readonly running: Map<number, Running>;
  /** Of workers, by device and granted memory: asked for at every turn, and seldom another. */
  readonly kinds: Map<string, WorkerKind>;
  /** When each lane became free, and each experiment was queued, in Unix seconds. */
  readonly laneFreeAt: Map<number, number>;
  readonly queuedAt: Map<number, number>;
  resourceFailures: number;
  readonly changed: Map<string, Change>;
}

export interface LoadOptions {
  readonly workspace: string;
  readonly detail: BatchDetail;
  readonly workload: WorkloadFacts;
  readonly python: string;
  readonly state: BatchState;
}

/** Takes up a batch from its folder and its records; null if its folder has become unreadable. */
export function loadWork({ workspace, detail, workload, python, state }: LoadOptions): BatchWork | null {
  const { id } = detail.batch;
  const folder = batchFolder(workspace, id);
  const read = readBatchFolder(folder);
  if (read.kind === 'damaged') return null;
  const { experiments } = detail;
  return {
    id,
    folder,
    file: read.file,
    python,
    workload: { ...workload, ...suiteFacts(read.file) },
    journal: [...read.journal],
    state,
    held: false,
    experiments: new Map(experiments.map((record) => [record.index, record])),
    queued: new Set(experiments.filter(({ state: one }) => isQueued(one)).map(({ index }) => index)),
    counts: countStates(experiments.map(({ state: one }) => one)),
    progress: null,
    runs: new Map(detail.runs.map((record) => [runKey(record), record])),
    running: new Map(),
    kinds: new Map(),
    laneFreeAt: new Map(),
    queuedAt: new Map(),
    resourceFailures: 0,
    changed: new Map(),
  };
}

/** A suite knows its command better than the workload that runs any command. */
function suiteFacts({ plan: { suite } }: BatchFile): Partial<WorkloadFacts> {
  return {
    ...(suite?.mainMetric && { mainMetric: suite.mainMetric }),
    ...(suite?.gpuLoad && { gpuLoad: suite.gpuLoad }),
  };
}

export function setExperiment(work: BatchWork, value: ExperimentRecord): void {
  const before = work.experiments.get(value.index);
  if (!before) throw new Error(`There is no experiment ${value.index} in the batch ${work.id}.`);
  work.counts[groupOf(before.state)] -= 1;
  work.counts[groupOf(value.state)] += 1;
  if (isQueued(value.state)) work.queued.add(value.index);
  else work.queued.delete(value.index);
  work.experiments.set(value.index, value);
  work.changed.set(`experiment ${value.index}`, { kind: 'experiment', value });
}

export function setRun(work: BatchWork, value: RunRecord): void {
  work.runs.set(runKey(value), value);
  work.changed.set(`run ${runKey(value)}`, { kind: 'run', value });
}

/** Writes to the journal first: what is not on disk has not been asked for. Throws ExpectedError('disk-full'). */
export function note(work: BatchWork, entry: JournalEntry): void {
  appendJournal(work.folder, entry);
  work.journal.push(entry);
}

/** The changes since the last call, the batch itself first. */
export function takeChanges(work: BatchWork, now: number): Change[] {
  const changes = [...work.changed.values()];
  work.changed.clear();
  return [{ kind: 'batch', value: recordOf(work, now) }, ...changes];
}

export function recordOf(work: BatchWork, now: number): BatchRecord {
  const { file, journal, state } = work;
  const experiments = work.experiments.values();
  const runs = [...work.runs.values()];
  work.progress ??= batchProgress({
    experiments: [...experiments],
    runs,
    workers: workersOf(work),
    phases: phasesOf(file.plan),
    now,
  });
  const known = { state, counts: { ...work.counts }, progress: work.progress };
  return batchRecord({ file, journal, runs, known });
}

export function workersOf(work: Pick<BatchWork, 'journal'> & { file: Pick<BatchFile, 'plan'> }): number {
  return lastWorkers(work.file, work.journal);
}

/** The worker count is a person's choice; one that the scheduler lowered later still is. */
export function workersAsked(work: BatchWork): boolean {
  return (
    work.file.plan.request.workers > 0 ||
    work.journal.some((entry) => entry.kind === 'workers' && entry.why === ASKED_FOR)
  );
}

/** The smallest lane that nobody uses. */
export function freeLane(work: BatchWork): number {
  const used = new Set([...work.running.values()].map((running) => running.lane));
  let lane = 1;
  while (used.has(lane)) lane += 1;
  return lane;
}

/** The attempt behind which a person wanted an experiment to run anew; null = nobody did. */
export function anewAfter({ journal }: Pick<BatchWork, 'journal'>, index: number): number | null {
  const asked = journal.findLast(
    (entry) =>
      entry.kind === 'again' && entry.anew === true && entry.experiments.some((one) => one.index === index),
  );
  if (asked?.kind !== 'again') return null;
  return asked.experiments.find((one) => one.index === index)?.after ?? null;
}

/** Absolute folders of the attempts that an experiment may go on from, oldest first. */
export function attemptFolders(
  work: Pick<BatchWork, 'runs' | 'journal'>,
  workspace: string,
  index: number,
): string[] {
  const begun = anewAfter(work, index) ?? 0;
  return [...work.runs.values()]
    .filter((run) => run.index === index && run.attempt > begun)
    .toSorted((a, b) => a.attempt - b.attempt)
    .map((run) => join(workspace, run.folder));
}

/** Automatic attempts that an experiment has been given since a person last asked for it. */
export function automaticAttempts(work: BatchWork, index: number): number {
  const own = work.journal.filter(
    (entry) => entry.kind === 'again' && entry.experiments.some((one) => one.index === index),
  );
  const lastAsked = own.findLastIndex((entry) => entry.kind === 'again' && !entry.automatic);
  return own.length - 1 - lastAsked;
}

/** What hooks need to know of a batch. */
export function hookBatch({ id, folder, file, journal, state, counts }: BatchWork): HookBatch {
  return { id, title: file.title, folder, file, journal, state, counts };
}

function runKey(run: { index: number; attempt: number }): string {
  return `${run.index}/${run.attempt}`;
}
