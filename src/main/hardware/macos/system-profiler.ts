import { wholeLines } from '../whole-lines.ts';

export interface ProfilerFacts {
  readonly model: string | null;
  readonly chip: string | null;
  readonly memoryBytes: number | null;
  readonly cores: number | null;
  readonly gpuCores: number | null;
  readonly gpu: string | null;
}

/**
 * What `system_profiler SPHardwareDataType SPDisplaysDataType` says, as text or with `-json`. It takes 200 to
 * 300 ms, so it is asked only for what sysctl left open. How the cores split into levels is not read from
 * it: the order of `number_processors` has changed twice.
 */
export function parseSystemProfiler(output: string): ProfilerFacts {
  const text = wholeLines(output);
  const hardware = sectionOf(text, /^\s*(Chipset Model|Type): /m);
  const first = (...patterns: RegExp[]): string | null => {
    for (const pattern of patterns) {
      const found = pattern.exec(text)?.[1];
      if (found) return found;
    }
    return null;
  };
  const cores =
    /Total Number of Cores: (\d+)/.exec(hardware)?.[1] ?? first(/"number_processors" : "(?:proc )?(\d+)/);
  const gpuCores =
    /Total Number of Cores: (\d+)/.exec(text.slice(hardware.length))?.[1] ?? first(/"sppci_cores" : "(\d+)"/);
  const memory = first(/^\s*Memory: (\d+ [GT]B)/m, /"physical_memory" : "(\d+ [GT]B)"/);
  return {
    model: first(/^\s*Model Identifier: (\S+)/m, /"machine_model" : "([^"]+)"/),
    chip: first(/^\s*Chip: (.*\S)/m, /"chip_type" : "([^"]+)"/),
    memoryBytes:
      memory === null ? null : Number.parseInt(memory, 10) * 1024 ** (memory.endsWith('TB') ? 4 : 3),
    cores: cores ? Number(cores) : null,
    gpuCores: gpuCores ? Number(gpuCores) : null,
    gpu: first(/^\s*Chipset Model: (.*\S)/m, /"sppci_model" : "([^"]+)"/),
  };
}

/** The text before the first line of the next section. */
function sectionOf(text: string, next: RegExp): string {
  const at = next.exec(text)?.index;
  return at === undefined ? text : text.slice(0, at);
}
