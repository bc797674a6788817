import type { Clock } from '../platform/clock.ts';
import { failureOf, type ProgramResult } from '../platform/process-runner.ts';
import type { MachineSample, MemorySample } from '../../shared/model/hardware.ts';

/** What one source adds to a sample; a field that it does not know is absent or null. */
export type Reading = Partial<Omit<MachineSample, 't' | 'memory' | 'sources'>> & {
  readonly memory?: Partial<MemorySample>;
};

/** One thing that can be asked: a file, a program, a call. */
export interface Source {
  readonly name: string;
  /** Seconds for which a reading is fresh enough. */
  readonly every: number;
  /** Seconds after which the source counts as silent. */
  readonly timeout: number;
  /** Seconds that a sample waits for it, with the older reading in its place until the timeout; absent = the timeout. */
  readonly patience?: number;
  /** Throws SourceError when it has nothing to say. */
  read(): Promise<Reading>;
}

/** Why a source gives nothing; shown to people as its health. */
export class SourceError extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'SourceError';
  }
}

/** A source with its newest reading and its health. It never throws and never delays others. */
export interface WatchedSource {
  readonly name: string;
  /** `ok`, or why there is nothing. */
  readonly health: string;
  readonly reading: Reading;
  /** Reads again unless the reading is fresh; resolves when there is an answer or the time is over. */
  refresh(force: boolean): Promise<void>;
}

export function watchSource(source: Source, clock: Clock): WatchedSource {
  let reading: Reading = {};
  let health = 'not read yet';
  let readAt = Number.NEGATIVE_INFINITY;
  let askedAt = Number.NEGATIVE_INFINITY;
  let inFlight: Promise<void> | null = null;

  const silent = (reason: string): void => {
    reading = {};
    health = reason;
  };
  const begin = (): Promise<void> => {
    const asked = clock.monotonic();
    askedAt = asked;
    const answer = source.read().then(
      (found) => {
        reading = found;
        health = 'ok';
        readAt = asked;
      },
      (error: unknown) => {
        silent(error instanceof Error ? error.message : String(error));
        readAt = asked;
      },
    );
    // A source that hangs stays in flight, so that it is not started a second time on top of itself.
    const settled = answer.finally(() => {
      inFlight = null;
    });
    inFlight = settled;
    return settled;
  };
  return {
    name: source.name,
    get health() {
      return health;
    },
    get reading() {
      return reading;
    },
    async refresh(force) {
      if (!force && clock.monotonic() - readAt < source.every) return;
      const { timeout, patience } = source;
      const answered = await within(inFlight ?? begin(), patience ?? timeout);
      const isLate = patience === undefined || clock.monotonic() - askedAt >= timeout;
      if (!answered && isLate) silent(`no answer within ${timeout} s`);
    },
  };
}

/** True if the promise settled within the seconds. */
export async function within(promise: Promise<unknown>, seconds: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), seconds * 1000);
    timer.unref();
  });
  try {
    return await Promise.race([promise.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Standard output of a program that ended well; SourceError with the reason otherwise. */
export function outputOf(result: ProgramResult): string {
  const failure = failureOf(result);
  if (failure !== null) throw new SourceError(failure);
  return result.stdout;
}

/** The value, or SourceError when a parser found nothing in the text. */
export function understood<T>(value: T | null): T {
  if (value === null) throw new SourceError('the answer was not understood');
  return value;
}
