import { describe, expect, it, test } from 'vitest';
import { parseFootprint } from '../../../../src/main/hardware/macos/footprint.ts';
import { parseAccelerator, parseGpuFacts } from '../../../../src/main/hardware/macos/ioreg-accelerator.ts';
import { parseGpuClients } from '../../../../src/main/hardware/macos/ioreg-clients.ts';
import { parsePmset, powerNotes } from '../../../../src/main/hardware/macos/pmset.ts';
import { parsePs } from '../../../../src/main/hardware/macos/ps.ts';
import { parseSwVers } from '../../../../src/main/hardware/macos/sw-vers.ts';
import {
  coreLevels,
  memoryState,
  parseSysctl,
  sysctlNumber,
} from '../../../../src/main/hardware/macos/sysctl.ts';
import { parseSystemProfiler } from '../../../../src/main/hardware/macos/system-profiler.ts';
import { parseThermalLevel } from '../../../../src/main/hardware/macos/thermal.ts';
import { parseTop } from '../../../../src/main/hardware/macos/top.ts';
import { memoryFigures, parseVmStat } from '../../../../src/main/hardware/macos/vm-stat.ts';
import { createInstallProgress } from '../../../../src/main/python/install-progress.ts';
import { knownFailure } from '../../../../src/shared/domain/failure-text.ts';
import { macFixture, macFixtureNames } from './mac-fixtures.ts';

const GiB = 1024 ** 3;

/** Every parser on one text, as plain data. */
function everything(text: string) {
  const sysctl = parseSysctl(text);
  const vm = parseVmStat(text);
  const profile = Object.entries(parseSystemProfiler(text)).filter(([, value]) => value !== null);
  return {
    sysctl: Object.fromEntries(sysctl),
    levels: coreLevels(sysctl),
    pressure: memoryState(sysctl).pressure,
    swap: memoryState(sysctl).swapUsedBytes,
    vm: vm && Object.fromEntries(vm.pages),
    accelerator: parseAccelerator(text),
    gpu: parseGpuFacts(text),
    clients: Object.fromEntries(parseGpuClients(text)),
    top: Object.fromEntries(parseTop(text)),
    footprint: Object.fromEntries(parseFootprint(text)),
    ps: parsePs(text),
    version: parseSwVers(text),
    power: Object.fromEntries(parsePmset(text)),
    profile: Object.fromEntries(profile),
    thermal: parseThermalLevel(text),
    failure: knownFailure(text)?.kind ?? null,
  };
}

const nothing = everything('');

/** What the parsers find in a file; whatever is not named here must be found in none. */
type Findings = Partial<ReturnType<typeof everything>>;
const profile = (model: string, chip: string, gigabytes: number, cores?: number) => ({
  model,
  chip,
  memoryBytes: gigabytes * GiB,
  ...(cores === undefined ? {} : { cores }),
});
const cores = (...levels: [string, number, number][]) =>
  levels.map(([name, count, firstCpu]) => ({
    name,
    count,
    cpus: Array.from({ length: count }, (_, index) => firstCpu + index),
  }));
const anything = expect.anything();

