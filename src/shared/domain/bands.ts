import type { ComparisonSpec } from '../model/workload.ts';

type BandSpec = Pick<ComparisonSpec, 'bands' | 'higherIsBetter'>;

/** Which performance band a value falls into, 0 = best. A bound belongs to the better band. */
export function bandOf(value: number, spec: BandSpec): number {
  const at = spec.bands.findIndex((bound) => (spec.higherIsBetter ? value >= bound : value <= bound));
  return at < 0 ? spec.bands.length : at;
}

/** Values per band, best first; empty if the workload has no bands. */
export function countBands(values: readonly number[], spec: BandSpec): number[] {
  if (spec.bands.length === 0) return [];
  const counts = Array.from({ length: spec.bands.length + 1 }, () => 0);
  for (const value of values) {
    const band = bandOf(value, spec);
    counts[band] = (counts[band] ?? 0) + 1;
  }
  return counts;
}

/** "≥ 0.95", "0.90–0.95", "< 0.80": as many decimals as the finest bound needs. */
export function bandLabels(spec: BandSpec): string[] {
  const { bands, higherIsBetter } = spec;
  const digits = Math.max(0, ...bands.map((bound) => (String(bound).split('.')[1] ?? '').length));
  const text = (bound: number | undefined): string => (bound ?? 0).toFixed(digits);
  if (bands.length === 0) return [];
  const middle = bands.slice(1).map((bound, at) => {
    const before = bands[at];
    return higherIsBetter ? `${text(bound)}–${text(before)}` : `${text(before)}–${text(bound)}`;
  });
  const [best, rest] = higherIsBetter ? ['≥', '<'] : ['≤', '>'];
  return [`${best} ${text(bands[0])}`, ...middle, `${rest} ${text(bands.at(-1))}`];
}
