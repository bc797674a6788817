import { describe, expect, it } from 'vitest';
import { batchExitCode } from '../../../../src/shared/domain/batch-outcome.ts';
import { eventsOfRun, hookVariables, planHooks } from '../../../../src/shared/domain/hook-plan.ts';
import { hooks } from '../../../../src/shared/model/hooks.ts';

const ended = { startedAt: 1, endedAt: 2, seconds: 1 };
const counts = {
  total: 3,
  succeeded: 1,
  failed: 1,
  skipped: 0,
  postponed: 0,
  live: 0,
  queued: 0,
  stopped: 1,
};
const batch = { id: 'b', title: 'Tiny quick', state: { kind: 'finished' } as const, counts, folder: '/w/b' };

describe('the commands of an end', () => {
  it('come in the order of their sources, as words, with their folder and time', () => {
    const planned = planHooks(
      [
        { name: 'settings.yaml', folder: '/w', hooks: { runEnded: ['say "run over"'], batchEnded: ['x'] } },
        { name: 'the suite', folder: '/s', hooks: { runEnded: [['a', 'b c']], timeLimit: 5 } },
      ],
      ['runFailed', 'runEnded'],
    );
    expect(planned).toEqual([
      { event: 'runEnded', source: 'settings.yaml', words: ['say', 'run over'], folder: '/w', seconds: 60 },
      { event: 'runEnded', source: 'the suite', words: ['a', 'b c'], folder: '/s', seconds: 5 },
    ]);
  });

  it('are those of a failure only for a run that has failed', () => {
    expect(eventsOfRun({ kind: 'succeeded', ...ended })).toEqual(['runEnded']);
    expect(eventsOfRun({ kind: 'timed-out', ...ended, limitSeconds: 1 })).toEqual(['runFailed', 'runEnded']);
  });

  it('are told what has ended', () => {
    expect(hookVariables('batchEnded', batch, null)).toMatchObject({
      MINIBATCH_STATE: 'finished',
      MINIBATCH_EXIT_CODE: '130',
      MINIBATCH_TOTAL: '3',
    });
    const run = {
      index: 4,
      attempt: 2,
      name: '🧪 נסיון',
      state: { kind: 'cancelled', ...ended } as const,
      folder: '/r',
    };
    expect(hookVariables('runEnded', batch, run)).toMatchObject({
      MINIBATCH_RUN: '4',
      MINIBATCH_RUN_NAME: '🧪 נסיון',
      MINIBATCH_ATTEMPT: '2',
      MINIBATCH_EXIT_REASON: 'cancelled',
      MINIBATCH_RUN_DIR: '/r',
    });
  });

  it.each([
    [{ batchEnd: ['x'] }],
    [{ batchEnded: 'x' }],
    [{ batchEnded: [''] }],
    [{ batchEnded: [[]] }],
    [{ runEnded: [3] }],
    [{ timeLimit: 1e9 }],
  ])('are refused in the form %j', (value) => expect(hooks.safeParse(value).success).toBe(false));
});

it('a batch that rests because something failed exits with 1, a stopped one with 130', () => {
  const clean = { ...counts, failed: 0, stopped: 0 };
  expect(batchExitCode({ state: { kind: 'finished' }, counts: clean })).toBe(0);
  expect(batchExitCode({ state: { kind: 'interrupted', sentence: '' }, counts: clean })).toBe(130);
  expect(batchExitCode({ state: { kind: 'interrupted', sentence: '', cause: 'failure' }, counts })).toBe(1);
});
