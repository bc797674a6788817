import { describe, expect, it } from 'vitest';
import { statedNeeds } from '../../../../src/shared/domain/phases.ts';
import { buildPlan, inStartOrder, type PlanFacts, wallTime } from '../../../../src/shared/domain/plan.ts';
import type { Experiment } from '../../../../src/shared/model/experiment.ts';
import { plan, type PlanRequestInput, settledRequest } from '../../../../src/shared/model/plan.ts';

function experiment(index: number, changes: Partial<Experiment> = {}): Experiment {
  return {
    index,
    name: `shape ${index}`,
    parameters: { index },
    facts: {},
    estimate: { memoryMb: 536, seconds: 10 * (index + 1), source: 'formula' },
    phase: 'main',
    queue: 'main',
    identity: String(index).padStart(64, '0'),
    seed: index,
    ...changes,
  };
}

const ended = new Date(2026, 10, 20, 12, 0).getTime() / 1_000;

function facts(
  changes: Partial<Omit<PlanFacts, 'request'>> & { request?: Partial<PlanRequestInput> } = {},
): PlanFacts {
  return {
    manifest: { version: 3, title: 'Memorisation', gpuLoad: 'light' },
    device: { device: 'cpu', reason: 'Asked for.' },
    experiments: [experiment(0), experiment(1), experiment(2), experiment(3)],
    existing: new Map(),
    underWay: new Map(),
    machine: { memoryBytes: 64 * 2 ** 30, cores: 10, freeDiskBytes: null },
    notes: [],
    ...changes,
    request: settledRequest.parse({ workload: 'w', preset: 'p', ...changes.request }),
  };
}

describe('buildPlan', () => {
  it('runs the longest first and is a valid plan', () => {
    const made = buildPlan(facts());
    expect(plan.parse(made)).toEqual(made);
    expect(made.experiments.map(({ index, action }) => [index, action])).toEqual(
      [3, 2, 1, 0].map((index) => [index, 'run']),
    );
    expect(made.workers).toBe(4);
    expect(made.totals).toEqual({
      run: 4,
      skip: 0,
      postpone: 0,
      workSeconds: 100,
      wallSeconds: 40,
      diskMb: 20,
    });
  });

  it('skips what has a result, naming its batch and day', () => {
    const existing = new Map([
      [experiment(3).identity, { batch: '20261120-110000-quick-9f3a', index: 3, attempt: 2, endedAt: ended }],
    ]);
    const made = buildPlan(facts({ existing }));
    expect(made.experiments[0]).toMatchObject({
      index: 3,
      action: 'skip',
      reason: 'Done on 20 Nov 2026 in batch 20261120-110000-quick-9f3a.',
      existing: { batch: '20261120-110000-quick-9f3a', index: 3, attempt: 2 },
    });
    expect(made.totals).toMatchObject({ run: 3, skip: 1, workSeconds: 60 });
    const again = buildPlan(facts({ existing, request: { forceOverwrite: true } }));
    expect(again.experiments[0]).toMatchObject({ action: 'run', existing: null });
    expect(again.experiments[0]?.reason).toContain('20 Nov 2026');
  });

  it('says of which batch under way it waits for', () => {
    const underWay = new Map([[experiment(2).identity, '20261120-110000-quick-9f3a']]);
    const made = buildPlan(facts({ underWay }));
    expect(made.experiments.find(({ index }) => index === 2)).toMatchObject({
      action: 'run',
      reason:
        'Waits for the same experiment in batch 20261120-110000-quick-9f3a, and runs only if that brings no result.',
    });
  });

  it('plans nothing more when everything is done', () => {
    const one = { batch: 'b', index: 0, attempt: 1, endedAt: ended };
    const made = buildPlan(
      facts({ existing: new Map([0, 1, 2, 3].map((index) => [experiment(index).identity, one])) }),
    );
    expect(made.totals).toMatchObject({ run: 0, skip: 4, workSeconds: 0, wallSeconds: 0, diskMb: 0 });
    expect(made.workers).toBe(1);
    expect(made.limits.sentence).toContain('nothing is left to run');
  });

  it('narrows to --start-from by index', () => {
    const made = buildPlan(facts({ request: { startFrom: 2 } }));
    expect(made.experiments.map(({ index }) => index)).toEqual([3, 2]);
  });

  it('postpones what the workload or the memory rules out, without counting it', () => {
    const experiments = [
      experiment(0),
      experiment(1, { postponed: 'Needs three hours; release it at night.' }),
      experiment(2, { estimate: { memoryMb: 70_000, seconds: 900, source: 'formula' } }),
    ];
    const made = buildPlan(facts({ experiments }));
    const byIndex = new Map(made.experiments.map((item) => [item.index, item]));
    expect(byIndex.get(1)).toMatchObject({
      action: 'postpone',
      reason: 'Needs three hours; release it at night.',
    });
    expect(byIndex.get(2)?.reason).toMatch(
      /^Needs about 68\.4\u2009GB, more than the 64\u2009GB of this machine/,
    );
    expect(made.totals).toMatchObject({ run: 1, postpone: 2, workSeconds: 10 });
    expect(made.limits.largestMb).toBe(536);
    const tight = buildPlan(facts({ request: { memoryGb: 0.5 } }));
    expect(tight.totals).toMatchObject({ run: 0, postpone: 4 });
    expect(tight.experiments[0]?.reason).toContain('Raise --memory-gb');
  });

  it('warns of a full disk and of more memory than there is', () => {
    const experiments = [experiment(0, { facts: { diskMb: 3_000 } })];
    const machine = { memoryBytes: 8 * 2 ** 30, cores: 4, freeDiskBytes: 2 ** 30 };
    const { notes, totals } = buildPlan(
      facts({ experiments, machine, notes: ['first'], request: { memoryGb: 16 } }),
    );
    expect(totals.diskMb).toBe(3_000);
    expect(notes).toHaveLength(3);
    expect(notes[0]).toBe('first');
    expect(notes[1]).toContain('--memory-gb 16');
    expect(notes[2]).toContain('2.9\u2009GB');
  });
});

