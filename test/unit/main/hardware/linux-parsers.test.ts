import { describe, expect, it, test } from 'vitest';
import {
  parseCgroup,
  parseInactiveFile,
  parseLimit,
  withinLimit,
} from '../../../../src/main/hardware/linux/cgroup.ts';
import { parseCpuinfo, parseOsRelease } from '../../../../src/main/hardware/linux/cpuinfo.ts';
import { meminfoFigures, parseMeminfo } from '../../../../src/main/hardware/linux/meminfo.ts';
import { nvidiaFacts, nvidiaSample, parseNvidiaSmi } from '../../../../src/main/hardware/linux/nvidia-smi.ts';
import { parseStall, pressureOf } from '../../../../src/main/hardware/linux/pressure.ts';
import { parseFootprint, parseProcStat } from '../../../../src/main/hardware/linux/proc-stat.ts';

const meminfo = `MemTotal:       1000 kB
MemFree:         100 kB
MemAvailable:    600 kB
Buffers:          10 kB
Cached:          200 kB
SReclaimable:     40 kB
SwapTotal:       500 kB
SwapFree:        450 kB
HugePages_Total:       3
`;

describe('meminfo', () => {
  it('takes used as what is not available, in bytes', () => {
    const figures = meminfoFigures(parseMeminfo(meminfo));
    expect(figures).toMatchObject({
      totalBytes: 1_024_000,
      usedBytes: 400 * 1024,
      availableBytes: 600 * 1024,
      cachedBytes: 250 * 1024,
      swapUsedBytes: 50 * 1024,
      swapTotalBytes: 500 * 1024,
    });
    expect(figures?.appBytes).toBeNull();
    expect(figures?.compressedBytes).toBeNull();
  });

  it('is null without a total and leaves out counts without a unit', () => {
    expect(meminfoFigures(parseMeminfo(''))).toBeNull();
    expect(parseMeminfo(meminfo).has('HugePages_Total')).toBe(false);
    expect(parseMeminfo('MemTotal:    10').size).toBe(0);
  });
});

describe('control groups', () => {
  it('finds the memory controller of version 1 and 2', () => {
    expect(parseCgroup('9:name=systemd:/\n4:memory:/a/b\n0::/\n')).toEqual({ version: 1, path: '/a/b' });
    expect(parseCgroup('5:cpu,memory:/both\n')).toEqual({ version: 1, path: '/both' });
    expect(parseCgroup('0::/user.slice/run.scope\n')).toEqual({ version: 2, path: '/user.slice/run.scope' });
    expect(parseCgroup('')).toBeNull();
  });

  it('knows both ways of saying "no limit"', () => {
    expect(parseLimit('max\n')).toBeNull();
    expect(parseLimit('9223372036854771712\n')).toBeNull();
    expect(parseLimit('2147483648\n')).toBe(2147483648);
    expect(parseLimit('')).toBeNull();
  });

  it('prefers the figure of the whole tree in version 1', () => {
    expect(parseInactiveFile('inactive_file 5\ntotal_inactive_file 9\n')).toBe(9);
    expect(parseInactiveFile('inactive_file 5\n')).toBe(5);
    expect(parseInactiveFile('')).toBeNull();
  });

  it('makes the limit the memory of the machine', () => {
    const host = meminfoFigures(parseMeminfo(meminfo)) ?? expect.fail();
    const narrowed = withinLimit(host, {
      limitBytes: 500_000,
      usedBytes: 300_000,
      inactiveFileBytes: 100_000,
    });
    expect(narrowed).toMatchObject({ totalBytes: 500_000, usedBytes: 200_000, availableBytes: 300_000 });
    expect(withinLimit(host, { limitBytes: 2e9, usedBytes: 1, inactiveFileBytes: 0 })).toBe(host);
    expect(withinLimit(host, null)).toBe(host);
  });

  it('promises no more than the host has left', () => {
    const host = { ...(meminfoFigures(parseMeminfo(meminfo)) ?? expect.fail()), availableBytes: 50_000 };
    const group = { limitBytes: 900_000, usedBytes: 100_000, inactiveFileBytes: 0 };
    expect(withinLimit(host, group).availableBytes).toBe(50_000);
  });
});

