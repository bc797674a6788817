import type { SuiteCheck, SuiteDocument, SuiteEntry } from '../../shared/model/suite-entry.ts';
import { type Loadable, loaded, nothingYet, refused } from './loadable.ts';
import type { Update } from './update.ts';

/** A suite of which only the text came, as from a browser: it can be read, but not be started from here. */
export interface DroppedSuite {
  readonly name: string;
  readonly text: string;
  readonly check: SuiteCheck;
}

export interface SuitesSlice {
  /** Suites that can be started again. */
  readonly suites: Loadable<readonly SuiteEntry[]>;
  /** The suite of the launch form, with its text. */
  readonly suite: SuiteDocument | null;
  readonly dropped: DroppedSuite | null;
  suitesArrived(suites: readonly SuiteEntry[]): void;
  suitesRefused(problem: string): void;
  suiteArrived(suite: SuiteDocument | null): void;
  suiteDropped(dropped: DroppedSuite | null): void;
}

export function suitesSlice(set: Update<SuitesSlice>): SuitesSlice {
  return {
    suites: nothingYet,
    suite: null,
    dropped: null,
    suitesArrived: (suites) => set({ suites: loaded(suites) }),
    suitesRefused: (problem) => set((state) => ({ suites: refused(state.suites, problem) })),
    suiteArrived: (suite) => set({ suite }),
    suiteDropped: (dropped) => set({ dropped }),
  };
}
