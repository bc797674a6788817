import { useMemo, useState } from 'react';
import {
  type ExperimentField,
  experimentFields,
  type ExperimentRow,
  experimentRows,
  metricsOf,
} from '../../../shared/domain/experiment-fields.ts';
import type { MainMetric } from '../../../shared/domain/metric-summary.ts';
import type { BatchRecord } from '../../../shared/model/batch.ts';
import type { ExperimentRecord, RunRecord } from '../../../shared/model/run.ts';
import type { Manifest } from '../../../shared/model/workload.ts';
import { mainMetricOf } from './main-metric.ts';

interface RowSources {
  readonly batch: BatchRecord;
  readonly manifest: Manifest | null;
  readonly experiments: readonly ExperimentRecord[];
  readonly runs: readonly RunRecord[];
}

/** What is the same as long as the experiments have the same names, whatever their values. */
interface KnownNames {
  /** The rows as they were when the names were read. */
  readonly first: readonly ExperimentRow[];
  readonly fields: readonly ExperimentField[];
  readonly main: MainMetric | null;
}

interface KnownRows extends KnownNames {
  readonly rows: readonly ExperimentRow[];
}

/** The experiments of a batch as rows. A row whose records have not changed is the same object as before, so that it is not drawn again. */
export function useExperimentRows({ batch, manifest, experiments, runs }: RowSources): KnownRows {
  const [keeper] = useState(createRowKeeper);
  const rows = useMemo(() => keeper.rows(experiments, runs), [keeper, experiments, runs]);
  const names = useMemo(
    () => keeper.names(rows, mainMetricOf(batch, manifest, rows)),
    [keeper, rows, batch, manifest],
  );
  return { rows, ...names };
}

interface RowKeeper {
  rows(experiments: readonly ExperimentRecord[], runs: readonly RunRecord[]): readonly ExperimentRow[];
  names(rows: readonly ExperimentRow[], main: MainMetric | null): KnownNames;
}

/** Remembers what came before, to give it back where nothing is new. */
export function createRowKeeper(): RowKeeper {
  let before: readonly ExperimentRow[] = [];
  let known: { readonly key: string; readonly names: KnownNames } | null = null;
  return {
    rows(experiments, runs) {
      before = experimentRows(experiments, runs, before);
      return before;
    },
    names(rows, main) {
      const key = [main?.name, main?.better, namesIn(rows)].join('\n');
      if (known?.key !== key)
        known = { key, names: { first: rows, fields: experimentFields(rows, main), main } };
      return known.names;
    },
  };
}

/** The names that come and go while a batch runs, as one text: its experiments, their metrics and results. */
function namesIn(rows: readonly ExperimentRow[]): string {
  const names = new Set<string>();
  for (const row of rows) {
    for (const name in metricsOf(row)) names.add(name);
    for (const name in row.experiment.summary ?? {}) names.add(`result ${name}`);
  }
  return [rows.length, rows[0]?.experiment.batch, ...[...names].toSorted()].join('\n');
}
