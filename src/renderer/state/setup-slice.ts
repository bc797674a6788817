import type { SetupJob, SetupReport } from '../../shared/model/setup.ts';
import { type Loadable, loaded, loading, nothingYet, refused } from './loadable.ts';
import type { Update } from './update.ts';

export interface SetupSlice {
  readonly setup: Loadable<SetupReport>;
  readonly setupJob: SetupJob;
  /** Rises when a new report would say something else; null = the core has not said anything yet. */
  readonly setupRevision: number | null;
  setupLoading(): void;
  setupArrived(report: SetupReport): void;
  setupRefused(problem: string): void;
  setupTold(revision: number, job: SetupJob): void;
}

export function setupSlice(set: Update<SetupSlice>): SetupSlice {
  return {
    setup: nothingYet,
    setupJob: { kind: 'idle' },
    setupRevision: null,
    setupLoading: () => set((state) => ({ setup: loading(state.setup) })),
    setupArrived: (report) => set({ setup: loaded(report) }),
    setupRefused: (problem) => set((state) => ({ setup: refused(state.setup, problem) })),
    setupTold: (setupRevision, setupJob) => set({ setupRevision, setupJob }),
  };
}
