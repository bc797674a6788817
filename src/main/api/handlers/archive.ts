import type { Handlers } from '../../../shared/contract/contract.ts';
import { queueStandings, verify } from '../../../shared/domain/standing.ts';
import { stateSentence } from '../../../shared/domain/status.ts';
import { ExpectedError } from '../../../shared/model/error.ts';
import type { ExperimentRecord } from '../../../shared/model/run.ts';
import { readAttempt } from '../../store/attempt-folder.ts';
import { importFolder } from '../import-folder.ts';
import type { CoreParts } from '../parts.ts';

type ArchiveCall = Extract<keyof Handlers, `archive.${string}` | `backups.${string}`>;

type ArchiveParts = Pick<
  CoreParts,
  'store' | 'scheduler' | 'backups' | 'hardware' | 'clock' | 'catalog' | 'analysisPython'
>;

export function archiveHandlers(parts: ArchiveParts): Pick<Handlers, ArchiveCall> {
  const { store, scheduler, backups } = parts;

  function experimentsOf(batch: string): ExperimentRecord[] {
    if (store.batch(batch) !== null) return store.experiments(batch);
    throw new ExpectedError('not-found', `There is no batch "${batch}" in this workspace.`);
  }

  /** Reads the files of the run that stands for an experiment again. */
  function problemOf(experiment: ExperimentRecord): string | null {
    const { state, identity } = experiment;
    const other = state.kind === 'skipped';
    const place = other
      ? state
      : { batch: experiment.batch, index: experiment.index, attempt: experiment.attempt };
    const run = store
      .runs(place.batch)
      .find(({ index, attempt }) => index === place.index && attempt === place.attempt);
    if (run === undefined) return other ? `The run in batch ${place.batch} is gone.` : 'It has not run yet.';
    const { batch, folder, index, attempt } = run;
    const read = readAttempt({
      workspace: store.workspace,
      batch,
      folder,
      index,
      attempt,
      identity,
      cancelAsked: false,
    });
    if (read.result !== null) return null;
    return stateSentence(read.run.state) || `It is ${read.run.state.kind}.`;
  }

  return {
    'archive.queues': ({ batch }) => ({ queues: queueStandings(experimentsOf(batch)) }),
    'archive.verify': ({ batch }) => {
      const experiments = new Map(experimentsOf(batch).map((one) => [one.index, one]));
      return verify(batch, [...experiments.values()], ({ index }) => {
        const experiment = experiments.get(index);
        return experiment === undefined ? null : problemOf(experiment);
      });
    },
    'backups.list': () => ({ backups: backups.list() }),
    'backups.create': ({ batch }) => {
      experimentsOf(batch);
      return backups.create(batch, 'asked for');
    },
    'backups.restore': ({ name }) => backups.restore(name),
    'backups.clean': async ({ batch }) => {
      experimentsOf(batch);
      const state = store.batch(batch)?.state.kind;
      if (state === 'running' || state === 'paused' || state === 'stopping')
        throw new ExpectedError(
          'not-possible-now',
          `The batch ${batch} is being worked on. Stop it before it is cleaned.`,
        );
      const record = await backups.create(batch, 'before cleaning');
      await backups.check(record.name);
      await scheduler.remove(batch);
      return record;
    },
    'archive.import': ({ folder, dryRun }) => importFolder(parts, folder, dryRun),
  };
}
