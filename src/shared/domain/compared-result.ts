import type { Json, Parameters } from '../model/json.ts';

/** One experiment's newest valid result with its rows. */
export interface ComparedResult {
  readonly name: string;
  readonly index: number;
  readonly parameters: Parameters;
  readonly facts: Parameters;
  readonly batch: string;
  readonly device: string;
  /** Of the workload. */
  readonly version?: number;
  /** Of the run; left out where there is no one run behind it. */
  readonly seed?: number;
  readonly rows: readonly Readonly<Record<string, Json>>[];
  /** A learning curve, already thinned; null = the run recorded none. */
  readonly curve: {
    readonly metric: string;
    readonly steps: readonly number[];
    readonly values: readonly number[];
  } | null;
}
