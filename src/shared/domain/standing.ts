import type { QueueStanding, Verification, VerifiedPart } from '../model/archive.ts';
import type { ExperimentRecord } from '../model/run.ts';
import { isLive, isQueued } from './status.ts';

type Standing = Pick<
  ExperimentRecord,
  'index' | 'name' | 'phase' | 'queue' | 'device' | 'estimate' | 'state'
>;

/** One entry for each queue, in the order in which the plan names them. */
export function queueStandings(experiments: readonly Standing[]): QueueStanding[] {
  return [...Map.groupBy(experiments, ({ queue }) => queue)].map(([queue, own]) => {
    const count = (test: (state: Standing['state']) => boolean): number =>
      own.filter(({ state }) => test(state)).length;
    const total = own.length;
    const done = count(isDone);
    const running = count(isLive);
    const queued = count(isQueued);
    const postponed = count(({ kind }) => kind === 'postponed');
    return {
      queue,
      device: own.find(({ device }) => device !== undefined)?.device ?? null,
      total,
      done,
      running,
      queued,
      postponed,
      unsuccessful: total - done - running - queued - postponed,
      workSeconds: own
        .filter(({ state }) => isLive(state) || isQueued(state))
        .reduce((sum, { estimate }) => sum + estimate.seconds, 0),
      now: own.filter(({ state }) => isLive(state)).map(({ name }) => name),
    };
  });
}

/**
 * Expected against found. `problem` reads an experiment's result again and answers null for a valid one, otherwise a
 * sentence; it is asked about every experiment, whatever its state says.
 */
export function verify(
  batch: string,
  experiments: readonly Standing[],
  problem: (experiment: Standing) => string | null,
): Verification {
  const parts = [...Map.groupBy(experiments, partKey)].map(([, own]) => part(own, problem));
  const sum = (count: (one: VerifiedPart) => number): number =>
    parts.reduce((total, one) => total + count(one), 0);
  const expected = sum((one) => one.expected);
  const found = sum((one) => one.found);
  return {
    batch,
    parts,
    planned: sum((one) => one.planned),
    postponed: sum((one) => one.postponed),
    expected,
    found,
    complete: found === expected,
  };
}

/** Phases and queues whose experiments have all come to an end, by name; those that were put off do not count. */
export function finishedParts(experiments: readonly Standing[]): string[] {
  return [...Map.groupBy(experiments, partKey)].flatMap(([, own]) => {
    const [first] = own;
    const open = own.some(({ state }) => isLive(state) || isQueued(state) || state.kind === 'interrupted');
    // Nothing of it ran here, so there is nothing new to keep.
    const ran = own.some(({ state }) => state.kind === 'succeeded' || state.kind === 'partial');
    return first === undefined || open || !ran ? [] : [partName(first)];
  });
}

function part(own: readonly Standing[], problem: (experiment: Standing) => string | null): VerifiedPart {
  const [first] = own;
  const waiting = own.filter(({ state }) => state.kind === 'postponed');
  const missing = own
    .filter((experiment) => !waiting.includes(experiment))
    .flatMap((experiment) => {
      const sentence = problem(experiment);
      if (sentence === null) return [];
      return [{ index: experiment.index, name: experiment.name, state: experiment.state.kind, sentence }];
    });
  const expected = own.length - waiting.length;
  return {
    phase: first?.phase ?? '',
    queue: first?.queue ?? '',
    planned: own.length,
    postponed: waiting.length,
    expected,
    found: expected - missing.length,
    missing,
  };
}

/** Whether an experiment has brought something, if only in part. */
export function isDone({ kind }: Standing['state']): boolean {
  return kind === 'succeeded' || kind === 'partial' || kind === 'skipped';
}

function partKey({ phase, queue }: Standing): string {
  return JSON.stringify([phase, queue]);
}

/** What people call a phase of a queue. */
export function partName({ phase, queue }: Standing): string {
  return queue === 'main' ? phase : `${phase}, ${queue}`;
}
