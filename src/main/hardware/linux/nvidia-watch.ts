import type { HardwareFacts } from '../../../shared/model/hardware.ts';
import type { Clock } from '../../platform/clock.ts';
import { failureOf, type RunProgram } from '../../platform/process-runner.ts';
import { type Source, SourceError, understood } from '../source.ts';
import { nvidiaArguments, type NvidiaCard, nvidiaFacts, nvidiaSample, parseNvidiaSmi } from './nvidia-smi.ts';

/** Seconds after which the program counts as hanging: a driver that has to wake up takes some. */
const TIMEOUT = 5;
/** Seconds for which nobody asks again after it has hung. */
const QUIET = 60;
/** Seconds that a sample waits for it; the last figures hold in the meantime. */
const PATIENCE = 0.5;

export interface NvidiaWatch {
  /** Null while no card is known. */
  readonly gpu: HardwareFacts['gpu'];
  readonly source: Source;
  /** Resolves, never rejects, when the first question is answered or has failed. */
  readonly first: Promise<void>;
}

/**
 * Asks for the cards of NVIDIA in the background: a program that hangs, as it does with a driver that is stuck, holds
 * up nobody. One that is missing or has no card is never asked again.
 */
export function watchNvidia(options: { run: RunProgram; clock: Clock }): NvidiaWatch {
  const { run, clock } = options;
  let gpu: HardwareFacts['gpu'] = null;
  let absent = false;
  let hung: { readonly until: number; readonly reason: string } | null = null;

  async function ask(): Promise<NvidiaCard[]> {
    if (absent) throw new SourceError('no NVIDIA card was found');
    if (hung !== null && clock.monotonic() < hung.until) throw new SourceError(hung.reason);
    const result = await run('nvidia-smi', nvidiaArguments, { timeout: TIMEOUT });
    hung = null;
    const failure = failureOf(result);
    if (result.kind === 'timeout' && failure !== null)
      hung = { until: clock.monotonic() + QUIET, reason: failure };
    const cards = failure === null ? parseNvidiaSmi(result.stdout) : [];
    if (gpu === null) {
      gpu = nvidiaFacts(cards);
      absent = gpu === null && hung === null;
    }
    if (absent) throw new SourceError('no NVIDIA card was found');
    if (failure !== null) throw new SourceError(failure);
    return cards;
  }

  let pending: Promise<NvidiaCard[]> | null = ask();
  const first = pending.then(
    () => undefined,
    () => undefined,
  );
  return {
    get gpu() {
      return gpu;
    },
    first,
    source: {
      name: 'gpu',
      every: 2,
      timeout: TIMEOUT,
      patience: PATIENCE,
      async read() {
        // The question of the start counts for the first sample as well.
        const cards = pending ?? ask();
        pending = null;
        return { gpu: understood(nvidiaSample(await cards)) };
      },
    },
  };
}
