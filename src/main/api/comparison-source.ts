import { buildComparison, type ComparedResult } from '../../shared/domain/compare.ts';
import type { Comparison } from '../../shared/model/comparison.ts';
import { ExpectedError } from '../../shared/model/error.ts';
import { fromWireNumber, type Json, toWireNumber } from '../../shared/model/json.ts';
import type { Manifest } from '../../shared/model/workload.ts';
import type { Store, StoredResult } from '../store/store.ts';
import { readMetrics } from './run-metrics.ts';

/** Points of a learning curve in a comparison; a plot of many experiments shows no more. */
const CURVE_POINTS = 200;

export interface ResultSelection {
  readonly workload: string;
  readonly batches?: readonly string[] | undefined;
}

type ResultStore = Pick<Store, 'results' | 'rows' | 'batch'>;

/** The valid results of a selection. Throws ExpectedError('not-found') when there is none, or an unknown batch. */
export function selectResults(store: ResultStore, { workload, batches }: ResultSelection): StoredResult[] {
  for (const batch of batches ?? []) {
    if (store.batch(batch) === null) {
      throw new ExpectedError('not-found', `There is no batch "${batch}" in this workspace.`);
    }
  }
  const results = store.results({ workload, ...(batches === undefined ? {} : { batches }) });
  if (results.length > 0) return results.toSorted((a, b) => a.index - b.index);
  const where = batches === undefined ? 'in this workspace' : `in ${batches.join(', ')}`;
  throw new ExpectedError(
    'not-found',
    `There is no result of ${workload} ${where} yet: run one of its presets first.`,
  );
}

/** Compares results by the manifest's columns; throws when the workload declares none. */
export function compareResults(
  store: ResultStore,
  manifest: Manifest,
  selection: ResultSelection,
): Comparison {
  const { comparison: spec } = manifest;
  if (spec === undefined) {
    throw new ExpectedError(
      'not-possible-now',
      `The workload ${manifest.name} does not say how its results compare.`,
    );
  }
  const results = selectResults(store, selection).map((result) => comparedResult(store, result, manifest));
  return buildComparison({ workload: manifest.name, spec, results });
}

function comparedResult(store: ResultStore, result: StoredResult, manifest: Manifest): ComparedResult {
  const { name, index, parameters, facts, batch, device, folder } = result;
  return {
    name,
    index,
    parameters,
    facts,
    batch,
    device,
    rows: store.rows(result),
    curve: curveOf(folder, manifest),
  };
}

function curveOf(folder: string, { mainMetric }: Manifest): ComparedResult['curve'] {
  if (mainMetric === undefined) return null;
  const [series] = readMetrics(folder, { names: [mainMetric], points: CURVE_POINTS });
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

/** The statistics of a comparison, one record per experiment and group. */
export function statisticsTable(comparison: Comparison): Table {
  const labels = comparison.bands.map((band) => band.label);
  return comparison.rows.map(({ bands, ...row }) => ({
    ...row,
    ...Object.fromEntries(bands.map((share, at) => [`share ${labels[at] ?? at}`, toWireNumber(share)])),
  }));
}
