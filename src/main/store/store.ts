import type { BatchDetail, BatchRecord, Change, ChangeSet } from '../../shared/model/batch.ts';
import type { Json, Parameters } from '../../shared/model/json.ts';
import type { ExperimentRecord, RunRecord } from '../../shared/model/run.ts';

/** A valid result on disk: the newest one of its identity unless said otherwise. */
export interface StoredResult {
  readonly identity: string;
  readonly workload: string;
  readonly workloadVersion: number;
  readonly batch: string;
  readonly index: number;
  readonly attempt: number;
  readonly name: string;
  readonly parameters: Parameters;
  readonly facts: Parameters;
  readonly device: string;
  readonly threads: number;
  readonly endedAt: number;
  readonly seconds: number;
  readonly peakMb: number | null;
  readonly summary: Parameters;
  /** Run folder, absolute. */
  readonly folder: string;
}

/** Commits in order. `since` answers null when the history no longer reaches back that far. */
export interface ChangeFeed {
  readonly seq: number;
  since(seq: number): readonly ChangeSet[] | null;
  /** `aside`: a part of the core that needs to know, not somebody who looks. */
  subscribe(listener: (set: ChangeSet) => void, options?: { readonly aside: boolean }): () => void;
  /** Somebody looks: then live facts are renewed more often. */
  readonly watched: boolean;
}

/** What was measured on this machine for experiments like a given one. */
export interface Measurement {
  readonly identity: string;
  readonly parameters: Parameters;
  readonly device: string;
  readonly threads: number;
  readonly seconds: number;
  readonly peakMb: number | null;
}

export interface ReindexReport {
  readonly batches: number;
  readonly runs: number;
  /** One sentence for each damaged file or batch. */
  readonly problems: readonly string[];
}

/**
 * The single writer of the index. Every `commit` is one transaction; its changes are announced after it,
 * in one change set. Nobody else tells a screen that something changed.
 */
export interface Store {
  readonly workspace: string;
  readonly changes: ChangeFeed;
  commit(changes: readonly Change[]): void;
  batches(): BatchRecord[];
  batch(id: string): BatchRecord | null;
  detail(id: string): BatchDetail | null;
  experiments(batch: string): ExperimentRecord[];
  runs(batch: string): RunRecord[];
  /** The attempts at one experiment, oldest first. */
  runsOf(batch: string, index: number): readonly RunRecord[];
  /** Rebuilds the whole index, or one batch of it, from the folders alone. The latter returns the problems found. */
  reindex(): ReindexReport;
  reindexBatch(id: string): string[];
  /** Records a valid result and its rows. */
  addResult(result: StoredResult, rows: readonly Readonly<Record<string, Json>>[]): void;
  /** Newest valid result for each identity that has one and whose `result.json` still exists. */
  findResults(identities: readonly string[]): Map<string, StoredResult>;
  /** Newest valid result per identity of a workload, or of some of its batches. */
  results(selection: { workload: string; batches?: readonly string[] }): StoredResult[];
  resultCounts(): { workload: string; results: number; batches: number }[];
  rows(result: StoredResult): Readonly<Record<string, Json>>[];
  /** Every measured successful run of a workload, newest first. */
  measurements(workload: string): Measurement[];
  close(): void;
}
