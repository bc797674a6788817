import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../../src/main/platform/clock.ts';
import { createPlanner, type PlannerParts } from '../../../../src/main/scheduler/planner.ts';
import type { Measurement, StoredResult } from '../../../../src/main/store/store.ts';
import { createCatalog } from '../../../../src/main/workloads/catalog.ts';
import type { HardwareFacts, MachineSample } from '../../../../src/shared/model/hardware.ts';
import { planRequest, type PlanRequestInput } from '../../../../src/shared/model/plan.ts';
import type { InterpreterProbe } from '../../../../src/shared/model/python.ts';
import { failureOf } from '../../../support/expected.ts';
import {
  createWorkloadFolder,
  testPython,
  tinyManifest,
  type WorkloadFolder,
} from '../../../support/tiny-workload.ts';

const machine: HardwareFacts = {
  platform: 'linux',
  osVersion: '',
  model: null,
  chip: '',
  architecture: 'x64',
  memoryBytes: 16 * 2 ** 30,
  cores: 8,
  coreLevels: [],
  gpu: null,
  translated: false,
  notes: [],
};

function sampleAt(t: number): MachineSample {
  const memory = {
    totalBytes: 1,
    usedBytes: null,
    availableBytes: null,
    appBytes: null,
    wiredBytes: null,
    compressedBytes: null,
    cachedBytes: null,
    swapUsedBytes: null,
    swapTotalBytes: null,
    pressure: null,
  };
  const disk = { freeBytes: 2 ** 20, totalBytes: 2 ** 40 };
  return {
    t,
    cpuPercent: null,
    perCore: [],
    loadAverage: null,
    memory,
    gpu: null,
    disk,
    thermal: null,
    sources: {},
  };
}

const probe: InterpreterProbe = {
  version: '3.12.4',
  architecture: 'x86_64',
  prefix: '',
  modules: { numpy: '2.4.0' },
  mps: null,
  cuda: [],
  seconds: 0.1,
};

function stored(identity: string): StoredResult {
  const where = { batch: '20261120-110000-quick-9f3a', index: 2, attempt: 1, folder: '' };
  const what = {
    workload: 'tiny',
    workloadVersion: 1,
    name: 'width 2',
    parameters: {},
    facts: {},
    summary: {},
  };
  return {
    identity,
    ...where,
    ...what,
    device: 'cpu',
    threads: 1,
    endedAt: 1_795_000_000,
    seconds: 1,
    peakMb: null,
  };
}

let workloads: WorkloadFolder;
beforeEach(() => {
  workloads = createWorkloadFolder();
});
afterEach(() => workloads.remove());

interface Known {
  readonly done?: readonly string[];
  readonly measurements?: readonly Measurement[];
  readonly folder?: string;
  readonly latest?: MachineSample;
  readonly modules?: Readonly<Record<string, string>>;
}

function planWith(known: Known, request: Partial<PlanRequestInput>) {
  const parts: PlannerParts = {
    catalog: createCatalog({ folder: known.folder ?? workloads.folder }),
    store: {
      findResults: (identities) =>
        new Map(identities.filter((one) => known.done?.includes(one)).map((one) => [one, stored(one)])),
      measurements: () => [...(known.measurements ?? [])],
      batches: () => [],
      experiments: () => [],
    },
    hardware: {
      facts: machine,
      latest: () => known.latest ?? null,
      sample: async () => sampleAt(systemClock.now()),
    },
    python: {
      choose: async (path) => ({
        path: path ?? testPython,
        facts: { ...probe, modules: known.modules ?? probe.modules },
      }),
    },
    clock: systemClock,
  };
  return createPlanner(parts).plan(planRequest.parse({ workload: 'tiny', preset: 'quick', ...request }));
}

