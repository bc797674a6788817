import { wholeLines } from '../whole-lines.ts';

export interface PsRow {
  readonly pid: number;
  readonly parent: number;
  readonly cpuSeconds: number;
  readonly name: string;
}

/** Rows of `ps -axo pid=,ppid=,time=,rss=,comm=`. The command is a path and may hold blanks; rss misleads and is skipped. */
export function parsePs(text: string): PsRow[] {
  const rows: PsRow[] = [];
  for (const line of wholeLines(text).split('\n')) {
    const match = /^\s*(\d+)\s+(\d+)\s+([\d:.-]+)\s+(\d+)\s+(\S.*?)\s*$/.exec(line);
    const cpuSeconds = parseTime(match?.[3] ?? '');
    if (!match?.[5] || cpuSeconds === null) continue;
    rows.push({
      pid: Number(match[1]),
      parent: Number(match[2]),
      cpuSeconds,
      name: match[5].slice(match[5].lastIndexOf('/') + 1),
    });
  }
  return rows;
}

/** `4:30.39`, `1:02:03`, `2-01:02:03` in seconds. */
function parseTime(text: string): number | null {
  const match = /^(?:(\d+)-)?(?:(\d+):)?(\d+):(\d+(?:\.\d+)?)$/.exec(text);
  if (!match) return null;
  const [days, hours, minutes, seconds] = [1, 2, 3, 4].map((group) => Number(match[group] ?? 0));
  return (((days ?? 0) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0);
}
