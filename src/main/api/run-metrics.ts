import { thinSeries } from '../../shared/domain/series.ts';
import { fromWireNumber, toWireNumber } from '../../shared/model/json.ts';
import type { MetricSeries } from '../../shared/model/log.ts';
import { eachEvent } from '../store/events-file.ts';

export interface MetricSelection {
  /** Absent = all. */
  readonly names?: readonly string[] | undefined;
  /** Points a series is thinned to; extremes and gaps stay. */
  readonly points: number;
}

/** The metrics of a run folder by name, thinned for a plot; `total` counts the points before thinning. */
export function readMetrics(folder: string, { names, points }: MetricSelection): MetricSeries[] {
  const wanted = names === undefined ? null : new Set(names);
  const found = new Map<string, { steps: number[]; values: number[] }>();
  eachEvent(folder, (event) => {
    if (event.kind !== 'metric') return;
    for (const [name, value] of Object.entries(event.values)) {
      if (wanted !== null && !wanted.has(name)) continue;
      let series = found.get(name);
      if (series === undefined) found.set(name, (series = { steps: [], values: [] }));
      series.steps.push(event.step);
      series.values.push(fromWireNumber(value));
    }
  });
  return [...found].map(([name, series]) => {
    const { steps, values } = thinSeries(series, points);
    return { name, steps, values: values.map(toWireNumber), total: series.steps.length };
  });
}
