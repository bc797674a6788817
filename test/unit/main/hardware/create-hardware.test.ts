import { afterEach, describe, expect, it, vi } from 'vitest';
import { createHardware, type HardwareOptions } from '../../../../src/main/hardware/create-hardware.ts';
import type { Hardware } from '../../../../src/main/hardware/hardware.ts';
import { machineSample } from '../../../../src/shared/model/hardware.ts';
import { type Answers, ended, fakeMac, healthyMac, missing } from './fake-mac.ts';

const open: Hardware[] = [];

/** A clock that stands still until it is moved. */
function handClock() {
  let seconds = 1000;
  return { now: () => seconds, monotonic: () => seconds, move: (by: number) => void (seconds += by) };
}

async function mac(answers: Answers, more: Partial<HardwareOptions> = {}): Promise<Hardware> {
  const hardware = await createHardware({
    clock: handClock(),
    platform: 'darwin',
    run: fakeMac(answers),
    coreTimes: () => [{ busy: 0, total: 0 }],
    ...more,
  });
  open.push(hardware);
  return hardware;
}

afterEach(() => {
  for (const hardware of open.splice(0)) hardware.close();
});

describe('a Mac', () => {
  it('is described by its own programs', async () => {
    const { facts } = await mac(healthyMac());
    expect(facts).toMatchObject({
      platform: 'darwin',
      model: 'Mac16,10',
      chip: 'Apple M4',
      osVersion: 'macOS 26.3 (25D125)',
      memoryBytes: 25769803776,
      cores: 10,
      gpu: { name: 'Apple M4', cores: 10, memoryBytes: null },
      translated: false,
      architecture: 'arm64',
    });
    expect(facts.coreLevels.map(({ name, cpus }) => [name, cpus])).toEqual([
      ['Performance', [6, 7, 8, 9]],
      ['Efficiency', [0, 1, 2, 3, 4, 5]],
    ]);
  });

  it('is described by system_profiler where sysctl is silent, and says when it is translated', async () => {
    const answers = healthyMac();
    answers.sysctl = 'sysctl.proc_translated: 1\n';
    answers.system_profiler =
      'Model Identifier: Mac14,3\nChip: Apple M2\nTotal Number of Cores: 8 (4 performance)\nMemory: 24 GB\n';
    const { facts } = await mac(answers);
    expect(facts).toMatchObject({
      model: 'Mac14,3',
      chip: 'Apple M2',
      cores: 8,
      translated: true,
      architecture: 'arm64',
    });
    expect(facts.memoryBytes).toBe(24 * 1024 ** 3);
    expect(facts.notes[0]).toContain('install the arm64 build');
  });

  it('gives one sample out of all sources', async () => {
    const sample = await (await mac(healthyMac())).sample();
    expect(machineSample.parse(sample)).toEqual(sample);
    expect(sample).toMatchObject({
      gpu: { percent: 17, allocatedBytes: 4597121024 },
      thermal: 'fair',
      memory: { pressure: 'warning', wiredBytes: 159117 * 16384 },
      sources: { memory: 'ok', pressure: 'ok', gpu: 'ok', thermal: 'ok', cpu: 'ok' },
    });
  });

  it('keeps every other source when one is missing, prints rubbish, fails or hangs', async () => {
    const answers = healthyMac();
    answers.vm_stat = 'rubbish \u0000 7 7 7\n';
    answers['ioreg IOAccelerator'] = ended('');
    answers.notifyutil = missing;
    answers['sysctl vm.swapusage'] = {
      kind: 'timeout',
      seconds: 2,
      stdout: 'vm.swapusage: total = 1',
      stderr: '',
    };
    const sample = await (await mac(answers)).sample();
    expect(sample).toMatchObject({
      gpu: null,
      thermal: null,
      memory: {
        totalBytes: 25769803776,
        usedBytes: null,
        wiredBytes: null,
        pressure: null,
        swapUsedBytes: null,
      },
      sources: {
        cpu: 'ok',
        memory: 'the answer was not understood',
        gpu: 'this Mac gives no GPU statistics',
        thermal: 'not installed',
        pressure: 'no answer within 2 s',
      },
    });
  });

  it('does not wait for a source that never answers', async () => {
    vi.useFakeTimers();
    try {
      const answers = healthyMac();
      answers.vm_stat = new Promise(() => undefined);
      const hardware = await mac(answers);
      const asked = hardware.sample();
      await vi.advanceTimersByTimeAsync(2_100);
      const sample = await asked;
      expect(sample.sources.memory).toBe('no answer within 2 s');
      expect(sample.memory.usedBytes).toBeNull();
      expect(sample.gpu?.percent).toBe(17);
    } finally {
      vi.useRealTimers();
    }
  });

  it('shows GPU share and footprint for each process of a tree', async () => {
    const clock = handClock();
    const answers = healthyMac();
    let nanoseconds = 3992585375;
    answers['ioreg AGXDeviceUserClient'] = () =>
      `+-o A <class A>\n "AppUsage" = ({"accumulatedGPUTime"=${nanoseconds}})\n "IOUserClientCreator" = "pid 31299, python"\n`;
    let cpu = '0:10.00';
    answers.ps = () =>
      ` 440 1 4:30.39 30544 /System/WindowServer\n31299 440 ${cpu} 99 /opt/python3.12\n 50 1 0:01.00 9 /bin/x\n`;
    const hardware = await mac(answers, { clock });
    const first = await hardware.trees([440, 7]);
    expect(first.get(7)).toEqual([]);
    expect(first.get(440)?.[1]).toMatchObject({ cpuPercent: null, gpuPercent: null });

    clock.move(4);
    nanoseconds += 1e9;
    cpu = '0:12.00';
    const tree = (await hardware.trees([440])).get(440);
    expect(tree).toEqual([
      {
        pid: 440,
        parent: 1,
        name: 'WindowServer',
        cpuPercent: 0,
        footprintBytes: 503 * 1024 ** 2,
        threads: 12,
        gpuPercent: null,
      },
      {
        pid: 31299,
        parent: 440,
        name: 'python3.12',
        cpuPercent: 50,
        footprintBytes: 2 * 1024 ** 3,
        threads: 5,
        gpuPercent: 25,
      },
    ]);
  });

  it('asks footprint where top is silent, and never falls back to resident size', async () => {
    const answers = healthyMac();
    answers.top = missing;
    answers.footprint = 'python3.12 [31299]: 64-bit    Footprint: 195 MB (16384 bytes per page)\n';
    const tree = (await (await mac(answers)).trees([440])).get(440);
    expect(tree?.map(({ footprintBytes }) => footprintBytes)).toEqual([null, 195 * 1024 ** 2]);
  });
});

