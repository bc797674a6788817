/**
 * Which points of a long series to keep so that a plot of it looks the same: the first and last point, the lowest
 * and highest of every stretch, and one non-finite point per stretch that has any, so that gaps stay gaps. Returns
 * rising indices, at most `points` (at least 2) unless there are fewer values.
 */
export function thinIndices(values: readonly number[], points: number): number[] {
  return thinTracks([values], points);
}

/**
 * The same for several series over one axis, such as the CPU and memory of machine samples: extremes of every one are
 * kept, so each gets its share of `points`. The tracks have equal lengths.
 */
export function thinTracks(tracks: readonly (readonly number[])[], points: number): number[] {
  const length = tracks[0]?.length ?? 0;
  if (length <= Math.max(2, points)) return Array.from({ length }, (_, index) => index);
  let perBucket = 0;
  for (const track of tracks) perBucket += track.every((value) => Number.isFinite(value)) ? 2 : 3;
  const buckets = Math.floor((points - 2) / perBucket);
  const kept = new Set([0, length - 1]);
  for (let bucket = 0; bucket < buckets; bucket++) {
    const start = Math.floor((bucket * length) / buckets);
    const end = Math.floor(((bucket + 1) * length) / buckets);
    for (const track of tracks) keepExtremes({ track, start, end, kept });
  }
  return [...kept].toSorted((a, b) => a - b);
}

/** A thinned series; steps, times and values have equal lengths. */
export function thinSeries(
  series: {
    readonly steps: readonly number[];
    readonly times: readonly number[];
    readonly values: readonly number[];
  },
  points: number,
): { steps: number[]; times: number[]; values: number[] } {
  const kept = thinIndices(series.values, points);
  return {
    steps: kept.map((at) => series.steps[at] ?? 0),
    times: kept.map((at) => series.times[at] ?? 0),
    values: kept.map((at) => series.values[at] ?? Number.NaN),
  };
}

function keepExtremes(stretch: {
  track: readonly number[];
  start: number;
  end: number;
  kept: Set<number>;
}): void {
  const { track, start, end, kept } = stretch;
  let low = -1;
  let high = -1;
  let gap = -1;
  for (let at = start; at < end; at++) {
    const value = track[at] ?? Number.NaN;
    if (!Number.isFinite(value)) {
      if (gap < 0) gap = at;
      continue;
    }
    if (low < 0 || value < (track[low] ?? value)) low = at;
    if (high < 0 || value > (track[high] ?? value)) high = at;
  }
  for (const at of [low, high, gap]) if (at >= 0) kept.add(at);
}
