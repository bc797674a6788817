import type { ExperimentRecord, ExperimentStateKind } from '../../../shared/model/run.ts';

/** What deserves attention comes first; within a group the batch's own order. */
const ranks: Readonly<Record<ExperimentStateKind, number>> = {
  running: 0,
  starting: 0,
  paused: 0,
  failed: 2,
  'timed-out': 2,
  partial: 2,
  interrupted: 2,
  waiting: 3,
  queued: 4,
  postponed: 5,
  succeeded: 6,
  cancelled: 7,
  skipped: 8,
};

/** Rows of the batch table: live ones first, then failures, then what waits, then what is done. */
export function orderedExperiments(experiments: readonly ExperimentRecord[]): readonly ExperimentRecord[] {
  return experiments.toSorted(
    (a, b) => ranks[a.state.kind] - ranks[b.state.kind] || a.order - b.order || a.index - b.index,
  );
}

/** The run shown before a person chose one: the first of the table that has run at all. */
export function followedRun(experiments: readonly ExperimentRecord[]): number | null {
  const ordered = orderedExperiments(experiments);
  return (ordered.find((experiment) => experiment.attempt > 0) ?? ordered[0])?.index ?? null;
}
