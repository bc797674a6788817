import { join } from 'node:path';
import { ExpectedError } from '../../shared/model/error.ts';
import type { RunRecord } from '../../shared/model/run.ts';
import type { Store } from '../store/store.ts';

export interface RunKey {
  readonly batch: string;
  readonly index: number;
  /** Absent = the latest. */
  readonly attempt?: number | undefined;
}

export interface RunPlace {
  readonly run: RunRecord;
  /** Absolute. */
  readonly folder: string;
}

/** Where a run lies. Clients name runs by id, never by path. Throws ExpectedError('not-found') in words. */
export function findRun(store: Pick<Store, 'workspace' | 'batch' | 'runsOf'>, key: RunKey): RunPlace {
  if (store.batch(key.batch) === null) {
    throw new ExpectedError('not-found', `There is no batch "${key.batch}" in this workspace.`);
  }
  const attempts = store.runsOf(key.batch, key.index);
  const run =
    key.attempt === undefined
      ? attempts.at(-1)
      : attempts.find((candidate) => candidate.attempt === key.attempt);
  if (run === undefined) throw new ExpectedError('not-found', missing(key, attempts.length));
  return { run, folder: join(store.workspace, run.folder) };
}

function missing({ batch, index, attempt }: RunKey, attempts: number): string {
  if (attempts === 0) return `Experiment ${index} of the batch ${batch} has not been started.`;
  return `Experiment ${index} of the batch ${batch} has ${attempts} attempts, there is no attempt ${attempt}.`;
}
