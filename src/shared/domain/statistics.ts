/** Every function takes finite numbers; callers leave others out and count them. Empty input gives null. */

export function mean(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/**
 * Quantile by linear interpolation between order statistics (type 7, the default of R and NumPy).
 * `sorted` ascending, `share` from 0 to 1.
 */
export function quantileSorted(sorted: readonly number[], share: number): number | null {
  if (sorted.length === 0) return null;
  const position = (sorted.length - 1) * share;
  const below = Math.floor(position);
  const low = sorted[below] ?? 0;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? low;
  return low + (high - low) * (position - below);
}

export function median(values: readonly number[]): number | null {
  return quantileSorted(ascending(values), 0.5);
}

/** Sample standard deviation (divided by n - 1); null below two values. */
export function standardDeviation(values: readonly number[]): number | null {
  const center = mean(values);
  if (center === null || values.length < 2) return null;
  let squares = 0;
  for (const value of values) squares += (value - center) ** 2;
  return Math.sqrt(squares / (values.length - 1));
}

/** Standard error of the mean; null below two values. */
export function standardError(values: readonly number[]): number | null {
  const deviation = standardDeviation(values);
  return deviation === null ? null : deviation / Math.sqrt(values.length);
}

export interface Summary {
  readonly count: number;
  readonly mean: number | null;
  readonly median: number | null;
  readonly q25: number | null;
  readonly q75: number | null;
  readonly min: number | null;
  readonly max: number | null;
  /** Sample standard deviation. */
  readonly deviation: number | null;
  readonly stderr: number | null;
}

export function summarise(values: readonly number[]): Summary {
  const sorted = ascending(values);
  return {
    count: sorted.length,
    mean: mean(sorted),
    median: quantileSorted(sorted, 0.5),
    q25: quantileSorted(sorted, 0.25),
    q75: quantileSorted(sorted, 0.75),
    min: sorted[0] ?? null,
    max: sorted.at(-1) ?? null,
    deviation: standardDeviation(sorted),
    stderr: standardError(sorted),
  };
}

/**
 * Two-sided Mann-Whitney U: normal approximation with tie and continuity correction. `u` belongs to `a`
 * (pairs in which a's value is the larger, ties count half). Null if a side is empty.
 */
export function mannWhitney(a: readonly number[], b: readonly number[]): { u: number; p: number } | null {
  if (a.length === 0 || b.length === 0) return null;
  const pooled = [
    ...a.map((value) => ({ value, ours: true })),
    ...b.map((value) => ({ value, ours: false })),
  ].toSorted((left, right) => left.value - right.value);
  const total = pooled.length;
  let rankSum = 0;
  let ties = 0;
  let start = 0;
  while (start < total) {
    let end = start;
    let ours = 0;
    while (end < total && pooled[end]?.value === pooled[start]?.value) {
      if (pooled[end]?.ours === true) ours += 1;
      end += 1;
    }
    const size = end - start;
    // Tied values share the mean of the ranks start+1 to end.
    rankSum += ours * ((start + 1 + end) / 2);
    ties += size ** 3 - size;
    start = end;
  }
  const pairs = a.length * b.length;
  const u = rankSum - (a.length * (a.length + 1)) / 2;
  const spread = Math.sqrt((pairs / 12) * (total + 1 - ties / (total * (total - 1))));
  // All values equal: no evidence of any difference.
  if (spread === 0) return { u, p: 1 };
  const z = (Math.max(u, pairs - u) - pairs / 2 - 0.5) / spread;
  return { u, p: Math.min(1, 2 * normalTail(z)) };
}

/** P(Z > z) of the standard normal distribution, to about 13 significant digits also far out in the tail. */
export function normalTail(z: number): number {
  if (z < 0) return 1 - normalTail(-z);
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  if (z < 2.5) {
    // Series of the integral from 0 to z; all terms are positive, so nothing cancels inside it.
    let term = z;
    let sum = z;
    for (let n = 1; term > sum * 1e-17 && n < 200; n++) {
      term *= (z * z) / (2 * n + 1);
      sum += term;
    }
    return 0.5 - density * sum;
  }
  // Continued fraction z + 1/(z + 2/(z + 3/...)), evaluated from the far end.
  let fraction = z;
  for (let n = 200; n >= 1; n--) fraction = z + n / fraction;
  return density / fraction;
}

function ascending(values: readonly number[]): number[] {
  return values.toSorted((a, b) => a - b);
}
