import type { ExperimentState, ExperimentStateKind } from '../model/run.ts';
import { formatDuration } from './format.ts';

/** How a state looks: running accent, succeeded green, waiting grey, warning amber, failed red. */
export type Tone = 'running' | 'succeeded' | 'waiting' | 'warning' | 'failed';

const APPEARANCE: Readonly<Record<ExperimentStateKind, { label: string; tone: Tone }>> = {
  queued: { label: 'queued', tone: 'waiting' },
  waiting: { label: 'waiting', tone: 'waiting' },
  starting: { label: 'starting', tone: 'running' },
  running: { label: 'running', tone: 'running' },
  paused: { label: 'paused', tone: 'warning' },
  succeeded: { label: 'succeeded', tone: 'succeeded' },
  partial: { label: 'partial', tone: 'warning' },
  failed: { label: 'failed', tone: 'failed' },
  'timed-out': { label: 'timed out', tone: 'failed' },
  cancelled: { label: 'cancelled', tone: 'warning' },
  interrupted: { label: 'interrupted', tone: 'warning' },
  skipped: { label: 'skipped', tone: 'waiting' },
  postponed: { label: 'postponed', tone: 'waiting' },
};

const LIVE: ReadonlySet<ExperimentStateKind> = new Set(['starting', 'running', 'paused']);
const WAITING: ReadonlySet<ExperimentStateKind> = new Set(['queued', 'waiting']);

/** A process exists for it. */
export function isLive(state: ExperimentState): boolean {
  return LIVE.has(state.kind);
}

/** It will be started when there is room. */
export function isQueued(state: ExperimentState): boolean {
  return WAITING.has(state.kind);
}

/** Nothing more happens to it unless a person asks (retry, release, resume). */
export function isFinal(state: ExperimentState): boolean {
  return !isLive(state) && !isQueued(state);
}

/** A retry makes a new attempt of it. */
export function canRetry(state: ExperimentState): boolean {
  return ['failed', 'timed-out', 'cancelled', 'interrupted', 'partial'].includes(state.kind);
}

/** It is done, and can be done once more. */
export function canRunAnew(state: ExperimentState): boolean {
  return state.kind === 'succeeded' || state.kind === 'skipped';
}

export function stateLabel(kind: ExperimentStateKind): string {
  return APPEARANCE[kind].label;
}

export function stateTone(kind: ExperimentStateKind): Tone {
  return APPEARANCE[kind].tone;
}

/** What happened, and what to do where something is to be done. */
export function stateSentence(state: ExperimentState): string {
  switch (state.kind) {
    case 'queued':
      return 'Waits for its turn.';
    case 'waiting':
    case 'partial':
    case 'interrupted':
    case 'skipped':
    case 'postponed':
      return state.sentence;
    case 'starting':
      return 'The worker is starting.';
    case 'running':
      return 'Is being trained.';
    case 'paused':
      return 'Paused; it keeps its memory. Resume the batch to go on.';
    case 'succeeded':
      return `Done in ${formatDuration(state.seconds)}.`;
    case 'failed':
      return state.reason.sentence;
    case 'timed-out':
      return `Stopped at its time limit of ${formatDuration(state.limitSeconds)}. Retry with a longer --timeout.`;
    case 'cancelled':
      return `Cancelled after ${formatDuration(state.seconds)}. Retry to run it again.`;
  }
}
