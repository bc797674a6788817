import {
  experimentFacts,
  experimentFields,
  type ExperimentRow,
} from '../../shared/domain/experiment-fields.ts';
import { rowsWhere } from '../../shared/domain/field.ts';
import { formatCount } from '../../shared/domain/format.ts';
import type { ComparisonView } from '../../shared/domain/comparison-view.ts';
import { suggestion } from '../../shared/domain/nearest.ts';
import { ExpectedError } from '../../shared/model/error.ts';
import type { ExperimentRecord } from '../../shared/model/run.ts';
import type { Manifest } from '../../shared/model/workload.ts';
import type { Store, StoredResult } from '../store/store.ts';

/** Which results are asked for. */
export interface ResultRequest extends ComparisonView {
  readonly workload: string;
  readonly batches?: readonly string[] | undefined;
  readonly suite?: string | undefined;
  readonly where?: string | undefined;
}

/** Which results are meant, and which suites there are besides. */
export interface ResultSelection extends ComparisonView {
  readonly workload: string;
  /** Absent = every one of the workload. */
  readonly batches?: readonly string[];
  /** A filter; absent = all of them. */
  readonly where?: string | undefined;
  /** The suite or preset that the batches are of; null = several, or whichever. */
  readonly suite: string | null;
  /** Suites with results, the newest first; empty for a workload that is none of suites. */
  readonly suites: readonly string[];
}

/**
 * The one rule for which results are compared and exported: the batches that are named, else those of the suite or preset
 * that is named, else all of the workload. Suites have nothing to do with each other: of a workload that is made of suites it is the
 * newest one. Throws ExpectedError for what does not exist.
 */
export function chooseResults(
  store: Pick<Store, 'batch' | 'batches'>,
  manifest: Manifest,
  request: ResultRequest,
): ResultSelection {
  const { workload, batches, suite, ...view } = request;
  const found = store
    .batches()
    .filter((one) => one.workload === workload && one.counts.succeeded > 0)
    .toSorted((a, b) => b.createdAt - a.createdAt);
  const names = [...new Set(found.map(({ preset }) => preset))];
  const suites = manifest.presets.some((preset) => preset.suite !== undefined) ? names : [];
  if (batches !== undefined) {
    const presets = new Set(batches.map((id) => presetOf(store, id)));
    const [only = null] = presets.size === 1 ? presets : [];
    return { ...view, workload, batches, suite: only, suites };
  }
  if (suite !== undefined && !names.includes(suite))
    throw new ExpectedError(
      'usage',
      `There is no result of ${workload}/${suite}.${suggestion(suite, names)} There are some of ${names.join(', ') || 'none'}.`,
    );
  const meant = suite ?? suites[0];
  if (meant === undefined) return { ...view, workload, suite: null, suites };
  const own = found.filter(({ preset }) => preset === meant).map(({ id }) => id);
  return { ...view, workload, batches: own, suite: meant, suites };
}

function presetOf(store: Pick<Store, 'batch'>, id: string): string {
  const batch = store.batch(id);
  if (batch !== null) return batch.preset;
  throw new ExpectedError('not-found', `There is no batch "${id}" in this workspace.`);
}

/** The valid results of a selection. Throws ExpectedError('not-found') when there is none. */
export function selectResults(
  store: Pick<Store, 'results' | 'experiments' | 'runsOf'>,
  { workload, batches, where: filter }: Pick<ResultSelection, 'workload' | 'batches' | 'where'>,
): StoredResult[] {
  const results = store.results({ workload, ...(batches === undefined ? {} : { batches }) });
  const fitting = filter === undefined ? results : resultsWhere(store, results, filter);
  if (fitting.length > 0) return fitting.toSorted((a, b) => a.index - b.index);
  if (results.length > 0)
    throw new ExpectedError(
      'not-found',
      `None of ${formatCount(results.length, 'result')} fits "${filter}".`,
    );
  const where = batches === undefined ? 'in this workspace' : `in ${batches.join(', ')}`;
  throw new ExpectedError(
    'not-found',
    `There is no result of ${workload} ${where} yet: run one of its presets first.`,
  );
}

/** The experiment that brought a result, with the attempt that did; null = its batch is gone. */
export type RowOfResult = (result: StoredResult) => ExperimentRow | null;

export function createRowOfResult(store: Pick<Store, 'experiments' | 'runsOf'>): RowOfResult {
  const batches = new Map<string, ReadonlyMap<number, ExperimentRecord>>();
  const rows = new Map<StoredResult, ExperimentRow | null>();
  function find({ batch, index, attempt: wanted }: StoredResult): ExperimentRow | null {
    let experiments = batches.get(batch);
    if (experiments === undefined)
      batches.set(batch, (experiments = new Map(store.experiments(batch).map((one) => [one.index, one]))));
    const experiment = experiments.get(index);
    const run = store.runsOf(batch, index).find(({ attempt }) => attempt === wanted) ?? null;
    return experiment === undefined ? null : { experiment, run };
  }
  return (result) => {
    let row = rows.get(result);
    if (row === undefined) rows.set(result, (row = find(result)));
    return row;
  };
}

/** Results by what is known of the experiments that brought them. */
function resultsWhere(
  store: Pick<Store, 'experiments' | 'runsOf'>,
  results: readonly StoredResult[],
  filter: string,
): readonly StoredResult[] {
  const rowOf = createRowOfResult(store);
  const rows = results.flatMap((result) => rowOf(result) ?? []);
  const found = new Set(rowsWhere(rows, filter, experimentFacts(experimentFields(rows, null))));
  return results.filter((result) => {
    const row = rowOf(result);
    return row !== null && found.has(row);
  });
}
