import type { GpuSample, HardwareFacts } from '../../../shared/model/hardware.ts';
import { wholeLines } from '../whole-lines.ts';

/**
 * GPU use from `ioreg -r -d 1 -c IOAccelerator`. Null when there are no statistics (virtual machines, an
 * output cut off before the closing brace); never 0 in place of unknown.
 */
export function parseAccelerator(text: string): GpuSample | null {
  // The same key names also stand in the report legend, so only the braces of the statistics count.
  const statistics = /"PerformanceStatistics" = \{([^{}]*)\}/.exec(text)?.[1];
  if (statistics === undefined) return null;
  const sample: GpuSample = {
    percent: figure(statistics, 'Device Utilization %'),
    allocatedBytes: figure(statistics, 'Alloc system memory'),
    activeBytes: figure(statistics, 'In use system memory'),
  };
  return Object.values(sample).every((value) => value === null) ? null : sample;
}

/** Name and core count from the same output, or from `ioreg -r -c AGXAccelerator -d 1`. */
export function parseGpuFacts(text: string): HardwareFacts['gpu'] {
  const lines = wholeLines(text);
  const model = /^[\s|]*"model" = "([^"]+)"/m.exec(lines)?.[1];
  const cores = /^[\s|]*"gpu-core-count" = (\d+)\s*$/m.exec(lines)?.[1];
  if (model === undefined && cores === undefined) return null;
  return {
    name: model ?? 'Apple GPU',
    cores: cores === undefined ? null : Number(cores),
    // The GPU shares the machine's memory.
    memoryBytes: null,
  };
}

function figure(statistics: string, key: string): number | null {
  // The whole quoted key: `In use system memory (driver)` stands before `In use system memory`.
  const at = statistics.indexOf(`"${key}"=`);
  const digits = at < 0 ? undefined : /^\d+/.exec(statistics.slice(at + key.length + 3))?.[0];
  return digits === undefined ? null : Number(digits);
}