const findings: Record<string, Findings> = {
  'system_profiler-SPHardwareDataType-m1-mini-macos14.txt': {
    profile: profile('Macmini9,1', 'Apple M1', 8, 8),
  },
  'system_profiler-SPHardwareDataType-m2-mini-macos15.txt': {
    profile: profile('Mac14,3', 'Apple M2', 24, 8),
  },
  'system_profiler-SPHardwareDataType-m4-mini-macos15.txt': {
    profile: profile('Mac16,10', 'Apple M4', 16, 10),
  },
  'system_profiler-SPHardwareDataType-m4-mini-firmware11881.61.txt': {
    profile: profile('Mac16,10', 'Apple M4', 16, 10),
  },
  'system_profiler-SPHardwareDataType-m4-mini-capitalised.txt': {
    profile: profile('Mac16,10', 'Apple M4', 16, 10),
  },
  'system_profiler-SPHardwareDataType-m4-air-with-stderr.txt': {
    profile: profile('Mac16,12', 'Apple M4', 16, 10),
  },
  'system_profiler-SPHardwareDataType-m1pro.txt': {
    profile: profile('MacBookPro18,1', 'Apple M1 Pro', 16, 10),
  },
  'system_profiler-hardware-displays-m4-macos26.5.txt': {
    profile: { ...profile('Mac16,1', 'Apple M4', 24, 10), gpu: 'Apple M4', gpuCores: 10 },
  },
  'system_profiler-SPHardwareDataType-m2.json': { profile: profile('Mac14,7', 'Apple M2', 16, 8) },
  'system_profiler-SPHardwareDataType-m4max.json': { profile: profile('Mac16,5', 'Apple M4 Max', 48, 16) },
  'system_profiler-SPDisplaysDataType-m1-7core.json': { profile: { gpu: 'Apple M1', gpuCores: 7 } },
  'sysctl-m2pro-mini-32gb-macos26.5.1.txt': {
    sysctl: { 'hw.model': 'Mac14,12', 'hw.memsize': '34359738368', 'iogpu.wired_limit_mb': '0' },
  },
  'sysctl-machdep.cpu-m4-mini.txt': { sysctl: anything, levels: cores(['CPU', 10, 0]) },
  'sysctl-perflevel-Mac16,8-m4pro-macos26.5.txt': {
    sysctl: anything,
    levels: cores(['Performance', 8, 4], ['Efficiency', 4, 0]),
  },
  'sysctl-m6-macos27.0.1-perflevels.txt': {
    sysctl: anything,
    levels: cores(['Super', 2, 10], ['Performance', 4, 6], ['Efficiency', 6, 0]),
  },
  'sysctl-cpu-m1pro-8core.txt': {
    sysctl: anything,
    levels: cores(['Performance', 6, 2], ['Efficiency', 2, 0]),
  },
  'sysctl-m1pro-10core-macos12.txt': {
    sysctl: anything,
    levels: cores(['Performance', 8, 2], ['Efficiency', 2, 0]),
  },
  'sysctl-m1-macos11.txt': { sysctl: anything, levels: cores(['CPU', 8, 0]) },
  // Values without keys: nothing may be guessed from their order.
  'sysctl-n-m1pro-10core-16gb.txt': {},
  'sysctl-m4-24gb-macos26.5.txt': { sysctl: anything, levels: cores(['CPU', 10, 0]) },
  'sysctl-memsize-m1-16gb-macos14.2.1.txt': {
    sysctl: { 'hw.memsize': '17179869184', 'hw.memsize_usable': '16383606784' },
  },
  'sysctl-memsize-m2-16gb.txt': { sysctl: anything, levels: cores(['CPU', 8, 0]) },
  'sysctl-vm.swapusage-m1pro.txt': { sysctl: anything, swap: Math.round(1470.06 * 1024 ** 2) },
  'sysctl-memory-m4-24gb-under-pressure.txt': {
    sysctl: anything,
    pressure: 'warning',
    swap: Math.round(15348.81 * 1024 ** 2),
  },
  'sw_vers-m4-mini-macos26.3.txt': { version: 'macOS 26.3 (25D125)' },
  'pmset-g-custom-m4-mini-macos26.3.txt': { power: expect.objectContaining({ autorestart: 1, sleep: 0 }) },
  'vm_stat-m1pro-macos15.7.txt': {
    vm: expect.objectContaining({ 'Pages free': 4518, 'File-backed pages': 141843 }),
  },
  'vm_stat-m4-macos27-partial.txt': { vm: expect.objectContaining({ 'Pages wired down': 180736 }) },
  'ioreg-ioaccelerator-m4.txt': {
    accelerator: { percent: 17, allocatedBytes: 4597121024, activeBytes: 430571520 },
    gpu: { name: 'Apple M4', cores: 10, memoryBytes: null },
  },
  'ioreg-ioaccelerator-m4-idle-perfstats.txt': {
    accelerator: { percent: 0, allocatedBytes: 2629632000, activeBytes: 763723776 },
  },
  'ioreg-ioaccelerator-m4-trimmed.txt': {
    accelerator: { percent: 30, allocatedBytes: 2181693440, activeBytes: 356089856 },
    gpu: { name: 'Apple M4', cores: 10, memoryBytes: null },
  },
  'ioreg-ioaccelerator-m3-snippet.txt': {
    accelerator: { percent: 27, allocatedBytes: 5198708736, activeBytes: 1226113024 },
  },
  'ioreg-ioaccelerator-m1pro-loaded-trimmed.txt': {
    accelerator: { percent: 22, allocatedBytes: 21343043584, activeBytes: 507330560 },
    gpu: { name: 'Apple GPU', cores: 14, memoryBytes: null },
  },
  'ioreg-agxdeviceuserclient-m2pro-trimmed.txt': {
    clients: { 444: 0, 440: 38738170958 + 76336458, 31299: 3992585375 },
  },
  'top-l1-stats-pid-command-mem-macos12.3.txt': {
    top: expect.objectContaining({
      1521: { pid: 1521, footprintBytes: 1119 * 1024 ** 2, threads: null },
      166: { pid: 166, footprintBytes: 503 * 1024 ** 2, threads: null },
    }),
  },
  'footprint-p-arm64-gui-app.txt': { footprint: { 39815: 55 * 1024 ** 2 } },
  'footprint-p-macos26.5-trimmed.txt': { footprint: { 14047: 195 * 1024 ** 2 } },
  'footprint-permission-error.txt': {},
  'ps-usage-macos.txt': {
    ps: [
      { pid: 440, parent: 1, cpuSeconds: 270.39, name: 'WindowServer' },
      { pid: 1295, parent: 1165, cpuSeconds: 344.18, name: 'Code Helper (Plugin)' },
    ],
  },
  'mps-oom-errors.txt': { failure: 'out-of-memory' },
  'mps-float64-error.txt': { failure: 'script-error' },
  'mps-command-buffer-internal-error-m2max.txt': { failure: 'metal-error' },
  'metal-watchdog-error-mlx.txt': { failure: 'metal-error' },
  'fork-objc-crash.txt': { failure: 'script-error' },
  'xcode-clt-python3-stub.txt': { failure: 'start-failed' },
  'node-pty-posix_spawnp-error.txt': { failure: 'start-failed' },
  'kernel-log-memorystatus-kill.txt': {},
  'kernel-log-memorystatus-kill-m4pro-mps.txt': {},
  'uv-venv-python312-arm64.txt': {},
  'uv-sync-torch-arm64.txt': {},
  // Near relatives of what is read, and tools that are not asked: none of it may be taken for a figure.
  'memory_pressure-m1pro-macos15.7.txt': {},
  'memory_pressure-Q-m4-24gb-under-pressure.txt': {},
  'pmset-g-therm-nominal.txt': {},
  'pmset-g-therm-cpu-power-notify.txt': {},
  'macmon-pipe-current-schema-documented.jsonc': {},
  'macmon-pipe-m4-macos26-old-schema-partial.txt': {},
  'powermetrics-m1max-macos14-partial.txt': {},
  'powermetrics-excerpts-unknown-chip.txt': {},
  'launchctl-limit-maxfiles.txt': {},
};

