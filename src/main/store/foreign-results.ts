import { type Dirent, existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { identityOf } from '../../shared/domain/identity.ts';
import { stateSentence } from '../../shared/domain/status.ts';
import type { PlannedExperiment } from '../../shared/model/plan.ts';
import { codeOf } from '../platform/atomic-file.ts';
import { sha256 } from '../platform/hash.ts';
import { type Attempt, readAttempt } from './attempt-folder.ts';
import { type BatchFile, readBatchFolder } from './batch-file.ts';
import type { ResultFile } from './result-file.ts';
import { type RunFile, readRunFile } from './run-file.ts';

/** Deep enough for a workspace: batches, batch, runs, run, attempt. */
const DEPTH = 6;
/** A home folder given by mistake is not searched to its end. */
const MOST_FOLDERS = 200_000;

/** A valid result that lies outside this workspace's index. */
export interface ForeignResult {
  /** Absolute attempt folder. */
  readonly folder: string;
  readonly file: RunFile;
  readonly attempt: Attempt;
  readonly result: ResultFile;
  /** Of its batch, where that can still be read. */
  readonly origin: BatchFile | null;
  readonly planned: PlannedExperiment | null;
}

export interface ForeignResults {
  readonly results: readonly ForeignResult[];
  /** One sentence for each folder with a result that does not count. */
  readonly refused: readonly string[];
}

/** Every result below a folder, each checked like one of our own. Nothing is written. Folders are not followed through links. */
export function findForeignResults(folder: string): ForeignResults {
  const results: ForeignResult[] = [];
  const refused: string[] = [];
  const origins = new Map<string, BatchFile | null>();
  for (const attempt of attemptFolders(resolve(folder))) {
    const read = readForeign(attempt, origins);
    if (typeof read === 'string') refused.push(`${attempt}: ${read}`);
    else results.push(read);
  }
  return { results, refused };
}

function readForeign(folder: string, origins: Map<string, BatchFile | null>): ForeignResult | string {
  const run = readRunFile(folder);
  if (run.kind === 'missing') return 'run.json is missing, so nothing says which experiment this is.';
  if (run.kind === 'rubbish') return run.sentence;
  const file = run.value;
  const { workload, workloadVersion: version, parameters, seed } = file;
  if (identityOf({ workload, version, parameters, seed }, sha256) !== file.identity)
    return 'its identity does not follow from its parameters and seed; run.json was changed.';
  const attempt = readAttempt({
    workspace: dirname(folder),
    batch: file.batch,
    folder: basename(folder),
    index: file.index,
    attempt: file.attempt,
    identity: file.identity,
    cancelAsked: false,
  });
  const { result } = attempt;
  if (attempt.run.state.kind !== 'succeeded' || result === null)
    return `it does not count as a success: ${stateSentence(attempt.run.state) ?? attempt.run.state.kind}`;
  if (
    identityOf(
      {
        workload: result.workload,
        version: result.workloadVersion,
        parameters: result.parameters,
        seed: result.seed,
      },
      sha256,
    ) !== file.identity
  )
    return 'result.json has other parameters or another seed than run.json.';
  const origin = originOf(folder, origins);
  const planned = origin?.plan.experiments.find(({ identity }) => identity === file.identity) ?? null;
  return { folder, file, attempt, result, origin, planned };
}

/** `<batch>/runs/<run>/attempt-1`: the batch lies three levels up. */
function originOf(folder: string, known: Map<string, BatchFile | null>): BatchFile | null {
  const batch = dirname(dirname(dirname(folder)));
  const before = known.get(batch);
  if (before !== undefined) return before;
  const read = existsSync(join(batch, 'batch.json')) ? readBatchFolder(batch) : null;
  const origin = read?.kind === 'ok' ? read.file : null;
  known.set(batch, origin);
  return origin;
}

function attemptFolders(top: string): string[] {
  const found: string[] = [];
  let level = [top];
  let seen = 0;
  for (let depth = 0; depth <= DEPTH && level.length > 0; depth += 1) {
    const next: string[] = [];
    for (const folder of level) {
      seen += 1;
      if (seen > MOST_FOLDERS) return found;
      const entries = entriesOf(folder);
      if (entries.some((entry) => entry.name === 'result.json' && entry.isFile())) found.push(folder);
      else next.push(...entries.filter(isSearched).map(({ name }) => join(folder, name)));
    }
    level = next;
  }
  return found.toSorted();
}

export function isSearched(entry: Dirent): boolean {
  return (
    entry.isDirectory() && !['trash', 'node_modules'].includes(entry.name) && !entry.name.startsWith('.')
  );
}

export function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (codeOf(error) === '') throw error;
    return [];
  }
}
