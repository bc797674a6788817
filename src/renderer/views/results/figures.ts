import type { Comparison } from '../../../shared/model/comparison.ts';
import type { PlotKind } from '../../state/route.ts';
import {
  dashes,
  faded,
  type Figure,
  type FigureTheme,
  frame,
  legendAbove,
  markers,
  pick,
  type Trace,
} from './figure.ts';
import { groupFigure } from './group-figure.ts';
import { bandShares, comparedOf, groupsOf, groupText, inSentence, rowOf } from './groups.ts';
import { type Spread, scatterFigure } from './scatter-figure.ts';
import { valueAxis } from './value-axis.ts';

/** The figure of one kind. Pure: the same comparison and theme give the same picture. */
export function figureOf(
  kind: PlotKind,
  comparison: Comparison,
  options: { readonly theme: FigureTheme; readonly spread: Spread },
): Figure {
  switch (kind) {
    case 'scatter':
      return scatterFigure(comparison, options.theme, options.spread);
    case 'groups':
      return groupFigure(comparison, options.theme, options.spread);
    case 'box':
      return boxFigure(comparison, options.theme);
    case 'bands':
      return bandFigure(comparison, options.theme);
    case 'families':
      return familyFigure(comparison, options.theme);
    case 'curves':
      return curveFigure(comparison, options.theme);
  }
}

function boxFigure(comparison: Comparison, theme: FigureTheme): Figure {
  const names = new Map(comparedOf(comparison).map((compared) => [compared.index, compared.name]));
  const order = [...names.values()];
  const data = groupsOf(comparison).map((n, at): Trace => {
    const parts = comparison.values.filter((part) => part.n === n);
    const color = pick(theme.series, at);
    return {
      type: 'box',
      name: groupText(comparison, n),
      x: parts.flatMap((part) => part.values.map(() => names.get(part.index) ?? String(part.index))),
      y: parts.flatMap((part) => part.values),
      marker: { color, size: 3, opacity: 0.6 },
      line: { width: 1.2, color },
      fillcolor: faded(color, 0.2),
      boxpoints: 'outliers',
      hoverinfo: 'y+name',
    };
  });
  return {
    data,
    layout: frame(
      theme,
      {
        x: {
          title: '',
          extra: { type: 'category', categoryorder: 'array', categoryarray: order, showgrid: false },
        },
        y: valueAxis(comparison),
      },
      { ...legendAbove(theme), boxmode: 'group', boxgap: 0.2, boxgroupgap: 0.25 },
    ),
  };
}

function bandFigure(comparison: Comparison, theme: FigureTheme): Figure {
  const compared = comparedOf(comparison);
  const names = compared.map((one) => one.name);
  const data = comparison.bands.map((band, at): Trace => {
    const share = compared.map((one) => bandShares(comparison, one.index)[at] ?? 0);
    return {
      type: 'bar',
      orientation: 'h',
      name: band.label,
      y: names,
      x: share.map((value) => value * 100),
      text: share.map((value) => (value >= 0.06 ? `${Math.round(value * 100)} %` : '')),
      textposition: 'inside',
      insidetextanchor: 'middle',
      textangle: 0,
      insidetextfont: { size: 11, color: '#101014' },
      hovertemplate: `%{y}: %{x:.1f} %<extra>${band.label}</extra>`,
      marker: { color: pick(theme.bands, at), line: { color: theme.paper, width: 1 } },
    };
  });
  return {
    data,
    layout: frame(
      theme,
      {
        x: {
          title: `Share of all values of ${inSentence(comparison.spec.valueTitle)} (%)`,
          extra: { range: [0, 100], fixedrange: true },
        },
        y: {
          title: '',
          extra: { type: 'category', autorange: 'reversed', showgrid: false, nticks: names.length },
        },
      },
      { ...legendAbove(theme), barmode: 'stack', bargap: 0.3 },
    ),
  };
}

function familyFigure(comparison: Comparison, theme: FigureTheme): Figure {
  const family = comparison.spec.family;
  const groups = comparison.families.map((entry) => groupText(comparison, entry.n));
  const side = (at: 0 | 1, title: string): Trace => {
    const color = pick(theme.series, at);
    const values = comparison.families.map((entry) => (at === 0 ? entry.low : entry.high));
    return {
      type: 'scatter',
      mode: 'lines+markers',
      name: title,
      x: groups,
      y: values,
      customdata: comparison.families.map((entry) => (at === 0 ? entry.lowCount : entry.highCount)),
      hovertemplate: `%{y:.4f} (%{customdata} values)<extra>${title}</extra>`,
      line: { color, width: 1.5, dash: pick(dashes, at) },
      marker: { color, size: 9, symbol: pick(markers, at) },
    };
  };
  return {
    data: family ? [side(0, family.low), side(1, family.high)] : [],
    layout: frame(
      theme,
      {
        x: { title: '', extra: { type: 'category' } },
        y: { title: `Mean ${inSentence(comparison.spec.valueTitle)}` },
      },
      legendAbove(theme),
    ),
  };
}

function curveFigure(comparison: Comparison, theme: FigureTheme): Figure {
  const metric = comparison.curves[0]?.metric ?? '';
  const data = comparison.curves.flatMap((curve, at): Trace[] => {
    const color = pick(theme.series, at);
    const line: Trace = {
      type: 'scatter',
      mode: 'lines',
      name: curve.name,
      x: curve.steps,
      y: curve.values,
      hovertemplate: `step %{x}: %{y:.4g}<extra>${curve.name}</extra>`,
      line: { color, width: 1.5, dash: pick(dashes, Math.floor(at / theme.series.length)) },
    };
    return curve.deviations === undefined ? [line] : [curveBand(curve, color), line];
  });
  return { data, layout: frame(theme, { x: { title: 'Step' }, y: { title: metric } }, legendAbove(theme)) };
}

/** One deviation of the seeds to either side of their mean. */
function curveBand({ steps, values, deviations = [] }: Comparison['curves'][number], color: string): Trace {
  const edge = (sign: 1 | -1): number[] => values.map((value, at) => value + sign * (deviations[at] ?? 0));
  return {
    type: 'scatter',
    mode: 'lines',
    x: [...steps, ...steps.toReversed()],
    y: [...edge(1), ...edge(-1).toReversed()],
    fill: 'toself',
    fillcolor: faded(color, 0.15),
    line: { width: 0 },
    hoverinfo: 'skip',
    showlegend: false,
  };
}

/** Whether the results can be drawn this way. */
export function hasFigure(kind: PlotKind, comparison: Comparison): boolean {
  switch (kind) {
    case 'scatter':
      return comparison.rows.some(
        (row) => row.x !== null && row.mean !== null && rowOf(comparison, row.index, row.n) !== null,
      );
    case 'groups':
      return new Set(comparison.rows.flatMap(({ mean, n }) => (mean === null ? [] : [n]))).size > 2;
    case 'box':
      return comparison.values.length > 0;
    case 'bands':
      return comparison.bands.length > 0;
    case 'families':
      return comparison.spec.family !== undefined && comparison.families.length > 0;
    case 'curves':
      return comparison.curves.length > 0;
  }
}
