import { arch, cpus, release, totalmem } from 'node:os';
import type { ProgramResult, RunProgram } from '../../platform/process-runner.ts';
import type { HardwareFacts } from '../../../shared/model/hardware.ts';
import { parseGpuFacts } from './ioreg-accelerator.ts';
import { macPrograms } from './mac-programs.ts';
import { parsePmset, powerNotes } from './pmset.ts';
import { parseSwVers } from './sw-vers.ts';
import { coreLevels, factKeys, parseSysctl, sysctlNumber } from './sysctl.ts';
import { parseSystemProfiler } from './system-profiler.ts';

/** What this Mac is. Every source may fail; the next best answers then. */
export async function readMacFacts(run: RunProgram): Promise<HardwareFacts> {
  const ask = async (command: string, args: readonly string[], timeout = 5): Promise<string> =>
    textOf(await run(command, args, { timeout, env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' } }));
  const [sysctl, ioreg, version, power] = await Promise.all([
    ask(macPrograms.sysctl, ['-i', ...factKeys]),
    ask(macPrograms.ioreg, ['-r', '-d', '1', '-c', 'AGXAccelerator']),
    ask(macPrograms.swVers, []),
    ask(macPrograms.pmset, ['-g', 'custom']),
  ]);
  const values = parseSysctl(sysctl);
  const gpu = parseGpuFacts(ioreg);
  const complete = values.has('hw.memsize') && values.has('machdep.cpu.brand_string') && gpu !== null;
  const profile = parseSystemProfiler(
    complete ? '' : await ask(macPrograms.systemProfiler, ['SPHardwareDataType', 'SPDisplaysDataType'], 10),
  );
  const levels = coreLevels(values);
  const cores = levels.reduce((sum, level) => sum + level.count, 0) || (profile.cores ?? cpus().length);
  const translated = sysctlNumber(values, 'sysctl.proc_translated') === 1;
  return {
    platform: 'darwin',
    osVersion: parseSwVers(version) ?? values.get('kern.osproductversion') ?? `Darwin ${release()}`,
    model: values.get('hw.model') ?? profile.model,
    chip: values.get('machdep.cpu.brand_string') ?? profile.chip ?? cpus()[0]?.model ?? 'unknown chip',
    architecture: translated || sysctlNumber(values, 'hw.optional.arm64') === 1 ? 'arm64' : arch(),
    memoryBytes: sysctlNumber(values, 'hw.memsize') ?? profile.memoryBytes ?? totalmem(),
    cores,
    coreLevels:
      levels.length > 0
        ? levels
        : [{ name: 'CPU', count: cores, cpus: Array.from({ length: cores }, (_, index) => index) }],
    gpu:
      gpu ??
      (profile.gpu === null ? null : { name: profile.gpu, cores: profile.gpuCores, memoryBytes: null }),
    translated,
    notes: [
      ...(translated
        ? [
            'This is the Intel build, translated on Apple Silicon: install the arm64 build, or the GPU cannot be used.',
          ]
        : []),
      ...wiredLimitNote(sysctlNumber(values, 'iogpu.wired_limit_mb')),
      ...powerNotes(parsePmset(power)),
    ],
  };
}

/** 0 or absent is the system's own limit, which needs no word. */
function wiredLimitNote(megabytes: number | null): string[] {
  return megabytes ? [`GPU memory is limited to ${megabytes} MB by iogpu.wired_limit_mb.`] : [];
}

function textOf(result: ProgramResult): string {
  return result.kind === 'ended' && result.exitCode === 0 ? result.stdout : '';
}
