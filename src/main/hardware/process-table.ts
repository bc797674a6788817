import type { ProcessSample } from '../../shared/model/hardware.ts';

export interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
  /** CPU time so far. */
  readonly cpuSeconds: number;
  readonly threads: number | null;
}

/** What costs more to find out and is asked only for the processes of a tree. */
export interface ProcessDetail {
  readonly footprintBytes: number | null;
  readonly threads: number | null;
  readonly gpuPercent: number | null;
}

/** How one operating system is asked about processes. Failures give fewer rows or details, never an error. */
export interface ProcessReader {
  /** All processes, or only these; a reader for which that is no less work may give all. */
  rows(pids: readonly number[] | null): Promise<ProcessRow[]>;
  details(pids: readonly number[]): Promise<Map<number, ProcessDetail>>;
}

export interface ProcessTable {
  trees(roots: readonly number[]): Promise<Map<number, ProcessSample[]>>;
}

/** Readings closer together than this are answered from the last one: CPU per cent needs some distance. */
const LEAST_SECONDS = 0.9;
/** New members of a tree are looked for this often; in between only the known ones are read. */
const SEARCH_SECONDS = 4;

/** Process trees with CPU per cent since the reading before; null for a process seen for the first time. */
export function createProcessTable(reader: ProcessReader, monotonic: () => number): ProcessTable {
  let readAt = Number.NEGATIVE_INFINITY;
  let searchedAt = Number.NEGATIVE_INFINITY;
  let memberPids: readonly number[] = [];
  let rows: ProcessRow[] = [];
  let baseline = { at: Number.NEGATIVE_INFINITY, rows };
  let percents = new Map<number, number>();
  let inFlight: Promise<void> | null = null;

  const refresh = async (search: boolean): Promise<void> => {
    const all = search || monotonic() - searchedAt >= SEARCH_SECONDS;
    rows = await reader.rows(all ? null : memberPids);
    readAt = monotonic();
    if (all) searchedAt = readAt;
    const seconds = readAt - baseline.at;
    if (seconds < LEAST_SECONDS) return;
    percents = cpuPercents({ before: baseline.rows, after: rows, seconds });
    baseline = { at: readAt, rows };
  };
  return {
    async trees(roots) {
      // A root that is not in the last reading may have been started since.
      const known = new Set(rows.map(({ pid }) => pid));
      const unknown = roots.some((pid) => !known.has(pid));
      if (roots.length > 0 && (unknown || monotonic() - readAt >= LEAST_SECONDS)) {
        inFlight ??= refresh(unknown).finally(() => {
          inFlight = null;
        });
        await inFlight;
      }
      const trees = treesOf(rows, roots);
      memberPids = [...new Set([...trees.values()].flat().map((row) => row.pid))];
      const details = await reader.details(memberPids);
      const sampled = new Map<number, ProcessSample[]>();
      for (const [root, members] of trees) {
        sampled.set(
          root,
          members.map((row) => {
            const detail = details.get(row.pid);
            return {
              pid: row.pid,
              parent: row.parent,
              name: row.name,
              cpuPercent: percents.get(row.pid) ?? null,
              footprintBytes: detail?.footprintBytes ?? null,
              threads: detail?.threads ?? row.threads,
              gpuPercent: detail?.gpuPercent ?? null,
            };
          }),
        );
      }
      return sampled;
    },
  };
}

/** Root first, then its descendants level by level; an empty list for a root that is gone. */
export function treesOf<R extends Pick<ProcessRow, 'pid' | 'parent'>>(
  rows: readonly R[],
  roots: readonly number[],
): Map<number, R[]> {
  const byPid = new Map(rows.map((row) => [row.pid, row]));
  const children = Map.groupBy(rows, (row) => row.parent);
  const trees = new Map<number, R[]>();
  for (const root of roots) {
    const members = new Map<number, R>();
    const waiting = [byPid.get(root)];
    for (const row of waiting) {
      // A table read while processes come and go may hold a ring; each process counts once.
      if (!row || members.has(row.pid)) continue;
      members.set(row.pid, row);
      waiting.push(...(children.get(row.pid) ?? []));
    }
    trees.set(root, [...members.values()]);
  }
  return trees;
}

/** A pid that was given to another process in between shows as less CPU time than before: no value then. */
function cpuPercents(options: {
  before: readonly ProcessRow[];
  after: readonly ProcessRow[];
  seconds: number;
}): Map<number, number> {
  const earlier = new Map(options.before.map((row) => [row.pid, row]));
  const percents = new Map<number, number>();
  for (const row of options.after) {
    const before = earlier.get(row.pid);
    if (!before || before.cpuSeconds > row.cpuSeconds) continue;
    percents.set(row.pid, ((row.cpuSeconds - before.cpuSeconds) / options.seconds) * 100);
  }
  return percents;
}
