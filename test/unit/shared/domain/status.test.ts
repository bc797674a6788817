import { describe, expect, it } from 'vitest';
import { countStates } from '../../../../src/shared/domain/counts.ts';
import {
  canRetry,
  isFinal,
  isLive,
  isQueued,
  stateLabel,
  stateSentence,
  stateTone,
} from '../../../../src/shared/domain/status.ts';
import { experimentState, type ExperimentState } from '../../../../src/shared/model/run.ts';

const ended = { startedAt: 1, endedAt: 91, seconds: 90 };
const sentence = 'Waits for memory: 2.1 GB free, needs 2.4 GB.';
const states: ExperimentState[] = [
  { kind: 'queued' },
  { kind: 'waiting', resource: 'memory', sentence },
  { kind: 'starting', since: 1 },
  { kind: 'running', since: 1 },
  { kind: 'paused', since: 1 },
  { kind: 'succeeded', ...ended },
  { kind: 'partial', ...ended, sentence: 'Wrote 3 of 10 rows.' },
  {
    kind: 'failed',
    ...ended,
    reason: { kind: 'script-error', sentence: 'ValueError: x.', exitCode: 1, signal: null },
  },
  { kind: 'timed-out', ...ended, limitSeconds: 60 },
  { kind: 'cancelled', ...ended },
  { kind: 'interrupted', ...ended, sentence: 'The app ended.' },
  { kind: 'skipped', batch: 'b', index: 1, attempt: 1, sentence: 'Done before.' },
  { kind: 'postponed', sentence: 'At night.' },
];

describe('states', () => {
  it('covers every kind of the model', () => {
    expect(states.map(({ kind }) => kind)).toEqual(
      experimentState.options.map((option) => option.shape.kind.value),
    );
  });

  it.each(states)('$kind has a word, a tone and a sentence', (state) => {
    expect(stateLabel(state.kind)).toMatch(/^[a-z ]+$/);
    expect(stateTone(state.kind)).toMatch(/^(running|succeeded|waiting|warning|failed)$/);
    expect(stateSentence(state)).toMatch(/^[A-Z].*\.$/);
    expect([isLive(state), isQueued(state), isFinal(state)].filter(Boolean)).toHaveLength(1);
  });

  it('tells in plain words what happened', () => {
    const bySentence = states.map(stateSentence);
    expect(bySentence[1]).toBe(sentence);
    expect(bySentence[5]).toBe('Done in 1\u2009min 30\u2009s.');
    expect(bySentence[7]).toBe('ValueError: x.');
    expect(bySentence[8]).toBe('Stopped at its time limit of 1\u2009min. Retry with a longer --timeout.');
  });

  it('offers a retry for what ended without a result', () => {
    expect(states.filter(canRetry).map(({ kind }) => kind)).toEqual([
      'partial',
      'failed',
      'timed-out',
      'cancelled',
      'interrupted',
    ]);
  });

  it('counts each state once', () => {
    const counts = countStates(states);
    expect(counts).toEqual({
      total: 13,
      succeeded: 1,
      failed: 3,
      skipped: 1,
      postponed: 1,
      live: 3,
      queued: 2,
      stopped: 2,
    });
  });
});