test('every recorded output is expected by a test, and every expectation has its file', () => {
  expect(macFixtureNames().toSorted()).toEqual(Object.keys(findings).toSorted());
});

test.each(Object.entries(findings))(
  '%s: each parser finds its own figures and no other',
  (name, expected) => {
    expect(everything(macFixture(name))).toEqual({ ...nothing, ...expected });
  },
);

test('no parser finds anything in an empty output', () => {
  expect(nothing).toEqual({
    sysctl: {},
    levels: [],
    pressure: null,
    swap: null,
    vm: null,
    accelerator: null,
    gpu: null,
    clients: {},
    top: {},
    footprint: {},
    ps: [],
    version: null,
    power: {},
    profile: {},
    thermal: null,
    failure: null,
  });
});

test.each(macFixtureNames())('%s: cut off anywhere, no figure becomes another one', (name) => {
  const text = macFixture(name);
  const whole = figures(everything(text));
  for (let length = 0; length < text.length; length += 7) {
    for (const [key, value] of figures(everything(text.slice(0, length)))) {
      expect([key, value, length]).toEqual([key, whole.get(key), length]);
    }
  }
});

/** The leaves of parsed data by path. Level counts depend on which lines are there, so they are left out. */
function figures(data: ReturnType<typeof everything>): Map<string, unknown> {
  const found = new Map<string, unknown>();
  const walk = (path: string, value: unknown): void => {
    if (value === null || value === undefined) return;
    if (typeof value === 'object')
      for (const [key, part] of Object.entries(value)) walk(`${path}.${key}`, part);
    else found.set(path, value);
  };
  // A cut output may know the GPU's cores and not yet its model, the version and not yet the build. The GPU time of a
  // process is a sum over blocks, and a smaller one counts as no work.
  const gpu = data.gpu?.name === 'Apple GPU' ? { ...data.gpu, name: null } : data.gpu;
  walk('', { ...data, levels: null, failure: null, gpu, clients: null, version: null });
  return found;
}

