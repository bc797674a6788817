import { type ExperimentRow, metricsOf } from '../../../shared/domain/experiment-fields.ts';
import { metricDirection } from '../../../shared/domain/metric-direction.ts';
import type { MainMetric } from '../../../shared/domain/metric-summary.ts';
import type { BatchRecord } from '../../../shared/model/batch.ts';
import type { Manifest } from '../../../shared/model/workload.ts';

/** The metric that a batch is judged by: as its suite says, else its workload, else the first that any run has reported. */
export function mainMetricOf(
  { mainMetric: declared }: Pick<BatchRecord, 'mainMetric'>,
  manifest: Manifest | null,
  rows: readonly ExperimentRow[],
): MainMetric | null {
  const name = declared?.name ?? manifest?.mainMetric ?? firstMetric(rows);
  if (name === null) return null;
  if (declared?.better) return { name, better: declared.better };
  const said = metricDirection(name);
  // A manifest says of the value that it compares what is better, and its main metric is that value while it trains.
  const compared = name === manifest?.mainMetric ? manifest.comparison : undefined;
  return { name, better: said ?? (compared ? (compared.higherIsBetter ? 'higher' : 'lower') : null) };
}

function firstMetric(rows: readonly ExperimentRow[]): string | null {
  for (const row of rows) for (const name in metricsOf(row)) return name;
  return null;
}