describe('sampling', () => {
  it('begins at once, tells every listener, and ends with close', async () => {
    const hardware = await createHardware({
      clock: { now: () => Date.now() / 1000, monotonic: () => performance.now() / 1000 },
      intervals: { busy: 0.02, idle: 60 },
    });
    open.push(hardware);
    const times: number[] = [];
    await new Promise<void>((resolve) => {
      hardware.onSample((sample) => {
        times.push(sample.t);
        if (times.length === 3) resolve();
      });
    });
    expect(hardware.latest()?.t).toBe(times.at(-1));
    expect(hardware.history(60, 100).map(({ t }) => t)).toEqual(times);
    hardware.close();
    const count = times.length;
    await hardware.sample();
    expect(times).toHaveLength(count);
  });

  it('is slow while nobody looks, and quick while runs are live', async () => {
    vi.useFakeTimers();
    try {
      let busy = false;
      const clock = { now: () => Date.now() / 1000, monotonic: () => Date.now() / 1000 };
      const hardware = await mac(healthyMac(), { clock, busy: () => busy });
      await vi.advanceTimersByTimeAsync(30_500);
      expect(hardware.history(100, 1000)).toHaveLength(4);
      busy = true;
      await vi.advanceTimersByTimeAsync(20_000);
      expect(hardware.history(20, 1000).length).toBeGreaterThanOrEqual(10);
      hardware.close();
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });
});
