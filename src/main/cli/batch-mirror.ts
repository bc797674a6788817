import type { Client } from '../../shared/client.ts';
import type { BatchDetail, Change } from '../../shared/model/batch.ts';

/** One batch as it is now, kept up to date by the change feed. */
export interface BatchMirror {
  readonly detail: BatchDetail;
  close(): void;
}

/** Takes a snapshot and follows the changes behind it; a gap in the history leads to a new snapshot. */
export async function mirrorBatch(
  client: Client,
  batch: string,
  onChange: (detail: BatchDetail) => void,
): Promise<BatchMirror> {
  let { seq, detail } = await client.call('batches.get', { batch });
  let stop = subscribe(seq);

  function subscribe(since: number): () => void {
    return client.subscribe(
      'changes',
      (set) => {
        const next = set.changes.reduce((known, change) => applyChange(known, change, batch), detail);
        if (next === detail) return;
        detail = next;
        onChange(detail);
      },
      { since, onGap: () => void refresh() },
    );
  }

  async function refresh(): Promise<void> {
    stop();
    ({ seq, detail } = await client.call('batches.get', { batch }));
    stop = subscribe(seq);
    onChange(detail);
  }

  return {
    get detail() {
      return detail;
    },
    close: () => stop(),
  };
}

/** The same object where the change is about something else. */
export function applyChange(detail: BatchDetail, change: Change, batch: string): BatchDetail {
  switch (change.kind) {
    case 'batch':
      return change.value.id === batch ? { ...detail, batch: change.value } : detail;
    case 'experiment': {
      const { value } = change;
      if (value.batch !== batch) return detail;
      return {
        ...detail,
        experiments: replace(detail.experiments, value, (one) => one.index === value.index),
      };
    }
    case 'run': {
      const { value } = change;
      if (value.batch !== batch) return detail;
      const isSame = (one: { index: number; attempt: number }): boolean =>
        one.index === value.index && one.attempt === value.attempt;
      return { ...detail, runs: replace(detail.runs, value, isSame) };
    }
    case 'batch-removed':
      return detail;
  }
}

function replace<T>(items: readonly T[], value: T, isSame: (item: T) => boolean): T[] {
  const at = items.findIndex(isSame);
  return at < 0 ? [...items, value] : items.with(at, value);
}
