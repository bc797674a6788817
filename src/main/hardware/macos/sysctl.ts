import type { HardwareFacts, MemorySample } from '../../../shared/model/hardware.ts';
import { wholeLines } from '../whole-lines.ts';

/** Asked for with `sysctl -i`, which leaves out the keys that a machine lacks. */
export const factKeys: readonly string[] = [
  'hw.model',
  'hw.memsize',
  'hw.memsize_usable',
  'hw.ncpu',
  'hw.physicalcpu',
  'hw.logicalcpu',
  'hw.nperflevels',
  'hw.pagesize',
  'hw.optional.arm64',
  'machdep.cpu.brand_string',
  'sysctl.proc_translated',
  'iogpu.wired_limit_mb',
  'kern.osproductversion',
  ...[0, 1, 2, 3].flatMap((level) =>
    ['name', 'physicalcpu', 'logicalcpu'].map((key) => `hw.perflevel${level}.${key}`),
  ),
];

export const pressureKeys: readonly string[] = ['kern.memorystatus_vm_pressure_level', 'vm.swapusage'];

/** `key: value` lines by key; anything else is skipped, also the values without keys of `sysctl -n`. */
export function parseSysctl(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const line of wholeLines(text).split('\n')) {
    const match = /^([A-Za-z_][\w]*(?:\.[\w]+)+): (.*\S)\s*$/.exec(line);
    if (match?.[1] && match[2]) found.set(match[1], match[2]);
  }
  return found;
}

export function sysctlNumber(values: ReadonlyMap<string, string>, key: string): number | null {
  const text = values.get(key);
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : null;
}

/**
 * Core levels, fastest first, as the kernel numbers them. The cores themselves are numbered the other way
 * round: logical CPU 0 is of the slowest level, so `cpus` are dealt out from the last level to the first.
 * Empty when the text has no core counts at all.
 */
export function coreLevels(values: ReadonlyMap<string, string>): HardwareFacts['coreLevels'] {
  const counts: { level: number; count: number }[] = [];
  // The number of levels is counted, not read: excerpts and older systems lack hw.nperflevels.
  for (let level = 0; ; level += 1) {
    const count =
      sysctlNumber(values, `hw.perflevel${level}.logicalcpu`) ??
      sysctlNumber(values, `hw.perflevel${level}.physicalcpu`);
    if (count === null) break;
    counts.push({ level, count });
  }
  // A cut answer without the slower levels would give the wrong numbers to the cores of the others.
  const stated = sysctlNumber(values, 'hw.nperflevels') ?? counts.length;
  if (counts.length === 0 || counts.length < stated) {
    const all =
      sysctlNumber(values, 'hw.logicalcpu') ??
      sysctlNumber(values, 'hw.physicalcpu') ??
      sysctlNumber(values, 'machdep.cpu.thread_count');
    return all === null ? [] : [{ name: 'CPU', count: all, cpus: numbers(0, all) }];
  }
  let next = 0;
  return counts
    .toReversed()
    .map(({ level, count }) => {
      const cpus = numbers(next, count);
      next += count;
      return {
        name: values.get(`hw.perflevel${level}.name`) ?? levelName(level, counts.length),
        count,
        cpus,
      };
    })
    .toReversed();
}

/** Swap and the kernel's own colour of memory pressure: 1 normal, 2 warning, 4 critical. */
export function memoryState(
  values: ReadonlyMap<string, string>,
): Pick<MemorySample, 'pressure' | 'swapTotalBytes' | 'swapUsedBytes'> {
  const swap = values.get('vm.swapusage') ?? '';
  const level = values.get('kern.memorystatus_vm_pressure_level');
  return {
    pressure: level === '1' ? 'normal' : level === '2' ? 'warning' : level === '4' ? 'critical' : null,
    swapTotalBytes: swapFigure(swap, 'total'),
    swapUsedBytes: swapFigure(swap, 'used'),
  };
}

function swapFigure(text: string, label: string): number | null {
  const match = new RegExp(`\\b${label} = ([\\d.]+)([KMGT])`).exec(text);
  if (!match?.[1] || !match[2]) return null;
  return Math.round(Number(match[1]) * 1024 ** ('KMGT'.indexOf(match[2]) + 1));
}

/** Names for systems that do not give them; with two levels these are Apple's own words. */
function levelName(level: number, levels: number): string {
  if (levels === 2) return level === 0 ? 'Performance' : 'Efficiency';
  return levels === 1 ? 'CPU' : `Level ${level + 1}`;
}

function numbers(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}
