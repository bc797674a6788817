import type { RunProgram } from '../../platform/process-runner.ts';
import type { ProcessDetail, ProcessReader } from '../process-table.ts';
import { parseFootprint } from './footprint.ts';
import { gpuPercents, parseGpuClients } from './ioreg-clients.ts';
import { macPrograms } from './mac-programs.ts';
import { parsePs } from './ps.ts';
import { parseTop, type TopRow } from './top.ts';

/** One start of `top` and one of `ioreg` serve all trees asked for within this time. */
const DETAIL_SECONDS = 2;

/**
 * Processes of a Mac. Resident size is left aside: it misses compressed and GPU memory by far, so a
 * process without a footprint has none rather than a wrong one.
 */
export function macProcesses(run: RunProgram, monotonic: () => number): ProcessReader {
  const ask = async (command: string, args: readonly string[], timeout: number): Promise<string> => {
    const result = await run(command, args, { timeout, env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' } });
    // `footprint` fails as a whole when one process is gone, and still prints the others.
    return result.stdout;
  };
  let readAt = Number.NEGATIVE_INFINITY;
  let top = new Map<number, TopRow>();
  let gpu = { at: Number.NEGATIVE_INFINITY, nanoseconds: new Map<number, number>() };
  let percents = new Map<number, number>();
  let inFlight: Promise<void> | null = null;

  const refresh = async (): Promise<void> => {
    const [topText, clients] = await Promise.all([
      ask(macPrograms.top, ['-l', '1', '-stats', 'pid,th,mem'], 5),
      ask(macPrograms.ioreg, ['-r', '-d', '1', '-w', '0', '-c', 'AGXDeviceUserClient'], 3),
    ]);
    top = parseTop(topText);
    const now = monotonic();
    const nanoseconds = parseGpuClients(clients);
    percents = gpuPercents({ before: gpu.nanoseconds, after: nanoseconds, seconds: now - gpu.at });
    gpu = { at: now, nanoseconds };
    readAt = now;
  };
  return {
    rows: async () => {
      const text = await ask(macPrograms.ps, ['-axo', 'pid=,ppid=,time=,rss=,comm='], 3);
      // Threads come with the details, from `top`.
      return parsePs(text).map((row) => ({ ...row, threads: null }));
    },
    details: async (pids) => {
      if (pids.length === 0) return new Map();
      if (monotonic() - readAt >= DETAIL_SECONDS) {
        inFlight ??= refresh().finally(() => {
          inFlight = null;
        });
        await inFlight;
      }
      const unknown = pids.filter((pid) => (top.get(pid)?.footprintBytes ?? null) === null);
      // Without any answer of `top` its heavier sibling is asked, for the trees' own processes only.
      const fallback =
        top.size === 0
          ? parseFootprint(
              await ask(
                macPrograms.footprint,
                unknown.flatMap((pid) => ['-p', String(pid)]),
                5,
              ),
            )
          : new Map<number, number>();
      return new Map(
        pids.map((pid): [number, ProcessDetail] => [
          pid,
          {
            footprintBytes: top.get(pid)?.footprintBytes ?? fallback.get(pid) ?? null,
            threads: top.get(pid)?.threads ?? null,
            gpuPercent: percents.get(pid) ?? null,
          },
        ]),
      );
    },
  };
}
