import { formatNames } from '../../shared/domain/format.ts';
import type { CallInput } from '../../shared/contract/contract.ts';
import type { Connection } from '../connect.ts';
import type { AppStore } from '../state/store.ts';
import { attempt, sentenceOf } from './attempt.ts';
import { saveText } from './save-file.ts';

/** Which results a screen compares; `batch` null = all of the suite, or of a workload that is made of none. */
export interface ResultSelection {
  readonly workload: string;
  readonly batch: string | null;
  /** Null = the newest, where the workload is made of suites. */
  readonly suite: string | null;
  /** What the values are grouped by and drawn over; null = as the workload or its suite says. */
  readonly group: string | null;
  readonly x: string | null;
  /** Which metric is compared, and which of its values; null = as the workload or its suite says. */
  readonly metric: string | null;
  readonly value: string | null;
}

export interface ResultActions {
  loadResultSummary(): Promise<void>;
  /** The old comparison stays on screen until the new one is here, unless it is of another workload. */
  loadComparison(selection: ResultSelection): Promise<void>;
  downloadTable(selection: ResultSelection, table: 'rows' | 'statistics'): Promise<void>;
  /** Writes files beside the batches and says where. */
  exportFiles(selection: ResultSelection, format: string): Promise<void>;
}

/** Only the newest comparison asked for is shown; a slower, older answer is dropped. */
export function resultActions(store: AppStore, connection: Connection): ResultActions {
  let latest = 0;
  return {
    async loadResultSummary() {
      store.getState().summaryLoading();
      try {
        store.getState().summaryArrived((await connection.call('results.summary', {})).workloads);
      } catch (error) {
        store.getState().summaryRefused(sentenceOf(error));
      }
    },
    async loadComparison(selection) {
      latest += 1;
      const mine = latest;
      store.getState().comparisonLoading(selection.workload);
      try {
        const comparison = await connection.call('results.compare', asked(selection));
        if (mine === latest) store.getState().comparisonArrived(comparison);
      } catch (error) {
        if (mine === latest) store.getState().comparisonRefused(sentenceOf(error));
      }
    },
    downloadTable: (selection, table) =>
      attempt(store, async () => {
        const { name, csv } = await connection.call('results.table', { ...asked(selection), table });
        saveText(name, csv, 'text/csv');
      }),
    exportFiles: (selection, format) =>
      attempt(store, async () => {
        const { folder, files } = await connection.call('results.export', { ...asked(selection), format });
        const names = files.map((file) => file.name);
        const told = formatNames(names, 3);
        store.getState().noticed('info', `Written to ${folder}: ${told}.`);
      }),
  };
}

/** An address outlives the results it was made for: what they lack is told, and the rest shown. */
function asked({
  workload,
  batch,
  suite,
  group,
  x,
  metric,
  value,
}: ResultSelection): CallInput<'results.compare'> {
  return {
    fallBack: true,
    workload,
    ...(batch !== null && { batches: [batch] }),
    ...(batch === null && suite !== null && { suite }),
    ...(group !== null && { group }),
    ...(x !== null && { x }),
    ...(metric !== null && { metric }),
    ...(value !== null && { value }),
  };
}
