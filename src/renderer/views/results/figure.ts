/** What a plotting library draws, as plain data. */
export interface Figure {
  readonly data: readonly Trace[];
  readonly layout: Readonly<Record<string, unknown>>;
}

export type Trace = Readonly<Record<string, unknown>>;

/** Colours of a figure. Given in full, because an exported file knows no style sheet. */
export interface FigureTheme {
  readonly text: string;
  readonly quiet: string;
  readonly line: string;
  readonly paper: string;
  readonly series: readonly string[];
  /** Best band first. */
  readonly bands: readonly string[];
}

// Okabe and Ito's colours, in an order whose neighbours differ most, darkened or lightened for contrast.
/** For light windows, and for every exported file. */
export const lightFigure: FigureTheme = {
  text: '#1c1c1f',
  quiet: '#5f5f66',
  line: '#e2e2e7',
  paper: '#ffffff',
  series: ['#0072b2', '#d55e00', '#009e73', '#b5548f', '#c98a00', '#3f97cc', '#55555c'],
  bands: ['#009e73', '#56b4e9', '#e0a10b', '#d55e00', '#8a8a92'],
};

export const darkFigure: FigureTheme = {
  text: '#f0f0f3',
  quiet: '#acacb4',
  line: '#33333a',
  paper: '#222226',
  series: ['#56b4e9', '#f0883e', '#2fc79a', '#e08cc0', '#efc14a', '#8aa6ff', '#b9b9c0'],
  bands: ['#2fc79a', '#56b4e9', '#efc14a', '#f0883e', '#8a8a92'],
};

/** Series differ in shape and dash as well as in colour. */
export const markers = [
  'circle',
  'square',
  'triangle-up',
  'diamond',
  'cross',
  'triangle-down',
  'star',
] as const;
export const dashes = ['solid', 'dash', 'dot', 'dashdot', 'longdash', 'solid', 'dash'] as const;

/** The entry at a place, counted round and round. */
export function pick<T>(list: readonly T[], at: number): T {
  const value = list[at % list.length];
  if (value === undefined) throw new Error('A figure needs at least one colour.');
  return value;
}

/** How a series looks. A colour that comes round again has another dash and another shape. */
export function lookOf(
  theme: FigureTheme,
  at: number,
): { readonly color: string; readonly dash: string; readonly symbol: string } {
  const round = Math.floor(at / theme.series.length);
  return { color: pick(theme.series, at), dash: pick(dashes, at + round), symbol: pick(markers, at + round) };
}

/** A colour at an opacity from 0 to 1. */
export function faded(hex: string, opacity: number): string {
  const channel = (at: number): number => Number.parseInt(hex.slice(at, at + 2), 16);
  return `rgba(${channel(1)}, ${channel(3)}, ${channel(5)}, ${opacity})`;
}

export interface Axis {
  readonly title: string;
  readonly log?: boolean;
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** Thin axes, few ticks, a light grid: the frame that every figure has. */
export function frame(
  theme: FigureTheme,
  axes: { readonly x: Axis; readonly y: Axis },
  extra: Readonly<Record<string, unknown>> = {},
): Figure['layout'] {
  const axis = ({ title, log, extra: more }: Axis) => ({
    title: { text: title, font: { size: 12, color: theme.quiet }, standoff: 10 },
    ...(log ? { type: 'log', dtick: 1, exponentformat: 'SI', minor: { ticks: '' } } : {}),
    gridcolor: theme.line,
    zeroline: false,
    linecolor: theme.line,
    tickfont: { size: 11, color: theme.quiet },
    automargin: true,
    ...more,
  });
  return {
    font: { family: 'Inter Variable, Inter, Helvetica Neue, Arial, sans-serif', size: 12, color: theme.text },
    paper_bgcolor: theme.paper,
    plot_bgcolor: theme.paper,
    margin: { l: 56, r: 24, t: 12, b: 48 },
    showlegend: false,
    hovermode: 'closest',
    hoverlabel: { font: { size: 12 } },
    xaxis: axis(axes.x),
    yaxis: { nticks: 7, ...axis(axes.y) },
    ...extra,
  };
}

/** A legend in a column at the right, for more names than a line holds. */
export function legendBeside(theme: FigureTheme): Readonly<Record<string, unknown>> {
  return {
    showlegend: true,
    legend: { orientation: 'v', x: 1.02, y: 1, xanchor: 'left', font: { size: 11, color: theme.text } },
    margin: { l: 56, r: 24, t: 16, b: 48 },
  };
}

/** A legend in one line above the plot, so that it never covers a point. */
export function legendAbove(theme: FigureTheme): Readonly<Record<string, unknown>> {
  return {
    showlegend: true,
    legend: { orientation: 'h', x: 0, y: 1.02, yanchor: 'bottom', font: { size: 12, color: theme.text } },
    margin: { l: 56, r: 24, t: 40, b: 48 },
  };
}
