import type { BatchCounts } from '../model/batch.ts';
import type { ExperimentState } from '../model/run.ts';

/** How many experiments of a batch are in which group of states. A partial run counts as failed: its rows are not complete. */
export function countStates(states: Iterable<ExperimentState>): BatchCounts {
  const counts: BatchCounts = {
    total: 0,
    succeeded: 0,
    failed: 0,
    skipped: 0,
    postponed: 0,
    live: 0,
    queued: 0,
    stopped: 0,
  };
  for (const state of states) {
    counts.total += 1;
    counts[groupOf(state)] += 1;
  }
  return counts;
}

/** The group that a state is counted in. */
export function groupOf(state: ExperimentState): Exclude<keyof BatchCounts, 'total'> {
  switch (state.kind) {
    case 'queued':
    case 'waiting':
      return 'queued';
    case 'starting':
    case 'running':
    case 'paused':
      return 'live';
    case 'succeeded':
      return 'succeeded';
    case 'partial':
    case 'failed':
    case 'timed-out':
      return 'failed';
    case 'cancelled':
    case 'interrupted':
      return 'stopped';
    case 'skipped':
      return 'skipped';
    case 'postponed':
      return 'postponed';
  }
}
