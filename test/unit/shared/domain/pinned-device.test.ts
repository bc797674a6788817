import { describe, expect, it } from 'vitest';
import { pinnedDevice } from '../../../../src/shared/domain/device.ts';
import { buildPlan, type PlanFacts } from '../../../../src/shared/domain/plan.ts';
import type { Experiment } from '../../../../src/shared/model/experiment.ts';
import { settledRequest } from '../../../../src/shared/model/plan.ts';

function experiment(index: number, changes: Partial<Experiment> = {}): Experiment {
  return {
    index,
    name: `layer ${index}`,
    parameters: { index },
    facts: {},
    estimate: { memoryMb: 300, seconds: 10, source: 'formula' },
    phase: 'main',
    queue: `gpu ${index}`,
    identity: String(index).padStart(64, '0'),
    seed: index,
    ...changes,
  };
}

function planOn(device: string, changes: Partial<PlanFacts> = {}): ReturnType<typeof buildPlan> {
  return buildPlan({
    request: settledRequest.parse({ workload: 'w', preset: 'p' }),
    manifest: { version: 1, title: 'W', gpuLoad: 'heavy' },
    device: { device, reason: 'Asked for.' },
    experiments: [0, 1, 2].map((index) => experiment(index, { device: `cuda:${index}` })),
    existing: new Map(),
    underWay: new Map(),
    machine: { memoryBytes: 64 * 2 ** 30, cores: 32, freeDiskBytes: null },
    notes: [],
    ...changes,
  });
}

describe('pinnedDevice', () => {
  it.each([
    [undefined, 'cuda:0', 2, undefined],
    ['cuda:1', 'cuda:0', 2, 'cuda:1'],
    ['cuda:2', 'cuda:0', 2, undefined],
    ['cuda:0', 'cpu', 2, undefined],
    ['mps', 'cuda:0', 1, undefined],
    ['mps', 'mps', 0, 'mps'],
    ['cpu', 'mps', 0, 'cpu'],
  ])('%s in a batch on %s with %i GPUs gives %s', (wish, device, cudaDevices, expected) => {
    expect(pinnedDevice(wish, { device, cudaDevices })).toBe(expected);
  });
});

describe('queues bound to devices', () => {
  it('have a GPU each, and the places of all of them', () => {
    const made = planOn('cuda:0', { cudaDevices: 3 });
    expect(made.experiments.map(({ device }) => device)).toEqual(['cuda:0', 'cuda:1', 'cuda:2']);
    expect(made.limits.slots).toBe(6);
    expect(made.notes).toEqual([]);
  });

  it('share what the machine has, and the plan says so', () => {
    const made = planOn('cuda:0', { cudaDevices: 2 });
    expect(made.experiments.map(({ device }) => device)).toEqual(['cuda:0', 'cuda:1', undefined]);
    expect(made.notes).toEqual(['The queues bound to cuda:2 run on cuda:0 here.']);
    expect(planOn('cpu').notes).toEqual(['The queues bound to cuda:0, cuda:1, cuda:2 run on cpu here.']);
  });
});

it('puts off what declares more memory than the machine has, with the reason, and runs the rest', () => {
  const large = experiment(7, { estimate: { memoryMb: 100 * 1_024, seconds: 1, source: 'formula' } });
  const made = planOn('cpu', { experiments: [large, experiment(8)] });
  expect(made.experiments.find(({ index }) => index === 7)).toMatchObject({
    action: 'postpone',
    reason: expect.stringMatching(/^Needs about 100\sGB, more than the 64\sGB of this machine\./),
  });
  expect(made.totals).toMatchObject({ run: 1, postpone: 1 });
});
