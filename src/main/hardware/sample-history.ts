import type { MachineSample } from '../../shared/model/hardware.ts';
import { envelope } from './sample-envelope.ts';

export interface SampleHistory {
  add(sample: MachineSample): void;
  latest(): MachineSample | null;
  /** Samples of the last `seconds` before `now`, oldest first, about `points` of them. */
  since(options: { now: number; seconds: number; points: number }): MachineSample[];
}

const HOUR = 3600;
const COARSE_SECONDS = 120;
const WEEK = 7 * 86_400;

/**
 * The last hour as it was, the last week as the extremes of every two minutes: some 13,000 samples at most.
 * Times come from the wall clock and may jump; samples stay in the order in which they came.
 */
export function createSampleHistory(): SampleHistory {
  const fine: MachineSample[] = [];
  const coarse: MachineSample[] = [];
  let bucket: MachineSample[] = [];

  return {
    add(sample) {
      fine.push(sample);
      const first = bucket[0];
      if (first && Math.abs(sample.t - first.t) >= COARSE_SECONDS) {
        coarse.push(...envelope(bucket));
        bucket = [];
        dropOlder(fine, sample.t - HOUR);
        dropOlder(coarse, sample.t - WEEK);
      }
      bucket.push(sample);
    },
    latest: () => fine.at(-1) ?? null,
    since({ now, seconds, points }) {
      const from = now - seconds;
      const recent = fine.filter((sample) => sample.t >= from);
      const oldestFine = fine[0]?.t ?? now;
      const older =
        from < oldestFine ? coarse.filter((sample) => sample.t >= from && sample.t < oldestFine) : [];
      return thin([...older, ...recent], points);
    },
  };
}

function dropOlder(list: MachineSample[], t: number): void {
  let count = 0;
  while (count < list.length && (list[count]?.t ?? t) < t) count += 1;
  // In pieces: moving the whole list for each single sample would cost more than sampling does.
  if (count >= 256) list.splice(0, count);
}

/** Min-max thinning by equal spans of time. The newest sample stays as it is: screens show it as "now". */
function thin(samples: readonly MachineSample[], points: number): MachineSample[] {
  const last = samples.at(-1);
  const first = samples[0];
  if (!first || !last || samples.length <= points) return [...samples];
  const span = Math.max(1e-9, (last.t - first.t) / Math.max(1, Math.floor(points / 2)));
  const thinned: MachineSample[] = [];
  let bucket: MachineSample[] = [];
  let index = 0;
  for (const sample of samples.slice(0, -1)) {
    const own = Math.floor((sample.t - first.t) / span);
    if (own !== index && bucket.length > 0) {
      thinned.push(...envelope(bucket));
      bucket = [];
    }
    index = own;
    bucket.push(sample);
  }
  return [...thinned, ...envelope(bucket), last];
}
