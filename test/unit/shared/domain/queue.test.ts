import { describe, expect, it } from 'vitest';
import { decideQueue } from '../../../../src/shared/domain/queue.ts';
import type { Candidate, Occupant, QueuedBatch } from '../../../../src/shared/domain/queue-model.ts';
import { statedNeeds } from '../../../../src/shared/domain/phases.ts';
import type { Phase } from '../../../../src/shared/model/experiment.ts';
import type { MachineSample } from '../../../../src/shared/model/hardware.ts';

const GIB = 2 ** 30;

function candidate(index: number, change: Partial<Candidate> = {}): Candidate {
  return {
    index,
    identity: `i${index}`,
    order: index,
    phase: 'main',
    device: 'cpu',
    memoryMb: 100,
    ...change,
  };
}

function occupant(index: number, change: Partial<Occupant> = {}): Occupant {
  return {
    index,
    identity: `i${index}`,
    phase: 'main',
    device: 'cpu',
    gpuLoad: 'light',
    memoryMb: 100,
    usedMb: 100,
    threads: 1,
    ...change,
  };
}

function batch(change: Partial<QueuedBatch> = {}): QueuedBatch {
  return {
    id: 'b',
    admits: true,
    workers: 4,
    asked: false,
    threads: 1,
    gpuLoad: 'light',
    budgetMb: 10_000,
    phases: [{ name: 'main', needs: [] }],
    candidates: [candidate(0), candidate(1), candidate(2)],
    live: [],
    ...change,
  };
}

/** Phases one after the other. */
function chain(...names: string[]): Phase[] {
  return statedNeeds(names.map((name) => ({ name })));
}

function machine(
  availableBytes: number | null,
  change: { pressure?: 'normal' | 'warning' | 'critical'; freeBytes?: number } = {},
): MachineSample {
  return {
    t: 0,
    cpuPercent: null,
    perCore: [],
    loadAverage: null,
    memory: {
      totalBytes: 16 * GIB,
      usedBytes: null,
      availableBytes,
      appBytes: null,
      wiredBytes: null,
      compressedBytes: null,
      cachedBytes: null,
      swapUsedBytes: null,
      swapTotalBytes: null,
      pressure: change.pressure ?? 'normal',
    },
    gpu: null,
    disk: { freeBytes: change.freeBytes ?? 100 * GIB, totalBytes: 200 * GIB },
    thermal: null,
    sources: {},
  };
}

function decide(batches: QueuedBatch[], more: { machine?: MachineSample; cores?: number } = {}) {
  const decision = decideQueue({ batches, cores: more.cores ?? 16, machine: more.machine ?? null, now: 0 });
  return {
    started: decision.start.map(({ index }) => index),
    starts: decision.start,
    waits: decision.waits.map(({ index, state }) => ({
      index,
      resource: state.resource,
      sentence: state.sentence,
    })),
    free: Object.fromEntries(decision.free),
  };
}

