import { describe, expect, it } from 'vitest';
import { finishedParts, queueStandings, verify } from '../../../../src/shared/domain/standing.ts';
import type { ExperimentRecord, ExperimentState } from '../../../../src/shared/model/run.ts';

type Standing = Parameters<typeof verify>[1][number];

const ended = { startedAt: 1, endedAt: 2, seconds: 1 };
const STATES: Readonly<Record<string, ExperimentState>> = {
  queued: { kind: 'queued' },
  waiting: { kind: 'waiting', resource: 'phase', sentence: 'Waits.' },
  running: { kind: 'running', since: 1 },
  succeeded: { kind: 'succeeded', ...ended },
  skipped: { kind: 'skipped', batch: 'b', index: 0, attempt: 1, sentence: 'Done before.' },
  postponed: { kind: 'postponed', sentence: 'Put off.' },
  cancelled: { kind: 'cancelled', ...ended },
  interrupted: { kind: 'interrupted', ...ended, sentence: 'Stopped.' },
};

function standing(index: number, state: string, place: Partial<ExperimentRecord> = {}): Standing {
  const { phase = 'main', queue = 'main', device } = place;
  const known = STATES[state];
  if (known === undefined) throw new Error(`There is no state ${state}.`);
  const estimate = { memoryMb: 1, seconds: 10, source: 'formula' as const };
  return { index, name: `e${index}`, phase, queue, device, estimate, state: known };
}

describe('queueStandings', () => {
  it('counts every experiment once, whatever its state', () => {
    const states = Object.keys(STATES);
    const [one] = queueStandings(states.map((state, index) => standing(index, state)));
    expect(one).toEqual({
      queue: 'main',
      device: null,
      total: 8,
      done: 2,
      running: 1,
      queued: 2,
      postponed: 1,
      unsuccessful: 2,
      workSeconds: 30,
      now: ['e2'],
    });
  });

  it('keeps queues apart, in the order of the plan, with their devices', () => {
    const left = { queue: 'left', device: 'cuda:1' };
    const found = queueStandings([
      standing(0, 'queued', left),
      standing(1, 'queued', { queue: 'right' }),
      standing(2, 'succeeded', left),
    ]);
    expect(found.map(({ queue, device, done, total }) => [queue, device, done, total])).toEqual([
      ['left', 'cuda:1', 1, 2],
      ['right', null, 0, 1],
    ]);
  });
});

describe('verify', () => {
  it('believes files and not states', () => {
    const found = verify(
      'b',
      [standing(0, 'succeeded'), standing(1, 'skipped'), standing(2, 'queued')],
      ({ index }) => (index === 0 ? 'It is gone.' : null),
    );
    expect(found).toMatchObject({ planned: 3, expected: 3, found: 2, complete: false });
    expect(found.parts[0]?.missing).toEqual([
      { index: 0, name: 'e0', state: 'succeeded', sentence: 'It is gone.' },
    ]);
  });

  it('does not expect what is postponed: 16 and 14 and 10 are 40', () => {
    const all = [
      ...Array.from({ length: 16 }, (_, at) => standing(at, 'succeeded', { queue: `q${at % 3}` })),
      ...Array.from({ length: 14 }, (_, at) => standing(16 + at, 'skipped')),
      ...Array.from({ length: 10 }, (_, at) => standing(30 + at, 'postponed')),
    ];
    const found = verify('b', all, () => null);
    expect(found).toMatchObject({ planned: 40, postponed: 10, expected: 30, found: 30, complete: true });
    expect(found.parts).toHaveLength(4);
  });
});

describe('finishedParts', () => {
  const right = { phase: 'first', queue: 'right' };

  it('names a queue of a phase when its last experiment has ended', () => {
    expect(finishedParts([standing(0, 'succeeded', right), standing(1, 'running', right)])).toEqual([]);
    expect(finishedParts([standing(0, 'succeeded', right), standing(1, 'cancelled', right)])).toEqual([
      'first, right',
    ]);
    expect(finishedParts([standing(0, 'succeeded'), standing(1, 'queued', right)])).toEqual(['main']);
  });

  it('does not wait for what is postponed, and has nothing to keep where nothing ran', () => {
    expect(finishedParts([standing(0, 'succeeded'), standing(1, 'postponed')])).toEqual(['main']);
    expect(finishedParts([standing(0, 'skipped'), standing(1, 'postponed')])).toEqual([]);
    expect(finishedParts([standing(0, 'succeeded'), standing(1, 'interrupted')])).toEqual([]);
  });
});
