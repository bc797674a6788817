import { buildComparison, type ComparedResult } from '../../shared/domain/compare.ts';
import type { SuiteCompare } from '../../shared/domain/comparison-view.ts';
import { hasSeeds } from '../../shared/domain/pooled-seeds.ts';
import type { Comparison } from '../../shared/model/comparison.ts';
import { ExpectedError } from '../../shared/model/error.ts';
import { fromWireNumber, type Json, toWireNumber } from '../../shared/model/json.ts';
import type { Manifest } from '../../shared/model/workload.ts';
import { readBatchFolder } from '../store/batch-file.ts';
import { batchFolder } from '../store/batch-folder.ts';
import type { Store, StoredResult } from '../store/store.ts';
import { readRunFile } from '../store/run-file.ts';
import { type ResultSelection, selectResults } from './result-selection.ts';
import { createMetricFiles } from './run-metrics.ts';

/** Points of a learning curve in a comparison; a plot of many experiments shows no more. */
const CURVE_POINTS = 200;

type ResultStore = Pick<Store, 'results' | 'rows' | 'workspace' | 'experiments' | 'runsOf'>;

/** Compares results by the columns of the manifest or the suite, or by those asked for; throws when the workload declares none. */
export async function compareResults(
  store: ResultStore,
  manifest: Manifest,
  selection: ResultSelection,
): Promise<Comparison> {
  const { comparison: declared } = manifest;
  if (declared === undefined) {
    throw new ExpectedError(
      'not-possible-now',
      `The workload ${manifest.name} does not say how its results compare.`,
    );
  }
  const selected = selectResults(store, selection);
  const results: ComparedResult[] = [];
  for (const result of selected)
    results.push({ ...comparedResult(store, result), curve: await curveOf(result.folder, manifest) });
  return {
    ...buildComparison({
      workload: manifest.name,
      spec: declared,
      suite: newestSuite(store, manifest, selected),
      view: selection,
      results: hasSeeds(results) ? withSeeds(results, selected) : results,
    }),
    suite: selection.suite,
    suites: [...selection.suites],
  };
}

/** Each result with the seed of its run, for those where the seed is no parameter. */
function withSeeds(results: readonly ComparedResult[], stored: readonly StoredResult[]): ComparedResult[] {
  return results.map((result, at) => {
    const file = readRunFile(stored[at]?.folder ?? '');
    return file.kind === 'ok' ? { ...result, seed: file.value.seed } : result;
  });
}

/** How the newest suite among the results compares them; null = they come from none. */
function newestSuite(
  store: ResultStore,
  manifest: Manifest,
  results: readonly StoredResult[],
): SuiteCompare | null {
  if (!manifest.presets.some((preset) => preset.suite !== undefined)) return null;
  const newest = results.toSorted((a, b) => b.endedAt - a.endedAt)[0];
  if (newest === undefined) return null;
  const read = readBatchFolder(batchFolder(store.workspace, newest.batch));
  return (read.kind === 'ok' && read.file.plan.suite?.compare) || null;
}

function comparedResult(store: ResultStore, result: StoredResult): Omit<ComparedResult, 'curve'> {
  const { name, index, parameters, facts, batch, device, workloadVersion: version } = result;
  return {
    version,
    name,
    index,
    parameters,
    facts,
    batch,
    device,
    rows: store.rows(result),
  };
}

async function curveOf(folder: string, { mainMetric }: Manifest): Promise<ComparedResult['curve']> {
  if (mainMetric === undefined) return null;
  const [series] = await createMetricFiles().read(folder, { names: [mainMetric], points: CURVE_POINTS });
  if (series === undefined) return null;
  // A curve is drawn through what is finite; the rows keep the rest.
  const points = series.steps
    .map((step, at) => ({ step, value: fromWireNumber(series.values[at] ?? 'NaN') }))
    .filter((point) => Number.isFinite(point.value));
  return {
    metric: mainMetric,
    steps: points.map((point) => point.step),
    values: points.map((point) => point.value),
  };
}

export type Table = readonly Readonly<Record<string, Json>>[];

/** Every row of the selection with the experiment it belongs to. */
export function rowTable(store: ResultStore, selection: ResultSelection): Table {
  return selectResults(store, selection).flatMap((result) =>
    store.rows(result).map((row) => ({
      experiment: result.name,
      index: result.index,
      batch: result.batch,
      device: result.device,
      ...row,
    })),
  );
}

/** The statistics of a comparison, one record per experiment and group, each with the title of what is compared. */
export function statisticsTable(comparison: Comparison): Table {
  const labels = comparison.bands.map((band) => band.label);
  return comparison.rows.map(({ bands, ...row }) => ({
    ...row,
    ...Object.fromEntries(bands.map((share, at) => [`share ${labels[at] ?? at}`, toWireNumber(share)])),
    compared: comparison.spec.valueTitle,
  }));
}
