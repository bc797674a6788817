/** One process from `/proc/<pid>/stat`. Times in clock ticks, of which Linux shows 100 a second. */
export interface ProcStat {
  readonly pid: number;
  readonly name: string;
  readonly state: string;
  readonly parent: number;
  readonly cpuTicks: number;
  readonly threads: number;
  readonly startTicks: number;
}

export const ticksPerSecond = 100;

/**
 * Cumulative milliseconds of each core from `/proc/stat`: user, nice, system, idle, iowait, irq, softirq, steal. Time
 * that a hypervisor gave to others is neither busy nor idle, but it has passed.
 */
export function parseCoreTimes(text: string): { busy: number; total: number }[] {
  const milliseconds = 1000 / ticksPerSecond;
  return [...text.matchAll(/^cpu\d+ (.+)$/gm)].map(([, line]) => {
    const ticks = (line ?? '').trim().split(/\s+/).map(Number);
    const at = (index: number): number => ticks[index] ?? 0;
    const busy = at(0) + at(1) + at(2) + at(5) + at(6);
    const total = busy + at(3) + at(4) + at(7);
    return { busy: busy * milliseconds, total: total * milliseconds };
  });
}

/** The name stands in brackets and may itself hold brackets and blanks. Null for a text cut off. */
export function parseProcStat(text: string): ProcStat | null {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  if (open < 0 || close < open) return null;
  const fields = text
    .slice(close + 1)
    .trim()
    .split(/\s+/);
  // A whole line has some fifty fields; fewer would leave the last one doubtful.
  if (fields.length < 22) return null;
  const number = (index: number): number => Number(fields[index] ?? 'NaN');
  const stat: ProcStat = {
    pid: Number(text.slice(0, open)),
    name: text.slice(open + 1, close),
    state: fields[0] ?? '',
    parent: number(1),
    cpuTicks: number(11) + number(12),
    threads: number(17),
    startTicks: number(19),
  };
  const numbers = [stat.pid, stat.parent, stat.cpuTicks, stat.threads, stat.startTicks];
  return numbers.every((value) => Number.isSafeInteger(value)) ? stat : null;
}

/**
 * Bytes that would be free without this process, from `/proc/<pid>/status`: anonymous, shared and swapped memory,
 * without the files it maps. That is what a Mac calls the physical footprint. These are counters; PSS would be
 * a little finer, but adding it up costs 10 ms and more for a process with torch and holds up its page faults.
 */
export function parseFootprint(text: string): number | null {
  const of = (label: string): number | null => {
    const found = new RegExp(`^${label}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1];
    return found === undefined ? null : Number(found) * 1024;
  };
  const anonymous = of('RssAnon');
  // Kernels before 4.5 have only the sum with mapped files.
  return anonymous === null ? of('VmRSS') : anonymous + (of('RssShmem') ?? 0) + (of('VmSwap') ?? 0);
}
