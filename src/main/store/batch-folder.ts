import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { countStates } from '../../shared/domain/counts.ts';
import { startPositions } from '../../shared/domain/start-order.ts';
import { phasesOf } from '../../shared/domain/phases.ts';
import { batchProgress } from '../../shared/domain/progress.ts';
import type { BatchDetail, BatchRecord } from '../../shared/model/batch.ts';
import type { PlannedExperiment } from '../../shared/model/plan.ts';
import type { ExperimentRecord, RunRecord } from '../../shared/model/run.ts';
import { codeOf } from '../platform/atomic-file.ts';
import { type Attempt, readAttempt } from './attempt-folder.ts';
import { type BatchFile, type JournalEntry, readBatchFolder } from './batch-file.ts';
import { cancelWasAsked, queuedState, restingState } from './derived-state.ts';
import type { StoredResult } from './store.ts';

export interface RebuiltResult {
  readonly result: StoredResult;
  readonly rows: Attempt['rows'];
}

/** A batch as its folder alone tells it. */
export type RebuiltBatch =
  | {
      readonly kind: 'ok';
      readonly detail: BatchDetail;
      readonly results: readonly RebuiltResult[];
      readonly problems: readonly string[];
    }
  | { readonly kind: 'damaged'; readonly id: string; readonly createdAt: number; readonly sentence: string };

/** Folder of an attempt, relative to the workspace. The slug is for people; only the index names the experiment. */
export function attemptFolder(
  batch: string,
  experiment: { index: number; name: string },
  attempt: number,
): string {
  return join('batches', batch, 'runs', `${experiment.index}-${slug(experiment.name)}`, `attempt-${attempt}`);
}

export function batchFolder(workspace: string, batch: string): string {
  return join(workspace, 'batches', batch);
}

/** Never throws for what lies in the folder, nor for what may not be read. */
export function rebuildBatch(workspace: string, id: string): RebuiltBatch {
  const folder = batchFolder(workspace, id);
  try {
    return readBatch(workspace, id);
  } catch (error) {
    const code = codeOf(error);
    if (code === '') throw error;
    const sentence = `${folder} cannot be read completely (${code}). Mend its permissions or its disk, then reindex.`;
    return { kind: 'damaged', id, createdAt: createdAtOf(folder), sentence };
  }
}

function readBatch(workspace: string, id: string): RebuiltBatch {
  const folder = batchFolder(workspace, id);
  const read = readBatchFolder(folder);
  if (read.kind === 'damaged')
    return { kind: 'damaged', id, createdAt: createdAtOf(folder), sentence: read.sentence };
  const { file, journal } = read;
  const problems =
    read.bad > 0
      ? [`${join(folder, 'journal.jsonl')} has ${read.bad} damaged lines; they were left out.`]
      : [];
  const runs: RunRecord[] = [];
  const results: RebuiltResult[] = [];
  const positions = startPositions(
    file.plan.experiments.map(({ index }) => index),
    journal.filter((entry) => entry.kind === 'reorder'),
  );
  const experiments = file.plan.experiments.map((planned) => {
    const attempts = readAttempts({ workspace, batch: id, planned, journal });
    for (const attempt of attempts) {
      runs.push(attempt.run);
      problems.push(...attempt.problems);
      if (attempt.result)
        results.push({ result: storedResult(workspace, planned, attempt), rows: attempt.rows });
    }
    const order = positions.get(planned.index) ?? 0;
    return experimentRecord({ file, planned, order, journal, latest: attempts.at(-1) });
  });
  const known = {
    state: restingState(journal, experiments),
    counts: countStates(experiments.map(({ state }) => state)),
    progress: batchProgress({
      experiments,
      runs,
      workers: lastWorkers(file, journal),
      phases: phasesOf(file.plan),
      now: 0,
    }),
  };
  const batch = batchRecord({ file, journal, runs, known });
  return { kind: 'ok', detail: { batch, experiments, runs }, results, problems };
}

/** The record of a batch that cannot be read, so that it is still seen. */
export function damagedBatch(damaged: Extract<RebuiltBatch, { kind: 'damaged' }>): BatchRecord {
  const limits = {
    memory: 0,
    cores: 0,
    cap: 0,
    slots: 0,
    asked: null,
    binding: 'work' as const,
    budgetMb: 0,
    largestMb: 0,
    sentence: '',
  };
  const request = {
    workload: '',
    preset: '',
    options: {},
    device: 'auto' as const,
    workers: 0,
    profile: 'aggressive' as const,
    seed: 0,
    forceOverwrite: false,
    startFrom: 0,
    threads: 1,
    retries: 0,
    retryDelaySeconds: 0,
    failFast: false,
  };
  return {
    id: damaged.id,
    workload: '',
    preset: '',
    title: damaged.id,
    createdAt: damaged.createdAt,
    endedAt: null,
    state: { kind: 'damaged', sentence: damaged.sentence },
    request,
    device: '',
    workers: 0,
    limits,
    counts: countStates([]),
    progress: batchProgress({ experiments: [], runs: [], workers: 1, now: 0 }),
  };
}

