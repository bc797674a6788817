import type { ExperimentRecord, RunRecord } from '../../shared/model/run.ts';

/** Experiments kept in memory over all batches, about 40 MB; the batch that was used last stays in any case. */
const KEPT_EXPERIMENTS = 20_000;

/** The records of one batch as they were written last, live facts included. */
export interface Shelf {
  experiment(index: number): ExperimentRecord | undefined;
  run(index: number, attempt: number): RunRecord | undefined;
  /** In start order. */
  experiments(): ExperimentRecord[];
  /** By index, then attempt. */
  runs(): RunRecord[];
  /** The attempts at one experiment, oldest first. */
  runsOf(index: number): readonly RunRecord[];
  putExperiment(value: ExperimentRecord): void;
  putRun(value: RunRecord): void;
}

/** Shelves of the batches that were used last; the others are read again when they are asked for. */
export interface Shelves {
  of(batch: string): Shelf;
  forget(batch: string): void;
  clear(): void;
}

export type ReadShelf = (batch: string) => {
  readonly experiments: readonly ExperimentRecord[];
  readonly runs: readonly RunRecord[];
};

export function createShelves(read: ReadShelf): Shelves {
  /** The one used last stands last. */
  const shelves = new Map<string, Shelf & { readonly size: number }>();

  function dropOldest(): void {
    let kept = 0;
    for (const shelf of shelves.values()) kept += shelf.size;
    for (const [batch, shelf] of shelves) {
      if (kept <= KEPT_EXPERIMENTS || shelves.size === 1) return;
      shelves.delete(batch);
      kept -= shelf.size;
    }
  }

  return {
    of(batch) {
      const known = shelves.get(batch);
      const shelf = known ?? createShelf(read(batch));
      shelves.delete(batch);
      shelves.set(batch, shelf);
      if (!known) dropOldest();
      return shelf;
    },
    forget: (batch) => void shelves.delete(batch),
    clear: () => shelves.clear(),
  };
}

function createShelf(stored: ReturnType<ReadShelf>): Shelf & { readonly size: number } {
  const experiments = new Map(stored.experiments.map((record) => [record.index, record]));
  const runs = new Map<number, RunRecord[]>();
  let inOrder: readonly ExperimentRecord[] | null = null;

  function putRun(value: RunRecord): void {
    const own = runs.get(value.index) ?? [];
    const at = own.findIndex(({ attempt }) => attempt >= value.attempt);
    if (at < 0) own.push(value);
    else own.splice(at, own[at]?.attempt === value.attempt ? 1 : 0, value);
    runs.set(value.index, own);
  }

  stored.runs.forEach(putRun);
  return {
    get size() {
      return experiments.size;
    },
    experiment: (index) => experiments.get(index),
    run: (index, attempt) => runs.get(index)?.find((run) => run.attempt === attempt),
    experiments() {
      inOrder ??= [...experiments.values()].toSorted((a, b) => a.order - b.order);
      return [...inOrder];
    },
    runs: () => [...runs].toSorted(([a], [b]) => a - b).flatMap(([, own]) => own),
    runsOf: (index) => runs.get(index) ?? [],
    putExperiment(value) {
      experiments.set(value.index, value);
      inOrder = null;
    },
    putRun,
  };
}