describe('decideQueue', () => {
  it('fills the free workers in the order of the plan', () => {
    const candidates = [candidate(7, { order: 2 }), candidate(3, { order: 0 }), candidate(5, { order: 1 })];
    expect(decide([batch({ workers: 2, candidates })])).toMatchObject({
      started: [3, 5],
      waits: [],
      free: { b: 0 },
    });
    expect(decide([batch({ workers: 2, live: [occupant(9)] })]).started).toEqual([0]);
    expect(decide([batch({ workers: 1, live: [occupant(8), occupant(9)] })]).started).toEqual([]);
  });

  it('starts nothing of a batch that rests, but counts its runs', () => {
    const paused = batch({ id: 'p', admits: false, live: [occupant(9, { threads: 3 })] });
    expect(
      decide([paused, batch({ threads: 1, candidates: [candidate(0), candidate(1)] })], { cores: 4 }).started,
    ).toEqual([0]);
  });

  it('keeps a phase waiting until the one that it needs has nothing queued and nothing live', () => {
    const phases = chain('one', 'two');
    const later = candidate(1, { phase: 'two' });
    expect(decide([batch({ phases, candidates: [candidate(0, { phase: 'one' }), later] })])).toMatchObject({
      started: [0],
      waits: [{ index: 1, resource: 'phase', sentence: 'Waits until the phase "one" is done.' }],
    });
    expect(
      decide([batch({ phases, candidates: [later], live: [occupant(0, { phase: 'one' })] })]).started,
    ).toEqual([]);
    expect(decide([batch({ phases, candidates: [later] })]).started).toEqual([1]);
  });

  it('runs phases that do not need each other side by side, and waits for all that are needed', () => {
    const phases = [
      { name: 'data', needs: [] },
      { name: 'left', needs: ['data'] },
      { name: 'right', needs: ['data'] },
      { name: 'join', needs: ['left', 'right'] },
    ];
    const left = candidate(1, { phase: 'left' });
    const right = candidate(2, { phase: 'right' });
    const join = candidate(3, { phase: 'join' });
    expect(
      decide([batch({ phases, candidates: [candidate(0, { phase: 'data' }), left, right, join] })]),
    ).toMatchObject({
      started: [0],
      waits: [
        { index: 1, sentence: 'Waits until the phase "data" is done.' },
        { index: 2, sentence: 'Waits until the phase "data" is done.' },
        { index: 3, sentence: 'Waits until the phases "left" and "right" are done.' },
      ],
    });
    expect(decide([batch({ phases, candidates: [left, right, join] })])).toMatchObject({
      started: [1, 2],
      waits: [{ index: 3 }],
    });
    const live = [occupant(1, { phase: 'left' })];
    expect(decide([batch({ phases, candidates: [join], live })]).waits[0]?.sentence).toBe(
      'Waits until the phase "left" is done.',
    );
    expect(decide([batch({ phases, candidates: [join] })]).started).toEqual([3]);
  });

  it('waits through phases that have nothing to do themselves, and counts many', () => {
    const last = candidate(9, { phase: 'd' });
    const first = candidate(0, { phase: 'a' });
    const phases = chain('a', 'b', 'c', 'd');
    expect(decide([batch({ phases, candidates: [first, last] })]).waits[0]?.sentence).toBe(
      'Waits until the phase "a" is done.',
    );
    const wide = ['a', 'b', 'c', 'x'].map((name) => ({ name, needs: [] }));
    const needy = { name: 'd', needs: ['a', 'b', 'c', 'x'] };
    const four = wide.map(({ name }, index) => candidate(index, { phase: name }));
    expect(
      decide([batch({ phases: [...wide, needy], candidates: [...four, last] })]).waits[0]?.sentence,
    ).toBe('Waits until the phases "a", "b" and 2 more are done.');
  });

  it('gives a GPU to six light runs or two heavy ones, and any number to the CPU', () => {
    const on = (device: string) => Array.from({ length: 8 }, (_, index) => candidate(index, { device }));
    expect(decide([batch({ workers: 8, candidates: on('mps') })]).started).toHaveLength(6);
    const heavy = decide([batch({ workers: 8, gpuLoad: 'heavy', candidates: on('mps') })]);
    expect(heavy.started).toHaveLength(2);
    expect(heavy.waits[0]).toEqual({
      index: 2,
      resource: 'slot',
      sentence: 'Waits for the device mps: all 2 places are taken.',
    });
    expect(decide([batch({ workers: 8, gpuLoad: 'heavy', candidates: on('cpu') })]).started).toHaveLength(8);
    const light = batch({ id: 'light', candidates: [candidate(0, { device: 'mps' })] });
    const sharing = batch({
      id: 'heavy',
      live: [
        occupant(1, { device: 'mps', gpuLoad: 'heavy' }),
        occupant(2, { device: 'mps', gpuLoad: 'heavy' }),
      ],
      candidates: [],
    });
    expect(decide([sharing, light]).started).toEqual([]);
  });

  it('lets devices of their own run beside each other', () => {
    const candidates = [0, 1, 2, 3].map((index) => candidate(index, { device: `cuda:${index % 2}` }));
    expect(decide([batch({ gpuLoad: 'heavy', candidates })]).started).toEqual([0, 1, 2, 3]);
  });

  it('keeps workers times threads within the cores, but always lets one run', () => {
    const threaded = decide([batch({ threads: 3 })], { cores: 8 });
    expect(threaded.started).toEqual([0, 1]);
    expect(threaded.waits[0]).toEqual({
      index: 2,
      resource: 'threads',
      sentence: 'Waits for processor cores: 2 free, needs 3.',
    });
    expect(decide([batch({ threads: 32 })], { cores: 8 }).started).toEqual([0]);
  });

  it('does not undo a worker count that a person asked for', () => {
    expect(decide([batch({ asked: true })], { cores: 2 })).toMatchObject({ started: [0, 1, 2], waits: [] });
    const guest = batch({ id: 'guest', candidates: [candidate(7)] });
    expect(decide([batch({ asked: true }), guest], { cores: 2 }).waits).toMatchObject([
      { index: 7, resource: 'threads' },
    ]);
  });

  it('never trains one identity twice at the same time', () => {
    const live = batch({ id: 'old', candidates: [], live: [occupant(1)] });
    const sentence = 'Waits for the same experiment in the batch old, so that it is not trained twice.';
    const younger = batch({ id: 'young', candidates: [candidate(0), candidate(1)] });
    expect(decide([live, younger])).toMatchObject({
      started: [0],
      waits: [{ index: 1, resource: 'twin', sentence }],
    });
    // Also behind one that is only queued, and for twins within one batch; a batch that rests keeps nobody waiting.
    const queued = batch({ id: 'old', workers: 1, candidates: [candidate(9, { order: 0 }), candidate(1)] });
    expect(decide([queued, younger])).toMatchObject({ started: [9, 0], waits: [{ index: 1 }] });
    expect(decide([{ ...queued, admits: false }, younger]).started).toEqual([0, 1]);
    const double = [candidate(0, { identity: 'same' }), candidate(1, { identity: 'same' })];
    expect(decide([batch({ candidates: double })]).waits[0]?.sentence).toContain('in this batch');
  });

  it('keeps the sum of expected peaks within the budget, and lets a smaller one pass', () => {
    const candidates = [
      candidate(0, { memoryMb: 6_000 }),
      candidate(1, { memoryMb: 6_000 }),
      candidate(2, { memoryMb: 1_000 }),
    ];
    expect(decide([batch({ candidates })])).toMatchObject({
      started: [0, 2],
      waits: [{ index: 1, resource: 'memory', sentence: 'Waits for memory: 3.9 GB free, needs 5.9 GB.' }],
    });
  });

  it('lets one run alone even if it is over the budget', () => {
    const candidates = [candidate(0, { memoryMb: 20_000 }), candidate(1, { memoryMb: 20_000 })];
    expect(decide([batch({ candidates })]).started).toEqual([0]);
  });

  it('admits a run of nearly the whole memory alone, and one whose estimate is beyond it', () => {
    const whole = [candidate(0, { memoryMb: 15 * 1024 })];
    const small = batch({ budgetMb: 12 * 1024 });
    expect(decide([{ ...small, candidates: whole }], { machine: machine(8 * GIB) }).started).toEqual([0]);
    expect(decide([{ ...small, candidates: whole, live: [occupant(9)] }]).started).toEqual([]);
    const beyond = [candidate(0, { memoryMb: 60 * 1024 })];
    expect(decide([{ ...small, candidates: beyond }], { machine: machine(9 * GIB) }).started).toEqual([0]);
  });

  it('leaves room for live runs to grow', () => {
    const live = [occupant(9, { memoryMb: 3_000, usedMb: 1_000 })];
    const candidates = [candidate(0, { memoryMb: 2_458 })];
    expect(decide([batch({ live, candidates })], { machine: machine(4.1 * GIB) }).waits).toEqual([
      { index: 0, resource: 'memory', sentence: 'Waits for memory: 2.1 GB free, needs 2.4 GB.' },
    ]);
    expect(decide([batch({ live, candidates })], { machine: machine(5 * GIB) }).started).toEqual([0]);
  });

  it('starts a run that would be alone with half of what it needs, not with less', () => {
    const candidates = [candidate(0, { memoryMb: 4_096 })];
    expect(decide([batch({ candidates })], { machine: machine(2.5 * GIB) }).started).toEqual([0]);
    expect(decide([batch({ candidates })], { machine: machine(1.5 * GIB) }).started).toEqual([]);
  });

  it.each(['warning', 'critical'] as const)('starts nothing at pressure %s', (pressure) => {
    const decision = decide([batch()], { machine: machine(10 * GIB, { pressure }) });
    expect(decision.started).toEqual([]);
    expect(decision.waits.map(({ resource }) => resource)).toEqual(['pressure', 'pressure', 'pressure']);
  });

  it('starts nothing below a gigabyte of free disk', () => {
    expect(decide([batch()], { machine: machine(10 * GIB, { freeBytes: GIB - 1 }) }).waits[0]?.resource).toBe(
      'disk',
    );
    expect(decide([batch()], { machine: machine(10 * GIB, { freeBytes: GIB }) }).started).toHaveLength(3);
  });

  it('asks for nothing that the machine does not tell', () => {
    expect(decide([batch()], { machine: machine(null) }).started).toEqual([0, 1, 2]);
  });
});
