import type { Comparison, ComparisonRow } from '../../../shared/model/comparison.ts';
import {
  type Figure,
  type FigureTheme,
  frame,
  legendAbove,
  legendBeside,
  lookOf,
  type Trace,
} from './figure.ts';
import { type Compared, comparedOf, groupsOf, rowOf } from './groups.ts';
import { errorBars, type Spread } from './scatter-figure.ts';
import { valueAxis } from './value-axis.ts';

/** More names than this do not fit above the plot. */
const ABOVE = 6;
/** Group values that span more than this are drawn on a log axis. */
const WIDE = 20;

/** Mean against the group, a line for each of what is compared: how an error falls with the scale or grows with the order. */
export function groupFigure(comparison: Comparison, theme: FigureTheme, spread: Spread): Figure {
  const { spec } = comparison;
  const groups = groupsOf(comparison);
  const numbers = groups.filter((n) => typeof n === 'number');
  const numeric = numbers.length === groups.length;
  const wide = numeric && Math.min(...numbers) > 0 && Math.max(...numbers) / Math.min(...numbers) > WIDE;
  const data = byLastValue(comparison).map((compared, at): Trace => {
    const rows = groups.flatMap((n) => rowOf(comparison, compared.index, n) ?? []);
    const { color, dash, symbol } = lookOf(theme, at);
    return {
      type: 'scatter',
      mode: 'lines+markers',
      name: compared.name,
      x: rows.map(({ n }) => n),
      y: rows.map((row) => centre(row, spread)),
      hovertemplate: `%{x}: %{y:.4g}<extra>${compared.name}</extra>`,
      line: { color, width: 1.4, dash },
      marker: { color, size: 6.5, symbol },
      ...errorBars(rows, { spread, banded: false, color }),
    };
  });
  return {
    data,
    layout: frame(
      theme,
      {
        x: {
          title: `${spec.groupTitle}${wide ? ' (log scale)' : ''}`,
          log: wide,
          extra: wide
            ? { tickmode: 'array', tickvals: numbers, ticktext: numbers.map(String) }
            : steps(numeric, numbers),
        },
        y: valueAxis(comparison),
      },
      {
        ...(data.length > ABOVE ? legendBeside(theme) : legendAbove(theme)),
        shapes: bounds(comparison, theme),
      },
    ),
  };
}

/** From top to bottom as the lines end, so that the legend can be read along them. */
function byLastValue(comparison: Comparison): readonly Compared[] {
  const groups = groupsOf(comparison);
  const last = (compared: Compared): number =>
    groups.map((n) => rowOf(comparison, compared.index, n)?.mean).findLast((value) => value != null) ??
    -Infinity;
  return comparedOf(comparison).toSorted((a, b) => last(b) - last(a));
}

function centre(row: ComparisonRow, spread: Spread): number | null {
  return spread === 'quartiles' ? row.median : row.mean;
}

/** Every whole number gets its tick while there is room. */
function steps(numeric: boolean, numbers: readonly number[]): Readonly<Record<string, unknown>> {
  if (!numeric) return { type: 'category' };
  return numbers.length <= 16 ? { tickmode: 'array', tickvals: numbers, ticktext: numbers.map(String) } : {};
}

/** The bounds of the bands as thin lines across. */
function bounds({ spec }: Comparison, theme: FigureTheme): readonly Readonly<Record<string, unknown>>[] {
  return spec.bands.map((bound) => ({
    type: 'line',
    xref: 'paper',
    x0: 0,
    x1: 1,
    y0: bound,
    y1: bound,
    layer: 'below',
    line: { color: theme.quiet, width: 1, dash: 'dot' },
    label: {
      text: String(bound),
      textposition: 'start',
      yanchor: 'bottom',
      font: { size: 10, color: theme.quiet },
    },
  }));
}
