import type { Diagnosis } from '../../shared/domain/exit-reason.ts';
import type { MachineSample } from '../../shared/model/hardware.ts';

/** Growth of swap is looked at over this long, in seconds. */
const WINDOW = 30;
/** Swap growing by this much in the window counts like critical pressure, in bytes. */
const FAST_SWAP = 2 * 2 ** 30;
/** Between two runs given up, so that the first one has time to let go of its memory; in seconds. */
const PATIENCE = 20;

/** Watches the machine's memory over time. */
export interface MemoryWatch {
  take(sample: MachineSample): void;
  observe(): Pick<Diagnosis, 'swapGrowthBytes' | 'pressure'>;
  /** Why a run has to give way now; null = none has to. Asks for patience after each answer. */
  alarm(): string | null;
}

export function createMemoryWatch(): MemoryWatch {
  let samples: MachineSample[] = [];
  let alarmedAt = Number.NEGATIVE_INFINITY;

  function swapGrowth(): number | null {
    const known = samples.flatMap((sample) => sample.memory.swapUsedBytes ?? []);
    const last = known.at(-1);
    return last === undefined || known.length < 2 ? null : Math.max(0, last - Math.min(...known));
  }

  return {
    take(sample) {
      samples.push(sample);
      // A clock set back would keep old samples for ever.
      samples = samples.filter((one) => one.t <= sample.t && sample.t - one.t <= WINDOW);
    },
    observe() {
      // Pressure eases the moment the victim is gone: the worst of the window is what counts.
      const levels = samples.map((sample) => sample.memory.pressure);
      const pressure =
        (['critical', 'warning', 'normal'] as const).find((level) => levels.includes(level)) ?? null;
      return { swapGrowthBytes: swapGrowth(), pressure };
    },
    alarm() {
      const last = samples.at(-1);
      // After a clock that was set back, the last alarm seems to lie in the future.
      if (!last || (last.t >= alarmedAt && last.t - alarmedAt < PATIENCE)) return null;
      const growth = swapGrowth() ?? 0;
      const critical = last.memory.pressure === 'critical';
      if (!critical && growth < FAST_SWAP) return null;
      alarmedAt = last.t;
      return critical
        ? 'memory pressure is critical'
        : `swap grew ${Math.round(growth / 2 ** 30)} GB in ${WINDOW} s`;
    },
  };
}
