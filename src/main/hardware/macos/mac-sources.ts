import type { RunProgram } from '../../platform/process-runner.ts';
import { outputOf, type Source, SourceError, understood } from '../source.ts';
import { parseAccelerator } from './ioreg-accelerator.ts';
import { macPrograms } from './mac-programs.ts';
import { memoryState, parseSysctl, pressureKeys } from './sysctl.ts';
import { parseThermalLevel } from './thermal.ts';
import { memoryFigures, parseVmStat } from './vm-stat.ts';

/** The live sources of a Mac; each is one short program of the system and needs no privilege. */
export function macSources(options: { run: RunProgram; memoryBytes: number }): Source[] {
  const output = async (command: string, args: readonly string[]): Promise<string> =>
    // LC_ALL=C keeps decimal points; the report legend of ioreg alone is about 45 KB.
    outputOf(await options.run(command, args, { timeout: 2, env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' } }));
  return [
    {
      name: 'memory',
      every: 2,
      timeout: 2,
      read: async () => ({
        memory: memoryFigures(
          understood(parseVmStat(await output(macPrograms.vmStat, []))),
          options.memoryBytes,
        ),
      }),
    },
    {
      name: 'pressure',
      every: 2,
      timeout: 2,
      read: async () => {
        const state = memoryState(parseSysctl(await output(macPrograms.sysctl, ['-i', ...pressureKeys])));
        const known = state.pressure !== null || state.swapUsedBytes !== null;
        return { memory: understood(known ? state : null) };
      },
    },
    {
      name: 'gpu',
      every: 1,
      timeout: 2,
      read: async () => {
        const sample = parseAccelerator(
          await output(macPrograms.ioreg, ['-r', '-d', '1', '-c', 'IOAccelerator']),
        );
        if (sample === null) throw new SourceError('this Mac gives no GPU statistics');
        return { gpu: sample };
      },
    },
    {
      name: 'thermal',
      every: 10,
      timeout: 2,
      read: async () => ({
        thermal: understood(
          parseThermalLevel(
            await output(macPrograms.notifyutil, ['-g', 'com.apple.system.thermalpressurelevel']),
          ),
        ),
      }),
    },
  ];
}
