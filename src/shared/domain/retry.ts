import type { ExperimentState } from '../model/run.ts';
import { isResourceFailure } from './exit-reason.ts';

/** Resource failures of one batch after which it goes on with one run at a time. */
export const RESOURCE_FAILURES_BEFORE_SERIAL = 2;

/** A doubled delay ends here, in seconds. */
const LONGEST_DELAY = 86_400;

export interface RetryFacts {
  readonly state: ExperimentState;
  /** Automatic attempts that this experiment has already been given. */
  readonly given: number;
  /** Automatic attempts that were asked for. */
  readonly allowed: number;
  /** Before the first of them, in seconds. */
  readonly delaySeconds: number;
  /** The first failure for good ends the batch. */
  readonly failFast: boolean;
  /** Another run lived when this one ended. */
  readonly hadCompany: boolean;
  /** Resource failures of the batch so far, this one included. */
  readonly resourceFailures: number;
  readonly workers: number;
}

export interface RetryDecision {
  readonly again: boolean;
  /** It waits this long before that. */
  readonly delaySeconds: number;
  /** It has failed for good, and that ends the batch. */
  readonly halt: boolean;
  /** From now on one run at a time. */
  readonly serial: boolean;
  /** Why, for the journal and the notice. */
  readonly why: string;
}

/**
 * Whether a run that ended gets another attempt by itself. A run that failed for want of memory while others
 * lived gets one more than asked for, because company may have been the cause.
 */
export function decideRetry(facts: RetryFacts): RetryDecision {
  const { state } = facts;
  const resource = isResource(state);
  const serial = resource && facts.workers > 1 && facts.resourceFailures >= RESOURCE_FAILURES_BEFORE_SERIAL;
  const allowed = facts.allowed + (resource && facts.hadCompany ? 1 : 0);
  const failed = ['failed', 'timed-out', 'partial'].includes(state.kind);
  const again = failed && mayHelp(state) && facts.given < allowed;
  return {
    again,
    delaySeconds: again ? Math.min(facts.delaySeconds * 2 ** facts.given, LONGEST_DELAY) : 0,
    halt: failed && !again && facts.failFast,
    serial,
    why: whyAgain(state),
  };
}

/** A kill of unknown cause is treated like want of memory, the usual cause, but never called so. */
function whyAgain(state: ExperimentState): string {
  if (!isResource(state)) return 'an automatic attempt was left';
  return state.kind === 'failed' && state.reason.kind === 'killed-unknown'
    ? 'it was killed from outside while other runs lived'
    : 'it ran short of memory beside other runs';
}

export function isResource(state: ExperimentState): boolean {
  return state.kind === 'failed' && isResourceFailure(state.reason.kind);
}

/** A full disk and a missing interpreter do not mend themselves. */
function mayHelp(state: ExperimentState): boolean {
  return (
    state.kind !== 'failed' || (state.reason.kind !== 'disk-full' && state.reason.kind !== 'start-failed')
  );
}