describe('memory pressure', () => {
  const stall = (some: string, full: string) =>
    parseStall(
      `some avg10=${some} avg60=0.00 avg300=0.00 total=1\nfull avg10=${full} avg60=0.00 avg300=0.00 total=1\n`,
    );
  const room = (share: number) => ({ totalBytes: 1000, availableBytes: 1000 * share });

  test.each([
    ['0.00', '0.00', 0.5, 'normal'],
    ['9.99', '9.99', 0.5, 'normal'],
    ['10.00', '0.00', 0.5, 'warning'],
    ['30.00', '10.00', 0.5, 'critical'],
    ['0.00', '0.00', 0.059, 'warning'],
    ['0.00', '0.00', 0.029, 'critical'],
  ])('some %s, full %s, %d free is %s', (some, full, share, expected) => {
    expect(pressureOf(stall(some, full), room(share))).toBe(expected);
  });

  it('is decided by the room alone where the kernel counts no stalls', () => {
    expect(parseStall('')).toBeNull();
    expect(pressureOf(null, room(0.5))).toBe('normal');
    expect(pressureOf(null, null)).toBeNull();
    expect(pressureOf(null, { totalBytes: 1000, availableBytes: null })).toBeNull();
  });
});

describe('processes', () => {
  const fields = '(a) b) R 7 1 1 0 -1 4194304 100 0 0 0 150 50 0 0 20 0 3 0 124209 3133440 390 1 1';

  it('counts from the last bracket, because a name may hold brackets', () => {
    expect(parseProcStat(`42 ${fields}\n`)).toEqual({
      pid: 42,
      name: 'a) b',
      state: 'R',
      parent: 7,
      cpuTicks: 200,
      threads: 3,
      startTicks: 124209,
    });
  });

  it('takes nothing from a text cut off', () => {
    const text = `42 ${fields}`;
    for (let length = 0; length < text.indexOf(' 390'); length += 1) {
      expect(parseProcStat(text.slice(0, length))).toBeNull();
    }
  });

  it('counts as memory what would be free without the process', () => {
    const status =
      'Name:\tx\nVmRSS:\t 900 kB\nRssAnon:\t 500 kB\nRssFile:\t 390 kB\nRssShmem:\t 10 kB\nVmSwap:\t 7 kB\n';
    expect(parseFootprint(status)).toBe(517 * 1024);
    expect(parseFootprint('VmRSS:\t 900 kB\n')).toBe(900 * 1024);
    expect(parseFootprint('')).toBeNull();
    expect(parseFootprint('VmRSS:\t 90')).toBeNull();
  });
});

describe('nvidia-smi', () => {
  it('reads one card', () => {
    const cards = parseNvidiaSmi('NVIDIA H200, 37, 1024, 143771\n');
    expect(nvidiaSample(cards)).toEqual({ percent: 37, allocatedBytes: 1024 ** 3, activeBytes: null });
    expect(nvidiaFacts(cards)).toEqual({ name: 'NVIDIA H200', cores: null, memoryBytes: 143771 * 1024 ** 2 });
  });

  it('adds several cards and keeps unknown what a card does not tell', () => {
    const cards = parseNvidiaSmi('Tesla T4, 20, 100, 15360\nTesla T4, [N/A], [Not Supported], 15360\n');
    expect(nvidiaSample(cards)).toEqual({ percent: 20, allocatedBytes: 100 * 1024 ** 2, activeBytes: null });
    expect(nvidiaFacts(cards)?.name).toBe('2 × Tesla T4');
  });

  it('finds no card in other words or in a line cut off', () => {
    expect(
      nvidiaSample(parseNvidiaSmi('NVIDIA-SMI has failed because it could not communicate.\n')),
    ).toBeNull();
    expect(nvidiaFacts(parseNvidiaSmi(''))).toBeNull();
    expect(parseNvidiaSmi('NVIDIA H200, 37, 1024, 1437')).toEqual([]);
    expect(parseNvidiaSmi('what, is, this, then\n\u0001\ufffd, 1, 2, 3\n')).toEqual([]);
  });
});

test('names of chip and system', () => {
  expect(parseCpuinfo('processor\t: 0\nmodel name\t: AMD EPYC 7\n')).toBe('AMD EPYC 7');
  expect(parseCpuinfo('processor\t: 0\n')).toBeNull();
  expect(parseOsRelease('ID=debian\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n')).toBe(
    'Debian GNU/Linux 12 (bookworm)',
  );
  expect(parseOsRelease('')).toBeNull();
});
