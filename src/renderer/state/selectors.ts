import type { BatchRecord } from '../../shared/model/batch.ts';
import type { Manifest } from '../../shared/model/workload.ts';
import type { AppState } from './app-state.ts';
import type { BatchMap } from './batches.ts';

/** Newest first. */
export function sortedBatches(batches: BatchMap): readonly BatchRecord[] {
  return Object.values(batches).toSorted((a, b) => b.createdAt - a.createdAt || b.id.localeCompare(a.id));
}

/** Whether the core is working on the batch now, paused ones included. */
export function isLive(batch: BatchRecord): boolean {
  return batch.state.kind === 'running' || batch.state.kind === 'paused' || batch.state.kind === 'stopping';
}

/** These mirror what the core would refuse, so that a button is not offered in vain. The core decides. */
export function canPause(batch: BatchRecord): boolean {
  return batch.state.kind === 'running';
}

export function canResume(batch: BatchRecord): boolean {
  return batch.state.kind === 'paused' || batch.state.kind === 'interrupted';
}

export function canStop(batch: BatchRecord): boolean {
  return batch.state.kind === 'running' || batch.state.kind === 'paused';
}

/** Experiments that "retry" would run again; an interrupted batch is resumed instead. */
export function retryCount(batch: BatchRecord): number {
  return batch.counts.failed + (batch.state.kind === 'finished' ? batch.counts.stopped : 0);
}

/** "Retry 1 failed", "Retry 3 unfinished". */
export function retryTitle(batch: BatchRecord): string {
  const count = retryCount(batch);
  return count === batch.counts.failed ? `Retry ${count} failed` : `Retry ${count} unfinished`;
}

/** Null until the manifests are here, and for a workload that is no longer installed. */
export function manifestOf(state: AppState, workload: string | null): Manifest | null {
  return state.workloads.value?.workloads.find((candidate) => candidate.name === workload) ?? null;
}
