import type { BatchRecord } from '../../shared/model/batch.ts';
import type { Manifest } from '../../shared/model/workload.ts';
import type { AppState } from './app-state.ts';
import type { BatchMap } from './batches.ts';
import { formChanges, presetOf, readForm } from './launch-form.ts';

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

/** What the launch form is a change of. */
export interface PresetFacts {
  readonly title: string;
  /** Saved by the person, so that it can be changed. */
  readonly own: boolean;
  readonly changed: boolean;
  /** Every field can be read. */
  readonly sound: boolean;
}

/** Null = there is no form yet. */
export function presetFacts({ form, workloads, suite }: AppState): PresetFacts | null {
  const manifest = workloads.value?.workloads.find(({ name }) => name === form?.workload);
  if (!form || !manifest) return null;
  const preset = presetOf(manifest, form.preset);
  const { options, machine } = formChanges(form, manifest);
  return {
    title: preset?.title ?? suite?.name ?? 'the suite',
    own: preset?.own !== undefined,
    changed: options.length + machine.length > 0,
    sound: readForm(form, manifest).kind === 'request',
  };
}
