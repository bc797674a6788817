import type { Estimate } from '../model/experiment.ts';
import type { Parameters } from '../model/json.ts';
import { canonicalJson } from './identity.ts';
import { median } from './statistics.ts';

/** An experiment with what the workload's formula says of it. */
export interface FormulaEstimate {
  readonly parameters: Parameters;
  readonly estimate: { readonly memoryMb: number; readonly seconds: number };
}

/** What a successful run on this machine needed. */
export interface MeasuredRun {
  readonly parameters: Parameters;
  readonly device: string;
  readonly threads: number;
  readonly seconds: number;
  readonly peakMb: number | null;
}

export interface EstimateFacts {
  readonly experiments: readonly FormulaEstimate[];
  /** Further experiments of the workload, whose formulas tell how far measurements are from formulas. */
  readonly references: readonly FormulaEstimate[];
  /** Newest first. */
  readonly measurements: readonly MeasuredRun[];
  readonly device: string;
  readonly threads: number;
}

/**
 * An estimate for each experiment. Equal parameters measured on the same device: the newest measurement, of the
 * same thread count if there is one (the seed does not matter). Otherwise the formula, times the median of
 * measured ÷ formula over the workload's other experiments measured on this device; such a figure is still
 * called a formula's. Time and memory are scaled apart.
 */
export function refineEstimates(facts: EstimateFacts): Estimate[] {
  const measured = newestByParameters(facts);
  const known = [...facts.experiments, ...facts.references];
  const scale = {
    seconds: medianRatio(known, measured, 'seconds'),
    memoryMb: medianRatio(known, measured, 'memoryMb'),
  };
  return facts.experiments.map(({ parameters, estimate }) => {
    const run = measured.get(canonicalJson(parameters));
    const memoryMb = run?.peakMb ?? estimate.memoryMb * scale.memoryMb;
    return run === undefined
      ? { memoryMb, seconds: estimate.seconds * scale.seconds, source: 'formula' }
      : { memoryMb, seconds: run.seconds, source: 'measured' };
  });
}

/** Whether any of the experiments was measured on the device: without one a formula cannot be scaled. */
export function anyMeasured(facts: Omit<EstimateFacts, 'references'>): boolean {
  const measured = newestByParameters(facts);
  return facts.experiments.some((experiment) => measured.has(canonicalJson(experiment.parameters)));
}

function newestByParameters(facts: Omit<EstimateFacts, 'references'>): Map<string, MeasuredRun> {
  const newest = new Map<string, MeasuredRun>();
  for (const run of facts.measurements) {
    if (run.device !== facts.device) continue;
    const key = canonicalJson(run.parameters);
    const held = newest.get(key);
    if (held === undefined || (held.threads !== facts.threads && run.threads === facts.threads))
      newest.set(key, run);
  }
  return newest;
}

/** 1 when nothing can be compared. */
function medianRatio(
  known: readonly FormulaEstimate[],
  measured: ReadonlyMap<string, MeasuredRun>,
  field: 'seconds' | 'memoryMb',
): number {
  const ratios = new Map<string, number>();
  for (const { parameters, estimate } of known) {
    const key = canonicalJson(parameters);
    const run = measured.get(key);
    const figure = field === 'seconds' ? run?.seconds : run?.peakMb;
    if (figure !== undefined && figure !== null && estimate[field] > 0)
      ratios.set(key, figure / estimate[field]);
  }
  return median([...ratios.values()]) ?? 1;
}
