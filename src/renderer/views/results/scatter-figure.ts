import type { Comparison, ComparisonRow } from '../../../shared/model/comparison.ts';
import { faded, type Figure, type FigureTheme, frame, legendAbove, lookOf, type Trace } from './figure.ts';
import { valueAxis } from './value-axis.ts';
import { comparedOf, groupsOf, groupText } from './groups.ts';

/** What the uncertainty of a mean is drawn from. */
export type Spread = 'stderr' | 'deviation' | 'quartiles';

/** Mean against the x fact, a line a group, with its standard error, its deviation or its quartiles. */
export function scatterFigure(comparison: Comparison, theme: FigureTheme, spread: Spread): Figure {
  const { spec } = comparison;
  const banded = isSpaced(comparison);
  const data = groupsOf(comparison).flatMap((n, at): Trace[] => {
    const rows = comparison.rows
      .filter((row) => row.n === n && row.x !== null && row.mean !== null)
      .toSorted((a, b) => (a.x ?? 0) - (b.x ?? 0));
    const { color, dash, symbol } = lookOf(theme, at);
    const x = rows.map((row) => row.x);
    const centre = rows.map((row) => (spread === 'quartiles' ? row.median : row.mean));
    const name = groupText(comparison, n);
    // Neighbours on the axis may be quite different networks, so the line between them only guides the eye.
    const guide: Trace = {
      type: 'scatter',
      mode: 'lines',
      x,
      y: centre,
      line: { color: faded(color, 0.42), width: 1.2, dash },
      hoverinfo: 'skip',
      showlegend: false,
    };
    const points: Trace = {
      type: 'scatter',
      mode: 'markers',
      name,
      x,
      y: centre,
      text: rows.map((row) => (row.seeds > 1 ? `${row.name}, ${row.seeds} seeds` : row.name)),
      hovertemplate: `%{text}<br>%{y:.4f}<extra>${name}</extra>`,
      marker: { color, size: 7.5, symbol },
      ...errorBars(rows, { spread, banded, color }),
    };
    if (spread !== 'quartiles' || !banded) return [guide, points];
    const band: Trace = {
      type: 'scatter',
      mode: 'lines',
      x: [...x, ...x.toReversed()],
      y: [...rows.map((row) => row.q75), ...rows.map((row) => row.q25).toReversed()],
      fill: 'toself',
      fillcolor: faded(color, 0.13),
      line: { width: 0 },
      hoverinfo: 'skip',
      showlegend: false,
    };
    return [band, guide, points];
  });
  return {
    data,
    layout: frame(
      theme,
      {
        x: {
          title: `${spec.xTitle}${spec.xLog ? ' (log scale)' : ''}`,
          log: spec.xLog,
          ...(spec.xLog ? { extra: logTicks(comparison) } : {}),
        },
        y: valueAxis(comparison),
      },
      legendAbove(theme),
    ),
  };
}

interface BarOptions {
  readonly spread: Spread;
  /** A band is drawn, so the quartiles need no bars. */
  readonly banded: boolean;
  readonly color: string;
}

export function errorBars(rows: readonly ComparisonRow[], { spread, banded, color }: BarOptions): Trace {
  const look = { type: 'data', color, thickness: 1, width: 3 };
  if (spread !== 'quartiles') return { error_y: { ...look, array: rows.map((row) => row[spread] ?? 0) } };
  if (banded) return {};
  const up = rows.map((row) => (row.q75 ?? 0) - (row.median ?? 0));
  const down = rows.map((row) => (row.median ?? 0) - (row.q25 ?? 0));
  return { error_y: { ...look, symmetric: false, array: up, arrayminus: down } };
}

/** Whether no two experiments stand at about the same x: a band between them would join what does not belong together. */
function isSpaced(comparison: Comparison): boolean {
  const places = comparedOf(comparison).flatMap(({ x }) => (x === null ? [] : [x]));
  return places.every((place, at) => {
    const next = places[at + 1];
    return next === undefined || Math.abs(next - place) > 0.03 * Math.abs(place);
  });
}

/** Ticks at 1 and 3 (or 1, 2 and 5) of each power of ten where the axis spans few of them. */
function logTicks(comparison: Comparison): Readonly<Record<string, unknown>> {
  const values = comparison.rows.flatMap((row) => (row.x !== null && row.x > 0 ? [row.x] : []));
  const low = Math.log10(Math.min(...values));
  const high = Math.log10(Math.max(...values));
  if (values.length === 0 || high - low > 4.5) return {};
  const steps = high - low < 1.5 ? [1, 2, 5] : [1, 3];
  const ticks: number[] = [];
  for (let power = Math.floor(low); power <= Math.ceil(high); power += 1)
    ticks.push(...steps.map((step) => step * 10 ** power));
  return { tickmode: 'array', tickvals: ticks, ticktext: ticks.map(shortNumber) };
}

/** 30000 as "30k", and 0.3 without the rounding of 3 · 10^−1. */
function shortNumber(value: number): string {
  if (value >= 1e6) return `${value / 1e6}M`;
  return value >= 1e3 ? `${value / 1e3}k` : String(Number(value.toPrecision(6)));
}
