import { describe, expect, it } from 'vitest';
import { decideRetry, type RetryFacts } from '../../../../src/shared/domain/retry.ts';
import type { ExperimentState, FailureReason } from '../../../../src/shared/model/run.ts';

const times = { startedAt: 0, endedAt: 1, seconds: 1 };

function failed(kind: FailureReason['kind']): ExperimentState {
  return { kind: 'failed', ...times, reason: { kind, sentence: '', exitCode: 1, signal: null } };
}

function decide(change: Partial<RetryFacts>): ReturnType<typeof decideRetry> {
  return decideRetry({
    state: failed('script-error'),
    given: 0,
    allowed: 0,
    delaySeconds: 0,
    failFast: false,
    hadCompany: false,
    resourceFailures: 0,
    workers: 4,
    ...change,
  });
}

describe('decideRetry', () => {
  it('gives as many attempts as were asked for', () => {
    expect(decide({}).again).toBe(false);
    expect(decide({ allowed: 2, given: 1 }).again).toBe(true);
    expect(decide({ allowed: 2, given: 2 }).again).toBe(false);
    expect(decide({ allowed: 1, state: { kind: 'timed-out', ...times, limitSeconds: 1 } }).again).toBe(true);
    expect(decide({ allowed: 1, state: { kind: 'partial', ...times, sentence: '' } }).again).toBe(true);
  });

  it('never calls a kill of unknown cause want of memory', () => {
    const killed = decide({ state: failed('killed-unknown'), hadCompany: true });
    expect(killed).toMatchObject({ again: true, why: 'it was killed from outside while other runs lived' });
    const memory = decide({ state: failed('out-of-memory'), hadCompany: true });
    expect(memory).toMatchObject({ again: true, why: 'it ran short of memory beside other runs' });
  });

  it('leaves alone what a person ended and what cannot get better', () => {
    expect(decide({ allowed: 5, state: { kind: 'cancelled', ...times } }).again).toBe(false);
    expect(decide({ allowed: 5, state: { kind: 'succeeded', ...times } }).again).toBe(false);
    expect(decide({ allowed: 5, state: failed('disk-full') }).again).toBe(false);
    expect(decide({ allowed: 5, state: failed('start-failed') }).again).toBe(false);
  });

  it('gives one attempt more to a run that lacked memory beside others', () => {
    const state = failed('out-of-memory');
    expect(decide({ state, hadCompany: true }).again).toBe(true);
    expect(decide({ state, hadCompany: true, given: 1 }).again).toBe(false);
    expect(decide({ state, hadCompany: false }).again).toBe(false);
  });

  it('waits before a retry, twice as long each time, for a day at most', () => {
    const delays = [0, 1, 2].map((given) => decide({ allowed: 3, given, delaySeconds: 10 }).delaySeconds);
    expect(delays).toEqual([10, 20, 40]);
    expect(decide({ allowed: 10, given: 9, delaySeconds: 3_600 }).delaySeconds).toBe(86_400);
    expect(decide({ allowed: 3, given: 3, delaySeconds: 10 }).delaySeconds).toBe(0);
  });

  it('ends the batch at the first failure for good, if asked', () => {
    expect(decide({ failFast: true })).toMatchObject({ again: false, halt: true });
    expect(decide({ failFast: true, allowed: 1 })).toMatchObject({ again: true, halt: false });
    expect(decide({ failFast: true, state: { kind: 'cancelled', ...times } }).halt).toBe(false);
    expect(decide({ failFast: true, state: { kind: 'succeeded', ...times } }).halt).toBe(false);
    expect(decide({}).halt).toBe(false);
  });

  it('goes on with one at a time after the second lack of memory', () => {
    const state = failed('killed-by-system');
    expect(decide({ state, resourceFailures: 1 }).serial).toBe(false);
    expect(decide({ state, resourceFailures: 2 }).serial).toBe(true);
    expect(decide({ state, resourceFailures: 2, workers: 1 }).serial).toBe(false);
    expect(decide({ resourceFailures: 2 }).serial).toBe(false);
  });
});