describe('order and wall time', () => {
  it('keeps phases in the workload’s order', () => {
    const experiments = [
      experiment(0, { phase: 'search' }),
      experiment(1, { phase: 'search' }),
      experiment(9, { phase: 'final' }),
    ];
    const order = (...names: string[]) =>
      inStartOrder(experiments, statedNeeds(names.map((name) => ({ name })))).map(({ index }) => index);
    expect(order('search', 'final')).toEqual([1, 0, 9]);
    expect(order('final', 'search')).toEqual([9, 1, 0]);
  });

  it('breaks ties by index, wherever the description put them', () => {
    const equal = { estimate: { memoryMb: 1, seconds: 5, source: 'formula' as const } };
    expect(
      inStartOrder([experiment(2, equal), experiment(0, equal), experiment(1, equal)], []).map(
        ({ index }) => index,
      ),
    ).toEqual([0, 1, 2]);
  });

  it('gives each free worker the next run and waits between phases', () => {
    const run = (seconds: number, phase = 'main') => ({ phase, estimate: { seconds } });
    const phases = statedNeeds([{ name: 'main' }, { name: 'second' }]);
    const two = { workers: 2, phases };
    expect(wallTime([run(6), run(4), run(3), run(3)], two)).toBe(9);
    expect(wallTime([run(6), run(4), run(5, 'second'), run(5, 'second')], two)).toBe(11);
    expect(wallTime([], { workers: 3, phases })).toBe(0);
    const beside = [
      { name: 'main', needs: [] },
      { name: 'second', needs: [] },
      { name: 'last', needs: ['second'] },
    ];
    const work = [run(6), run(4, 'second'), run(3, 'last')];
    expect(wallTime(work, { workers: 2, phases: beside })).toBe(7);
    expect(wallTime(work, { workers: 3, phases: beside })).toBe(7);
    expect(wallTime(work, { workers: 1, phases: beside })).toBe(13);
  });
});
