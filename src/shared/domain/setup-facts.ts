import type { DoctorReport } from '../model/python.ts';
import type { SetupReport } from '../model/setup.ts';

/** What a short product of matrices took on each device, or why it could not be done. */
export interface DeviceMeasures {
  readonly threads: number;
  readonly devices: readonly (
    | { readonly device: string; readonly seconds: number; readonly gflops: number }
    | { readonly device: string; readonly problem: string }
  )[];
}

/** Null = the terminal works. */
export interface TerminalTest {
  readonly problem: string | null;
}

export interface PowerFacts {
  /** 0 = never. */
  readonly sleepMinutes: number;
  /** Starts by itself after a power failure; null = not told. */
  readonly restarts: boolean | null;
}

export interface WorkspaceFacts {
  readonly freeBytes: number | null;
  readonly size: { readonly bytes: number; readonly complete: boolean };
  readonly batches: number;
  readonly results: number;
}

/** The environment that Minibatch prepared. `outdated`: its packages are not those that this version wants. */
export interface ManagedFacts {
  readonly python: string;
  readonly createdAt: number;
  readonly outdated: boolean;
}

/** All that was found out about this machine. */
export interface SetupFacts {
  readonly at: number;
  readonly doctor: DoctorReport;
  /** Notes about the machine that concern training, such as a translated build. */
  readonly notes: readonly string[];
  /** Architecture of the machine, not of a Python. */
  readonly architecture: string;
  readonly platform: string;
  /** Path that a person chose. */
  readonly choice: string | null;
  readonly managed: ManagedFacts | null;
  /** Null = not measured. */
  readonly measures: DeviceMeasures | null;
  readonly workspace: WorkspaceFacts;
  readonly terminal: TerminalTest;
  readonly openFiles: number | null;
  readonly power: PowerFacts | null;
  readonly liveRuns: number;
  readonly versions: SetupReport['versions'];
  /** Folder that a prepared Python goes to. */
  readonly dataFolder: string;
  /** Names of the user's home, the real one included. */
  readonly homes: readonly string[];
  /** Id of a Python by its path. */
  readonly idOf: (path: string) => string;
}
