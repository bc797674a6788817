/** Time as the core sees it. Durations use `monotonic`, so a clock that jumps shortens or lengthens nothing. */
export interface Clock {
  /** Unix time in seconds. */
  now(): number;
  /** Seconds since some fixed moment; never goes back. */
  monotonic(): number;
}

export const systemClock: Clock = {
  now: () => Date.now() / 1000,
  monotonic: () => performance.now() / 1000,
};
