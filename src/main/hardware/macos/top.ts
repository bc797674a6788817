import { wholeLines } from '../whole-lines.ts';

export interface TopRow {
  readonly pid: number;
  readonly footprintBytes: number | null;
  readonly threads: number | null;
}

/**
 * Rows of `top -l 1 -stats …` by pid. MEM is the physical footprint. Columns are found by the header; COMMAND
 * may hold blanks, so columns before it are counted from the left and those after it from the right.
 */
export function parseTop(text: string): Map<number, TopRow> {
  const lines = wholeLines(text).split('\n');
  const at = lines.findIndex((line) => /^PID\s/.test(line) || line.trim() === 'PID');
  const rows = new Map<number, TopRow>();
  if (at < 0) return rows;
  const header = (lines[at] ?? '').trim().split(/\s+/);
  const command = header.indexOf('COMMAND');
  for (const line of lines.slice(at + 1)) {
    const words = line.trim().split(/\s+/);
    if (words.length < header.length) continue;
    const cell = (name: string): string | undefined => {
      const column = header.indexOf(name);
      if (column < 0) return undefined;
      return command >= 0 && column > command ? words[words.length - header.length + column] : words[column];
    };
    const pid = /^\d+/.exec(cell('PID') ?? '')?.[0];
    if (pid === undefined) continue;
    const threads = /^\d+/.exec(cell('#TH') ?? '')?.[0];
    rows.set(Number(pid), {
      pid: Number(pid),
      footprintBytes: parseSize(cell('MEM') ?? ''),
      threads: threads === undefined ? null : Number(threads),
    });
  }
  return rows;
}

/** `1119M`, `270M+`, `3K`, `2G-` in bytes. */
function parseSize(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)([BKMGT])[+-]?$/.exec(text);
  if (!match?.[1] || !match[2]) return null;
  return Math.round(Number(match[1]) * 1024 ** 'BKMGT'.indexOf(match[2]));
}
