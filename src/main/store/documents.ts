import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { identityOf, seedOf } from '../../shared/domain/identity.ts';
import { json, parameters } from '../../shared/model/json.ts';
import { sha256 } from '../platform/hash.ts';
import { entriesOf, isSearched } from './foreign-results.ts';
import type { ResultFile } from './result-file.ts';
import type { runFile } from './run-file.ts';

/** Deep enough for `results/<group>/` of a project; a home folder given by mistake is not searched to its end. */
const DEPTH = 6;
const MOST_FILES = 20_000;

/** One result that a workload's `adopt.py` has read from a document of its own format. */
export const adoptedResult = z.object({
  index: z.number().int().nonnegative(),
  name: z.string().min(1),
  parameters,
  batchSeed: z.number().int(),
  device: z.string().min(1),
  threads: z.number().int().positive(),
  /** Unix seconds. */
  startedAt: z.number(),
  seconds: z.number().nonnegative(),
  rows: z.array(z.record(z.string(), json)),
  summary: z.record(z.string(), json),
  versions: z.record(z.string(), z.string()),
  peakMemoryBytes: z.number().nullable(),
});
export type AdoptedResult = z.infer<typeof adoptedResult>;

export const adoption = z.object({
  results: z.array(adoptedResult),
  /** One sentence for each document that does not count. */
  refused: z.array(z.string()),
});

/**
 * Documents below a folder whose names fit one of the patterns, in which `*` stands for any characters. Those of a run
 * folder are left out: the run itself says whether it counts.
 */
export function findDocuments(top: string, patterns: readonly string[]): string[] {
  const tests = patterns.map(
    (pattern) =>
      new RegExp(
        `^${pattern
          .split('*')
          .map((part) => RegExp.escape(part))
          .join('.*')}$`,
      ),
  );
  const found: string[] = [];
  let level = [top];
  for (let depth = 0; depth <= DEPTH && level.length > 0; depth += 1) {
    const next: string[] = [];
    for (const folder of level) {
      const entries = entriesOf(folder);
      if (entries.some(({ name }) => name === 'run.json')) continue;
      for (const entry of entries) {
        const path = join(folder, entry.name);
        if (isSearched(entry)) next.push(path);
        else if (entry.isFile() && tests.some((test) => test.test(entry.name))) found.push(path);
        if (found.length >= MOST_FILES) return found;
      }
    }
    level = next;
  }
  return found.toSorted();
}

export interface AdoptedFrom {
  readonly workload: string;
  readonly version: number;
  /** Of the workload, absolute. */
  readonly folder: string;
}

/** Attempt folders like those of a run here, made from adopted results, below `target`. */
export function writeAdopted(target: string, from: AdoptedFrom, results: readonly AdoptedResult[]): void {
  for (const [at, one] of results.entries()) {
    const folder = join(target, from.workload, String(at));
    mkdirSync(folder, { recursive: true });
    const seed = seedOf(
      { workload: from.workload, batchSeed: one.batchSeed, parameters: one.parameters },
      sha256,
    );
    const identity = identityOf(
      { workload: from.workload, version: from.version, parameters: one.parameters, seed },
      sha256,
    );
    const shared = { version: 1, identity, workload: from.workload, workloadVersion: from.version } as const;
    const same = { parameters: one.parameters, seed, device: one.device, threads: one.threads };
    const endedAt = one.startedAt + one.seconds;
    const run: z.input<typeof runFile> = {
      ...shared,
      ...same,
      batch: basename(target),
      index: one.index,
      attempt: 1,
      name: one.name,
      workloadFolder: from.folder,
      batchSeed: one.batchSeed,
      command: [],
      environment: {},
      workingFolder: folder,
      cacheFolder: folder,
      resumeFrom: null,
      memoryLimitMb: null,
      timeoutSeconds: null,
      graceSeconds: 0,
    };
    const { startedAt, seconds, summary, versions, peakMemoryBytes } = one;
    const result: ResultFile = {
      ...shared,
      ...same,
      startedAt,
      endedAt,
      seconds,
      rows: one.rows.length,
      summary,
      versions,
      peakMemoryBytes,
    };
    const events = one.rows.map((row) => `${JSON.stringify({ t: endedAt, kind: 'row', row })}\n`);
    writeFileSync(join(folder, 'events.jsonl'), events.join(''));
    writeFileSync(join(folder, 'run.json'), JSON.stringify(run));
    writeFileSync(join(folder, 'result.json'), JSON.stringify(result));
  }
}

/** A folder of the workspace that is gone when `work` is done. */
export async function withStaging<T>(workspace: string, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = join(workspace, '.minibatch', `adopt-${randomBytes(4).toString('hex')}`);
  mkdirSync(folder, { recursive: true });
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
