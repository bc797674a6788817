import type { CallOutput } from '../../shared/contract/contract.ts';
import type { Comparison } from '../../shared/model/comparison.ts';
import type { Update } from './update.ts';
import { type Loadable, loaded, loading, nothingYet, refused } from './loadable.ts';

export type ResultSummary = CallOutput<'results.summary'>['workloads'];

export interface ResultsSlice {
  readonly summary: Loadable<ResultSummary>;
  readonly comparison: Loadable<Comparison>;
  /** The two experiments to test against each other, by name. */
  readonly pair: readonly [string | null, string | null];
  summaryLoading(): void;
  summaryArrived(summary: ResultSummary): void;
  summaryRefused(problem: string): void;
  /** The comparison on screen stays if it is of this workload. */
  comparisonLoading(workload: string): void;
  comparisonArrived(comparison: Comparison): void;
  comparisonRefused(problem: string): void;
  pairChosen(pair: readonly [string | null, string | null]): void;
}

export function resultsSlice(set: Update<ResultsSlice>): ResultsSlice {
  return {
    summary: nothingYet,
    comparison: nothingYet,
    pair: [null, null],
    summaryLoading: () => set((state) => ({ summary: loading(state.summary) })),
    summaryArrived: (summary) => set({ summary: loaded(summary) }),
    summaryRefused: (problem) => set((state) => ({ summary: refused(state.summary, problem) })),
    comparisonLoading: (workload) =>
      set((state) => ({
        comparison: loading(state.comparison.value?.workload === workload ? state.comparison : nothingYet),
      })),
    comparisonArrived: (comparison) => set({ comparison: loaded(comparison) }),
    comparisonRefused: (problem) => set((state) => ({ comparison: refused(state.comparison, problem) })),
    pairChosen: (pair) => set({ pair }),
  };
}