describe('createPlanner', () => {
  it('plans a preset of a real workload script', async () => {
    const plan = await planWith({}, { workload: '', preset: 'tiny/quick', options: { epochs: '20' } });
    expect(plan.request).toMatchObject({ workload: 'tiny', preset: 'quick', options: { epochs: 20 } });
    expect(plan.experiments.map(({ name, action, parameters }) => [name, action, parameters])).toEqual([
      ['width 2', 'run', { width: 2, epochs: 20 }],
      ['width 1', 'run', { width: 1, epochs: 20 }],
    ]);
    expect(plan).toMatchObject({ device: 'cpu', workers: 2, workloadTitle: 'Tiny', workloadVersion: 1 });
    expect(plan.limits).toMatchObject({ memory: 131, cores: 7, binding: 'work' });
    expect(plan.notes).toEqual(['Numbers only.', expect.stringContaining('1\u2009MB free')]);
  });

  it('gives seeds and identities that do not depend on the list or on how it is run', async () => {
    const seeds = async (request: Partial<PlanRequestInput>) =>
      new Map(
        (await planWith({}, request)).experiments.map(({ name, seed, identity }) => [
          name,
          { seed, identity },
        ]),
      );
    const one = await seeds({ options: { widths: [1, 2, 3] } });
    const other = await seeds({
      options: { widths: [3, 1] },
      workers: 1,
      threads: 2,
      retries: 3,
      profile: 'minimal',
    });
    expect(other.get('width 3')).toEqual(one.get('width 3'));
    expect(other.get('width 1')).toEqual(one.get('width 1'));
    expect(new Set([...one.values()].map(({ seed }) => seed)).size).toBe(3);
    const reseeded = await seeds({ options: { widths: [3] }, seed: 43 });
    expect(reseeded.get('width 3')?.seed).not.toBe(one.get('width 3')?.seed);
    expect(reseeded.get('width 3')?.identity).not.toBe(one.get('width 3')?.identity);
  });

  it('skips what has a result, unless it is to be overwritten', async () => {
    const first = await planWith({}, {});
    const done = first.experiments.filter(({ name }) => name === 'width 2').map(({ identity }) => identity);
    const again = await planWith({ done }, {});
    expect(again.totals).toMatchObject({ run: 1, skip: 1 });
    expect(again.experiments[0]?.existing).toEqual({
      batch: '20261120-110000-quick-9f3a',
      index: 2,
      attempt: 1,
    });
    expect((await planWith({ done }, { forceOverwrite: true })).totals).toMatchObject({ run: 2, skip: 0 });
  });

  it('learns from measurements, also of another preset', async () => {
    const measurements: Measurement[] = [
      {
        identity: 'x',
        parameters: { epochs: 10, width: 2 },
        device: 'cpu',
        threads: 1,
        seconds: 4,
        peakMb: 300,
      },
    ];
    const quick = await planWith({ measurements }, {});
    expect(quick.experiments.map(({ name, estimate }) => [name, estimate.seconds, estimate.source])).toEqual([
      ['width 2', 4, 'measured'],
      ['width 1', 2, 'formula'],
    ]);
    const wide = await planWith({ measurements }, { preset: 'wide', options: { epochs: 50 } });
    expect(wide.experiments[0]?.estimate).toEqual({ seconds: 300, memoryMb: 300, source: 'formula' });
  });

  it('uses a sample only while it is fresh', async () => {
    const stale = { ...sampleAt(1), disk: { freeBytes: 2 ** 40, totalBytes: 2 ** 40 } };
    expect((await planWith({ latest: stale }, {})).notes).toHaveLength(2);
    expect((await planWith({ latest: { ...stale, t: systemClock.now() } }, {})).notes).toHaveLength(1);
  });

  it.each<[string, Partial<PlanRequestInput>, string]>([
    ['an unknown preset', { preset: 'quik' }, 'Did you mean "quick"?'],
    ['an unknown option', { options: { epoch: 1 } }, 'Did you mean "epochs"?'],
    [
      'a value out of range',
      { options: { epochs: 0 } },
      '--epochs is 0 but takes a whole number from 1 to 100.',
    ],
    ['what the workload refuses', { options: { widths: [13] } }, 'Width 13 brings bad luck'],
    ['a start behind the end', { startFrom: 3 }, 'the indices of quick are 1 to 2'],
    ['a selection of nothing', { options: { widths: [] } }, 'selects no experiment'],
  ])('refuses %s in one sentence', async (_, request, part) => {
    expect(await failureOf('usage', () => planWith({}, request))).toContain(part);
  });

  it('refuses a device that is missing and a Python that lacks a module', async () => {
    expect(await failureOf('device-missing', () => planWith({}, { device: 'mps' }))).toContain(
      '--device cpu',
    );
    workloads.write('tiny', { 'manifest.yaml': `${tinyManifest}requires: [numpy, torch]\n` });
    expect(await failureOf('python-unfit', () => planWith({}, {}))).toContain('lacks torch');
  });

  it('plans the nineteen shapes of the memorization workload', async () => {
    const folder = join(import.meta.dirname, '../../../../resources/workloads');
    const modules = { numpy: '2.4.0', torch: '2.13.0' };
    const plan = await planWith({ folder, modules }, { workload: 'memorization', preset: 'all' });
    expect(plan.experiments.map(({ index }) => index).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 19 }, (_, index) => index),
    );
    const first = plan.experiments.find(({ index }) => index === 0);
    // 12 inputs, two hidden layers of 32, 6 outputs.
    expect(first).toMatchObject({ name: '[32, 32]', facts: { parameterCount: 13 * 32 + 33 * 32 + 33 * 6 } });
  });
});
