import { describe, expect, it } from 'vitest';
import { workerEnvironment } from '../../../../src/main/worker/environment.ts';
import {
  formatDevices,
  grantDevices,
  joinDevices,
  measuredDevice,
  splitDevices,
  takenDevices,
  visibleDevices,
} from '../../../../src/shared/domain/device-set.ts';
import { buildPlan, type PlanFacts } from '../../../../src/shared/domain/plan.ts';
import type { Experiment } from '../../../../src/shared/model/experiment.ts';
import { plan, settledRequest } from '../../../../src/shared/model/plan.ts';

const stock = { cards: 2, cores: 4 };

describe('the devices of a run', () => {
  it('are one text, and count from 0 for its processes', () => {
    expect(splitDevices(joinDevices(['cuda:0', 'cuda:3']))).toEqual(['cuda:0', 'cuda:3']);
    expect(visibleDevices('cuda:1+cuda:3')).toEqual(['cuda:0', 'cuda:1']);
    expect(visibleDevices('cuda:3')).toEqual(['cuda:0']);
    expect(visibleDevices('cpu+cpu')).toEqual(['cpu', 'cpu']);
    expect(measuredDevice('cuda:3', 2)).toBe('cuda:0+cuda:1');
    expect(measuredDevice('mps', 1)).toBe('mps');
    expect(['cpu', 'cpu+cpu', 'cuda:0+cuda:2'].map(formatDevices)).toEqual([
      'cpu',
      '2 × cpu',
      'cuda:0 + cuda:2',
    ]);
  });

  it('are all that its processes see', () => {
    const environment = (device: string): string | undefined =>
      workerEnvironment({ base: {}, python: '/p', device, threads: 1, mpsShare: null }).CUDA_VISIBLE_DEVICES;
    expect(environment('cuda:1+cuda:3')).toBe('1,3');
    expect(environment('cuda:2')).toBe('2');
    expect(environment('cpu+cpu')).toBe('');
  });

  it.each([
    [2, 'cuda:0', 'Needs 3 GPUs, this machine has 2.', 'this machine has 2'],
    [1, 'mps', 'Needs 3 GPUs, this machine has 1.', 'this machine has 1'],
    [0, 'cuda:0', 'Needs 3 GPUs, this machine has 0.', 'this machine has 0'],
  ])('are refused with the reason, %d cards and %s', (cards, device, sentence, why) => {
    const here = { cards, cores: 64 };
    expect(grantDevices({ devices: 3 }, device, here)).toEqual({ kind: 'short', sentence });
    expect(grantDevices({ devices: 3, orOne: true }, device, here)).toEqual({ kind: 'one', why });
    expect(grantDevices({}, device, here)).toEqual({ kind: 'granted', devices: 1 });
  });

  it('are processes on the CPU, one for each core at most', () => {
    expect(grantDevices({ devices: 4 }, 'cpu', stock)).toEqual({ kind: 'granted', devices: 4 });
    expect(grantDevices({ devices: 5 }, 'cpu', stock)).toEqual({
      kind: 'short',
      sentence: 'Needs 5 processes, this machine has 4 cores.',
    });
  });
});

function experiment(index: number, changes: Partial<Experiment> = {}): Experiment {
  return {
    index,
    name: `n ${index}`,
    parameters: { index },
    facts: {},
    estimate: { memoryMb: 100, seconds: 10, source: 'formula' },
    phase: 'main',
    queue: 'main',
    identity: String(index).padStart(64, '0'),
    seed: index,
    ...changes,
  };
}

function planned(changes: Partial<PlanFacts>) {
  const made = buildPlan({
    request: settledRequest.parse({ workload: 'w', preset: 'p', threads: 2 }),
    manifest: { version: 1, title: 'W', gpuLoad: 'heavy' },
    device: { device: 'cuda:0', reason: 'Asked for.' },
    cudaDevices: 4,
    experiments: [],
    existing: new Map(),
    underWay: new Map(),
    machine: { memoryBytes: 64 * 2 ** 30, cores: 16, freeDiskBytes: null },
    notes: [],
    ...changes,
  });
  expect(plan.parse(made)).toEqual(made);
  return made;
}

describe('a plan of runs that take several devices', () => {
  const eight = Array.from({ length: 8 }, (_, index) => experiment(index, { devices: 2 }));

  it('counts threads, places and processes of all of them', () => {
    const made = planned({ experiments: eight });
    // 16 cores ÷ 4 threads, 6 processes ÷ 2, 4 cards of 2 places ÷ 2.
    expect(made.limits).toMatchObject({ cores: 4, cap: 3, slots: 4 });
    expect(made).toMatchObject({ workers: 3, cards: 4 });
    const narrow = planned({ experiments: [...eight, experiment(9)] });
    expect(narrow.limits).toMatchObject({ cores: 8, cap: 6, slots: 8 });
    expect(
      planned({ experiments: eight, machine: { memoryBytes: 2 ** 36, cores: 4, freeDiskBytes: null } }).limits
        .sentence,
    ).toBe('1 worker: cores bind (4 threads each); memory allows 524, the stability cap 3.');
  });

  it('postpones on a machine with too few, or runs one process and says so', () => {
    const [first, second] = planned({
      cudaDevices: 1,
      experiments: [experiment(0, { devices: 2 }), experiment(1, { devices: 2, orOne: true })],
    }).experiments;
    expect(first).toMatchObject({ action: 'postpone', reason: 'Needs 2 GPUs, this machine has 1.' });
    expect(second).toMatchObject({ action: 'run', devices: 2, granted: 1, estimate: { memoryMb: 50 } });
    expect(second && takenDevices(second)).toBe(1);
    const apple = planned({
      device: { device: 'mps', reason: '' },
      experiments: eight.map((one) => ({ ...one, orOne: true })),
    });
    expect(apple.notes).toEqual([
      '8 experiments meant for 2 GPUs, this machine has 1: they run in a single process.',
    ]);
    expect(apple.limits.slots).toBe(2);
  });
});
