import type { Clock } from '../platform/clock.ts';
import type { MachineSample, MemorySample } from '../../shared/model/hardware.ts';
import { type WatchedSource, within } from './source.ts';

/** A sample does not wait longer than this for slow sources; their last reading stands in meanwhile. */
const GRACE_SECONDS = 0.3;

export interface Sampler {
  /** Asks every source that is due. `fresh` asks all of them and waits for each up to its own limit. */
  take(fresh: boolean): Promise<MachineSample>;
}

export function createSampler(options: {
  sources: readonly WatchedSource[];
  /** Kept in `sources` of every sample: sources that this machine lacks, with the reason. */
  absent: Readonly<Record<string, string>>;
  totalBytes: number;
  clock: Clock;
}): Sampler {
  let health: Record<string, string> = {};
  return {
    async take(fresh) {
      const answers = Promise.all(options.sources.map((source) => source.refresh(fresh)));
      if (fresh) await answers;
      else await within(answers, GRACE_SECONDS);
      const now: Record<string, string> = { ...options.absent };
      for (const source of options.sources) now[source.name] = source.health;
      // Thousands of samples share one record while nothing changes.
      if (!sameRecord(health, now)) health = now;
      return assemble({
        t: options.clock.now(),
        totalBytes: options.totalBytes,
        sources: options.sources,
        health,
      });
    },
  };
}

function assemble(options: {
  t: number;
  totalBytes: number;
  sources: readonly WatchedSource[];
  health: Record<string, string>;
}): MachineSample {
  const memory: MemorySample = {
    totalBytes: options.totalBytes,
    usedBytes: null,
    availableBytes: null,
    appBytes: null,
    wiredBytes: null,
    compressedBytes: null,
    cachedBytes: null,
    swapUsedBytes: null,
    swapTotalBytes: null,
    pressure: null,
  };
  const sample: MachineSample = {
    t: options.t,
    cpuPercent: null,
    perCore: [],
    loadAverage: null,
    memory,
    gpu: null,
    disk: null,
    thermal: null,
    sources: options.health,
  };
  for (const source of options.sources) {
    const { memory: part, ...rest } = source.reading;
    Object.assign(sample, rest);
    Object.assign(memory, part);
  }
  return sample;
}

function sameRecord(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const keys = Object.keys(b);
  return keys.length === Object.keys(a).length && keys.every((key) => a[key] === b[key]);
}
