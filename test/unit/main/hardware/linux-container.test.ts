import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHardware } from '../../../../src/main/hardware/create-hardware.ts';
import { readCgroupMemory } from '../../../../src/main/hardware/linux/cgroup.ts';
import type { ProgramResult } from '../../../../src/main/platform/process-runner.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'minibatch-proc-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function file(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

const folders = () => ({ procFolder: join(folder, 'proc'), cgroupFolder: join(folder, 'cgroup') });
const noCard: ProgramResult = { kind: 'not-started', reason: 'not installed', stdout: '', stderr: '' };

describe('the limit of a container', () => {
  it('is the tightest on the way up (version 2)', async () => {
    file('proc/self/cgroup', '0::/slice/job\n');
    file('cgroup/slice/job/memory.max', 'max\n');
    file('cgroup/slice/memory.max', '4000000\n');
    file('cgroup/slice/memory.current', '3000000\n');
    file('cgroup/slice/memory.stat', 'anon 1\ninactive_file 500000\n');
    file('cgroup/memory.max', '9000000\n');
    expect(await readCgroupMemory(folders())).toEqual({
      limitBytes: 4e6,
      usedBytes: 3e6,
      inactiveFileBytes: 5e5,
    });
  });

  it('is found where the path of the group is not mounted (version 1)', async () => {
    file('proc/self/cgroup', '4:memory:/outside/name\n0::/\n');
    file('cgroup/memory/memory.limit_in_bytes', '4000000\n');
    file('cgroup/memory/memory.usage_in_bytes', '1000000\n');
    expect(await readCgroupMemory(folders())).toEqual({
      limitBytes: 4e6,
      usedBytes: 1e6,
      inactiveFileBytes: null,
    });
  });

  it('is none without a controller or without a number', async () => {
    expect(await readCgroupMemory(folders())).toBeNull();
    file('proc/self/cgroup', '0::/\n');
    expect(await readCgroupMemory(folders())).toEqual({
      limitBytes: null,
      usedBytes: null,
      inactiveFileBytes: null,
    });
  });

  it('stands for the memory of the machine in facts and samples', async () => {
    file('proc/self/cgroup', '0::/\n');
    file('proc/meminfo', 'MemTotal: 16000000 kB\nMemAvailable: 8000000 kB\n');
    file('cgroup/memory.max', '1000000000\n');
    file('cgroup/memory.current', '980000000\n');
    const hardware = await createHardware({
      ...folders(),
      clock: { now: () => 1, monotonic: () => 1 },
      platform: 'linux',
      run: async () => noCard,
    });
    const sample = await hardware.sample();
    hardware.close();
    expect(hardware.facts.memoryBytes).toBe(1e9);
    expect(hardware.facts.notes[0]).toContain('limited to 0.9 GiB');
    expect(sample.memory).toMatchObject({
      totalBytes: 1e9,
      usedBytes: 98e7,
      availableBytes: 2e7,
      pressure: 'critical',
    });
    expect(sample.gpu).toBeNull();
    expect(sample.sources.gpu).toBe('no NVIDIA card was found');
  });
});

it('a machine whose memory cannot be read says so and keeps the rest', async () => {
  const hardware = await createHardware({
    ...folders(),
    clock: { now: () => 1, monotonic: () => 1 },
    platform: 'linux',
    workspace: folder,
    run: async () => noCard,
  });
  const sample = await hardware.sample();
  hardware.close();
  expect(sample.memory.usedBytes).toBeNull();
  expect(sample.memory.pressure).toBeNull();
  expect(sample.sources.memory).toContain('ENOENT');
  expect(sample.sources.disk).toBe('ok');
  expect(sample.disk?.freeBytes).toBeGreaterThan(0);
});

it('watches a card of NVIDIA once it was found', async () => {
  file('proc/meminfo', 'MemTotal: 16 kB\nMemAvailable: 8 kB\n');
  const hardware = await createHardware({
    ...folders(),
    clock: { now: () => 1, monotonic: () => 1 },
    platform: 'linux',
    run: async (command) =>
      command === 'nvidia-smi'
        ? { kind: 'ended', exitCode: 0, stdout: 'NVIDIA H200, 37, 1024, 143771\n', stderr: '' }
        : noCard,
  });
  const sample = await hardware.sample();
  hardware.close();
  expect(hardware.facts.gpu?.name).toBe('NVIDIA H200');
  expect(sample.gpu).toEqual({ percent: 37, allocatedBytes: 1024 ** 3, activeBytes: null });
});
