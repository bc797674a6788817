import { randomBytes } from 'node:crypto';
import { cpSync, lstatSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { ImportReport } from '../../shared/model/archive.ts';
import { ExpectedError } from '../../shared/model/error.ts';
import type { HardwareFacts } from '../../shared/model/hardware.ts';
import { type Plan, type PlannedExperiment, settledRequest } from '../../shared/model/plan.ts';
import { asDiskFull } from '../platform/atomic-file.ts';
import { writeBatchFile } from './batch-file.ts';
import { attemptFolder, batchFolder } from './batch-folder.ts';
import { findForeignResults, type ForeignResult } from './foreign-results.ts';
import type { Store } from './store.ts';

const LEFT_OUT = new Set(['checkpoint']);

export interface ImportOptions {
  readonly store: Store;
  /** Absolute: a workspace, a batch, a run or an attempt. */
  readonly folder: string;
  /** Where attempts made from a workload's own documents lie. */
  readonly staging?: string;
  /** What is known already not to count, in sentences. */
  readonly refused?: readonly string[];
  /** Only tells what it would take over. */
  readonly dryRun?: boolean;
  /** Unix seconds. */
  readonly now: number;
  /** Written where the origin's own is not known. */
  readonly hardware: HardwareFacts;
}

/**
 * Copies the valid results below a folder into finished batches of this workspace, one for each workload, so that equal
 * experiments are skipped. What the workspace has already is left alone. Throws ExpectedError for a folder without any.
 */
export function importResults(options: ImportOptions): ImportReport {
  const { store, folder, staging } = options;
  const found = findForeignResults(folder);
  const made = staging === undefined ? { results: [], refused: [] } : findForeignResults(staging);
  const results = [...found.results, ...made.results];
  const refused = [...(options.refused ?? []), ...found.refused, ...made.refused];
  if (results.length === 0 && refused.length === 0)
    throw new ExpectedError(
      'not-found',
      `There is no result below ${folder}: it holds no folder with a result.json and no document that a workload knows. Name a workspace, a batch, a run, or a folder of documents.`,
    );
  const newest = newestOfEach(results);
  const known = store.findResults(newest.map(({ file }) => file.identity));
  const fresh = newest.filter(({ file }) => !known.has(file.identity));
  const byWorkload = Map.groupBy(fresh, ({ file }) => file.workload);
  const batches = options.dryRun
    ? []
    : [...byWorkload].map(([workload, own]) => makeBatch(options, workload, own));
  return { batches, imported: fresh.length, known: known.size, refused };
}

function newestOfEach(results: readonly ForeignResult[]): ForeignResult[] {
  const found = new Map<string, ForeignResult>();
  for (const one of results.toSorted((a, b) => b.result.endedAt - a.result.endedAt)) {
    if (!found.has(one.file.identity)) found.set(one.file.identity, one);
  }
  return [...found.values()].toSorted((a, b) => a.file.index - b.file.index);
}

/** The folder is made whole under another name and then renamed: an import that is cut off leaves no half batch. */
function makeBatch(options: ImportOptions, workload: string, results: readonly ForeignResult[]): string {
  const { store, now, hardware } = options;
  const { workspace } = store;
  const id = `${stamp(now)}-imported-${randomBytes(2).toString('hex')}`;
  const building = join(workspace, '.minibatch', `import-${id}`);
  const numbers = freeNumbers(results);
  const origin = results.find((one) => one.origin !== null)?.origin ?? null;
  const plan = planOf(workload, results, numbers);
  try {
    mkdirSync(join(building, 'runs'), { recursive: true });
    for (const [at, one] of results.entries()) {
      const experiment = { index: numbers[at] ?? at, name: one.file.name };
      // The same place below the batch as attemptFolder gives, which begins with batches/<id>.
      const place = attemptFolder(id, experiment, 1).split('/').slice(2).join('/');
      mkdirSync(dirname(join(building, place)), { recursive: true });
      cpSync(one.folder, join(building, place), {
        recursive: true,
        // A link could lead anywhere on the machine that it came to.
        filter: (source) => !LEFT_OUT.has(basename(source)) && !lstatSync(source).isSymbolicLink(),
      });
    }
    writeBatchFile(building, {
      version: 1,
      id,
      title: `${plan.workloadTitle} imported`,
      createdAt: now,
      python: origin?.python ?? results[0]?.file.command[0] ?? '',
      plan,
      hardware: origin?.hardware ?? hardware,
    });
    mkdirSync(dirname(batchFolder(workspace, id)), { recursive: true });
    renameSync(building, batchFolder(workspace, id));
  } catch (error) {
    rmSync(building, { recursive: true, force: true });
    throw asDiskFull(error, building);
  }
  store.reindexBatch(id);
  return id;
}

/** Two batches may have used one index for different experiments: the later gets the next free one. */
function freeNumbers(results: readonly ForeignResult[]): number[] {
  const used = new Set<number>();
  let next = 1 + Math.max(0, ...results.map(({ file }) => file.index));
  return results.map(({ file }) => {
    const number = used.has(file.index) ? next++ : file.index;
    used.add(number);
    return number;
  });
}

function planOf(workload: string, results: readonly ForeignResult[], numbers: readonly number[]): Plan {
  const [first] = results;
  const origin = first?.origin?.plan;
  const experiments = results.map((one, at) => plannedOf(one, numbers[at] ?? at));
  return {
    request: settledRequest.parse({
      workload,
      preset: 'imported',
      seed: first?.file.batchSeed ?? 42,
      workers: 1,
    }),
    workloadVersion: first?.file.workloadVersion ?? 1,
    workloadTitle: origin?.workloadTitle ?? workload,
    device: first?.result.device ?? 'cpu',
    deviceReason: 'Imported.',
    experiments,
    workers: 1,
    limits: {
      memory: 1,
      cores: 1,
      cap: 1,
      slots: 1,
      asked: 1,
      binding: 'work',
      budgetMb: 0,
      largestMb: 0,
      sentence: 'Imported: nothing runs.',
    },
    totals: { run: experiments.length, skip: 0, postpone: 0, workSeconds: 0, wallSeconds: 0, diskMb: 0 },
    notes: [],
  };
}

function plannedOf({ file, result, planned, attempt }: ForeignResult, index: number): PlannedExperiment {
  return {
    index,
    name: file.name,
    parameters: file.parameters,
    facts: planned?.facts ?? {},
    estimate: { memoryMb: attempt.run.peakMb ?? 0, seconds: result.seconds, source: 'measured' },
    phase: planned?.phase ?? 'main',
    queue: planned?.queue ?? 'main',
    identity: file.identity,
    seed: file.seed,
    action: 'run',
    reason: 'Imported.',
    existing: null,
  };
}

function stamp(now: number): string {
  const date = new Date(now * 1000);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}${two(date.getMonth() + 1)}${two(date.getDate())}`;
  return `${day}-${two(date.getHours())}${two(date.getMinutes())}${two(date.getSeconds())}`;
}