/** Ids of all batch folders, oldest first. */
export function listBatchFolders(workspace: string): string[] {
  const folder = join(workspace, 'batches');
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .toSorted();
}

export function storedResult(
  workspace: string,
  planned: Pick<PlannedExperiment, 'name' | 'facts'>,
  attempt: Attempt,
): StoredResult {
  const { result, run } = attempt;
  if (!result) throw new Error(`Attempt ${run.folder} has no result to store.`);
  return {
    identity: result.identity,
    workload: result.workload,
    workloadVersion: result.workloadVersion,
    batch: run.batch,
    index: run.index,
    attempt: run.attempt,
    name: planned.name,
    parameters: result.parameters,
    facts: planned.facts,
    device: result.device,
    threads: result.threads,
    endedAt: result.endedAt,
    seconds: result.seconds,
    peakMb: run.peakMb,
    summary: result.summary,
    folder: join(workspace, run.folder),
  };
}

interface BatchParts {
  readonly file: BatchFile;
  readonly journal: readonly JournalEntry[];
  readonly runs: readonly RunRecord[];
  /** Worked out before: by the scheduler, which keeps them up to date, or from a folder. */
  readonly known: Pick<BatchRecord, 'state' | 'counts' | 'progress'>;
}

export function batchRecord({ file, journal, runs, known }: BatchParts): BatchRecord {
  const { plan } = file;
  return {
    id: file.id,
    workload: plan.request.workload,
    preset: plan.request.preset,
    title: file.title,
    createdAt: file.createdAt,
    endedAt: known.state.kind === 'finished' ? lastEnd(file, runs) : null,
    request: plan.request,
    device: plan.device,
    workers: lastWorkers(file, journal),
    limits: plan.limits,
    ...(plan.suite && {
      mainMetric: {
        name: plan.suite.mainMetric ?? plan.suite.compare?.metric ?? null,
        better: plan.suite.compare?.better ?? null,
      },
    }),
    ...known,
  };
}

/** The worker count as it was changed last, else the plan's. */
export function lastWorkers({ plan }: Pick<BatchFile, 'plan'>, journal: readonly JournalEntry[]): number {
  return journal.findLast((entry) => entry.kind === 'workers')?.workers ?? plan.workers;
}

function lastEnd({ createdAt }: BatchFile, runs: readonly RunRecord[]): number {
  return runs.reduce((last, run) => Math.max(last, run.endedAt ?? run.startedAt), createdAt);
}

/** The record of one experiment: its latest attempt, unless the journal says something newer. */
export function experimentRecord(parts: {
  file: BatchFile;
  planned: PlannedExperiment;
  order: number;
  journal: readonly JournalEntry[];
  latest: Attempt | undefined;
}): ExperimentRecord {
  const { file, planned, latest } = parts;
  const attempt = latest?.run.attempt ?? 0;
  const queued = parts.journal.some(
    (entry) =>
      entry.kind === 'again' &&
      entry.experiments.some((one) => one.index === planned.index && one.after === attempt),
  );
  const state = latest && !queued ? latest.run.state : queuedState(planned, parts.journal);
  return {
    batch: file.id,
    index: planned.index,
    order: parts.order,
    name: planned.name,
    identity: planned.identity,
    seed: planned.seed,
    parameters: planned.parameters,
    facts: planned.facts,
    estimate: planned.estimate,
    phase: planned.phase,
    queue: planned.queue,
    device: planned.device,
    devices: planned.granted ?? planned.devices,
    state,
    attempt,
    live: null,
    summary: latest && !queued ? latest.summary : null,
  };
}

interface AttemptSources {
  readonly workspace: string;
  readonly batch: string;
  readonly planned: PlannedExperiment;
  readonly journal: readonly JournalEntry[];
}

function readAttempts({ workspace, batch, planned, journal }: AttemptSources): Attempt[] {
  const { index, identity } = planned;
  const runsFolder = join(batchFolder(workspace, batch), 'runs');
  const own = existsSync(runsFolder)
    ? readdirSync(runsFolder).find((name) => name.split('-')[0] === String(index))
    : undefined;
  if (own === undefined) return [];
  return readdirSync(join(runsFolder, own))
    .map((name) => Number(/^attempt-(\d+)$/.exec(name)?.[1] ?? 0))
    .filter((attempt) => attempt > 0)
    .toSorted((a, b) => a - b)
    .map((attempt) =>
      readAttempt({
        workspace,
        batch,
        folder: join('batches', batch, 'runs', own, `attempt-${attempt}`),
        index,
        attempt,
        identity,
        cancelAsked: cancelWasAsked(journal, { index, attempt }),
      }),
    );
}

/** From the folder's name, else from its age. */
function createdAtOf(folder: string): number {
  const match = /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)-/.exec(basename(folder));
  const [year, month, day, hour, minute, second] = (match?.slice(1) ?? []).map(Number);
  if (year === undefined || month === undefined) return statSync(folder).mtimeMs / 1000;
  return new Date(year, month - 1, day, hour, minute, second).getTime() / 1000;
}

function slug(name: string): string {
  const text = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return text.slice(0, 40) || 'run';
}
