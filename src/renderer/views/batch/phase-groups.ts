import { isDone } from '../../../shared/domain/standing.ts';
import { isLive } from '../../../shared/domain/status.ts';
import type { ExperimentRecord } from '../../../shared/model/run.ts';

export interface PhaseGroup {
  readonly title: string;
  readonly total: number;
  /** Has brought something: succeeded, skipped, or a result in part. */
  readonly done: number;
  readonly live: number;
  readonly failed: number;
}

/** Experiments by queue and phase, in the order in which they start. A name that all share is left out. */
export function phaseGroups(experiments: readonly ExperimentRecord[]): readonly PhaseGroup[] {
  const queues = new Set(experiments.map(({ queue }) => queue));
  const phases = new Set(experiments.map(({ phase }) => phase));
  const groups = new Map<string, { total: number; done: number; live: number; failed: number }>();
  for (const experiment of experiments.toSorted((a, b) => a.order - b.order)) {
    const parts = [
      ...(queues.size > 1 ? [experiment.queue] : []),
      ...(phases.size > 1 || queues.size < 2 ? [experiment.phase] : []),
    ];
    const title = parts.join(' · ');
    const group = groups.get(title) ?? { total: 0, done: 0, live: 0, failed: 0 };
    const { kind } = experiment.state;
    group.total += 1;
    if (isDone(experiment.state)) group.done += 1;
    if (isLive(experiment.state)) group.live += 1;
    if (kind === 'failed' || kind === 'timed-out') group.failed += 1;
    groups.set(title, group);
  }
  return [...groups].map(([title, group]) => ({ title, ...group }));
}
