import { setImmediate as nextTurn } from 'node:timers/promises';
import { thinSeries } from '../../shared/domain/series.ts';
import { fromWireNumber, toWireNumber } from '../../shared/model/json.ts';
import type { MetricSeries } from '../../shared/model/log.ts';
import { createEventsReader } from '../store/events-file.ts';

/** Read between two pauses, in bytes: some ten milliseconds of work. */
const PIECE_BYTES = 256 * 1024;
/** Points kept over all runs, about 75 MB; those of the run that was read last stay in any case. */
const KEPT_POINTS = 3_000_000;

export interface MetricSelection {
  /** Absent = all. */
  readonly names?: readonly string[] | undefined;
  /** Points a series is thinned to; extremes and gaps stay. */
  readonly points: number;
}

/** The metrics of run folders. A file is read once and then from where it has grown: curves are asked for again and again. */
export interface MetricFiles {
  /** By name, thinned for a plot; `total` counts the points before thinning. */
  read(folder: string, selection: MetricSelection): Promise<MetricSeries[]>;
}

interface Series {
  readonly steps: number[];
  /** Unix seconds. */
  readonly times: number[];
  readonly values: number[];
}

interface MetricFile {
  readonly series: ReadonlyMap<string, Series>;
  readonly points: number;
  catchUp(): Promise<void>;
}

export function createMetricFiles(): MetricFiles {
  /** The one used last stands last. */
  const files = new Map<string, MetricFile>();

  function dropOldest(): void {
    let kept = 0;
    for (const file of files.values()) kept += file.points;
    for (const [folder, file] of files) {
      if (kept <= KEPT_POINTS || files.size === 1) return;
      files.delete(folder);
      kept -= file.points;
    }
  }

  return {
    async read(folder, { names, points }) {
      const file = files.get(folder) ?? createMetricFile(folder);
      files.delete(folder);
      files.set(folder, file);
      await file.catchUp();
      dropOldest();
      const wanted = names && new Set(names);
      return [...file.series].flatMap(([name, series]) => {
        if (wanted && !wanted.has(name)) return [];
        const { steps, times, values } = thinSeries(series, points);
        return [{ name, steps, times, values: values.map(toWireNumber), total: series.steps.length }];
      });
    },
  };
}

function createMetricFile(folder: string): MetricFile {
  const reader = createEventsReader(folder);
  const found = new Map<string, Series>();
  let points = 0;
  let working: Promise<void> = Promise.resolve();

  function take(
    name: string,
    point: { readonly step: number; readonly t: number; readonly value: number },
  ): void {
    let series = found.get(name);
    if (series === undefined) found.set(name, (series = { steps: [], times: [], values: [] }));
    series.steps.push(point.step);
    series.times.push(point.t);
    series.values.push(point.value);
    points += 1;
  }

  async function work(): Promise<void> {
    for (;;) {
      const { events, more } = reader.read(PIECE_BYTES);
      for (const event of events) {
        if (event.kind !== 'metric') continue;
        for (const [name, value] of Object.entries(event.values))
          take(name, { step: event.step, t: event.t, value: fromWireNumber(value) });
      }
      if (!more) return;
      // A file of many megabytes: others have their turn.
      await nextTurn();
    }
  }

  return {
    series: found,
    get points() {
      return points;
    },
    catchUp() {
      // One pass at a time; a failed one is told to its own caller and does not stop the next.
      const next = working.then(work);
      working = next.catch(() => {});
      return next;
    },
  };
}