describe('figures worked out from the recorded outputs', () => {
  it('counts memory as Activity Monitor does', () => {
    const stat = parseVmStat(macFixture('vm_stat-m1pro-macos15.7.txt'));
    const memory = memoryFigures(stat ?? expect.fail('not understood'), 17179869184);
    const gib = (bytes: number | null) => Math.round(((bytes ?? 0) / GiB) * 100) / 100;
    expect(gib(memory.appBytes)).toBe(3.76);
    expect(gib(memory.wiredBytes)).toBe(2.43);
    expect(gib(memory.compressedBytes)).toBe(6.94);
    expect(gib(memory.usedBytes)).toBe(13.77);
    expect(gib(memory.cachedBytes)).toBe(2.17);
  });

  it('leaves unknown what a partial output does not say', () => {
    const stat = parseVmStat(macFixture('vm_stat-m4-macos27-partial.txt'));
    const memory = memoryFigures(stat ?? expect.fail('not understood'), 17179869184);
    expect(memory).toMatchObject({
      usedBytes: null,
      availableBytes: null,
      appBytes: null,
      cachedBytes: null,
    });
    expect(memory.compressedBytes).toBe(334128 * 16384);
  });

  it('recognises every published form of the MPS memory error and says how much there was', () => {
    const lines = macFixture('mps-oom-errors.txt').trim().split('\n');
    expect(lines).toHaveLength(6);
    for (const line of lines) expect(knownFailure(line)?.kind).toBe('out-of-memory');
    expect(knownFailure(lines[3] ?? '')?.sentence).toContain('18.50 GiB of 18.72 GiB');
  });

  it('follows the progress of uv by the size of its downloads', () => {
    const fractions = (name: string) => {
      const progress = createInstallProgress();
      return macFixture(name)
        .split('\n')
        .map((line) => progress.line(line));
    };
    const sync = fractions('uv-sync-torch-arm64.txt');
    expect(sync.at(-1)).toBe(0.9);
    expect(sync).toEqual(sync.toSorted((a, b) => a - b));
    expect(fractions('uv-venv-python312-arm64.txt').at(-1)).toBeCloseTo(0.7);
  });

  it('reads the memory sizes that the machine and the kernel report', () => {
    const values = parseSysctl(macFixture('sysctl-m4-24gb-macos26.5.txt'));
    expect(sysctlNumber(values, 'hw.memsize')).toBe(25769803776);
    expect(sysctlNumber(values, 'hw.pagesize')).toBe(16384);
    expect(values.get('machdep.cpu.brand_string')).toBe('Apple M4');
  });

  it('advises only where a setting would end a batch over night', () => {
    expect(powerNotes(parsePmset(macFixture('pmset-g-custom-m4-mini-macos26.3.txt')))).toEqual([]);
    expect(powerNotes(new Map([['autorestart', 0]]))).toHaveLength(1);
  });
});
