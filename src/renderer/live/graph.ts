import uPlot from 'uplot';
import { formatDuration, formatFigure } from '../../shared/domain/format.ts';

export interface GraphSeries {
  readonly label: string;
  /** A CSS colour or custom property name such as `--series-1`. */
  readonly color: string;
  readonly fill?: boolean;
  readonly width?: number;
  /** Opacity of the line, 0 to 1. */
  readonly alpha?: number;
  readonly dash?: readonly number[];
}

export interface GraphOptions {
  readonly series: readonly GraphSeries[];
  /** The x axis: Unix seconds, steps of a training, or seconds since its start. */
  readonly x: 'time' | 'step' | 'seconds';
  /** The y axis reaches from 0 up to this; absent or null = ends are taken from the data. */
  readonly top?: () => number | null;
  /** Text of a y value, on the axis and in the legend. */
  readonly text?: (value: number) => string;
  /** Vertical marks, such as the start and end of runs, in x units. */
  readonly marks?: () => readonly { readonly x: number; readonly strong: boolean }[];
}

/** x values first, then one row a series; null breaks a line. */
export type GraphData = readonly [readonly number[], ...(readonly (readonly (number | null)[])[])];

/** Seconds between two labels. The library's own go from one minute to five, which leaves a narrow graph with one label. */
const TIME_STEPS = [
  ...[1, 2, 5, 10, 15, 30],
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * 60),
  ...[1, 2, 3, 6, 12, 24, 48, 168, 720].map((hours) => hours * 3_600),
];

/** `draw` takes the whole data each time: at an hour of samples that costs less than keeping two copies in step. */
export interface Graph {
  draw(data: GraphData, range?: readonly [number, number]): void;
  resize(width: number, height: number): void;
  /** Index under the pointer, or null. */
  onHover(listener: (at: number | null) => void): void;
  close(): void;
}

/** A live graph in a canvas, outside React: a new sample costs one draw. */
export function createGraph(
  element: HTMLElement,
  options: GraphOptions,
  size: { width: number; height: number },
): Graph {
  const color = (name: string): string =>
    name.startsWith('--') ? getComputedStyle(element).getPropertyValue(name).trim() : name;
  const text = options.text ?? formatFigure;
  let hover: (at: number | null) => void = () => {};
  let shown: readonly [number, number] | null = null;
  const axis: uPlot.Axis = {
    stroke: color('--text-3'),
    font: `11px ${getComputedStyle(element).fontFamily}`,
    grid: { stroke: color('--line'), width: 1 },
    ticks: { show: false },
  };
  const plot = new uPlot(
    {
      ...size,
      legend: { show: false },
      cursor: { y: false, points: { size: 6 }, drag: { x: false, y: false } },
      padding: [6, 16, 0, 0],
      scales: {
        x: {
          time: options.x === 'time',
          range: (_plot, low, high) => (shown ? [shown[0], shown[1]] : paddedRange(low, high)),
        },
        y: {
          range: (_plot, low, high) => {
            const top = options.top?.() ?? null;
            if (top !== null) return [0, top];
            return low === null || high === null ? [0, 1] : uPlot.rangeNum(low, high, 0.08, true);
          },
        },
      },
      axes: [
        {
          ...axis,
          space: 78,
          size: 22,
          gap: 4,
          values: ticksOf[options.x],
          ...(options.x === 'time' ? { incrs: TIME_STEPS } : {}),
        },
        {
          ...axis,
          space: 34,
          size: 52,
          gap: 6,
          values: (_plot, ticks) => ticks.map((tick) => text(tick)),
          ...(options.top ? { splits: (_plot, _axis, low, high) => [low, (low + high) / 2, high] } : {}),
        },
      ],
      series: [
        {},
        ...options.series.map(
          (series): uPlot.Series => ({
            label: series.label,
            stroke: color(series.color),
            width: series.width ?? 1.5,
            points: { show: false },
            ...(series.alpha === undefined ? {} : { alpha: series.alpha }),
            ...(series.dash ? { dash: [...series.dash] } : {}),
            ...(series.fill ? { fill: `color-mix(in srgb, ${color(series.color)} 13%, transparent)` } : {}),
          }),
        ),
      ],
      hooks: {
        setCursor: [(self) => hover(self.cursor.idx ?? null)],
        drawAxes: [(self) => drawMarks(self, options.marks?.() ?? [], color('--line-strong'))],
      },
    },
    [[], ...options.series.map(() => [])],
    element,
  );
  return {
    draw(data, range) {
      shown = range ?? null;
      plot.setData(data as unknown as uPlot.AlignedData);
    },
    resize: (width, height) => plot.setSize({ width, height }),
    onHover(listener) {
      hover = listener;
    },
    close: () => plot.destroy(),
  };
}

function paddedRange(low: number | null, high: number | null): [number, number] {
  if (low === null || high === null) return [0, 1];
  return low === high ? [low - 1, high + 1] : [low, high];
}

function numberTicks(_plot: uPlot, ticks: number[]): string[] {
  return ticks.map((tick) => (tick >= 10_000 ? `${tick / 1_000}k` : tick.toLocaleString('en')));
}

function durationTicks(_plot: uPlot, ticks: number[]): string[] {
  return ticks.map((tick) => (tick === 0 ? '0' : formatDuration(tick)));
}

function clockTicks(_plot: uPlot, ticks: number[]): string[] {
  const close = ticks.length > 1 && (ticks[1] ?? 0) - (ticks[0] ?? 0) < 60;
  return ticks.map((tick) => {
    const date = new Date(tick * 1_000);
    const two = (value: number): string => String(value).padStart(2, '0');
    const minutes = `${two(date.getHours())}:${two(date.getMinutes())}`;
    return close ? `${minutes}:${two(date.getSeconds())}` : minutes;
  });
}

const ticksOf = { time: clockTicks, step: numberTicks, seconds: durationTicks };

function drawMarks(
  plot: uPlot,
  marks: readonly { readonly x: number; readonly strong: boolean }[],
  stroke: string,
): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.strokeStyle = stroke;
  ctx.lineWidth = devicePixelRatio;
  for (const mark of marks) {
    const x = Math.round(plot.valToPos(mark.x, 'x', true)) + 0.5;
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.setLineDash(mark.strong ? [] : [3 * devicePixelRatio, 3 * devicePixelRatio]);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
  }
  ctx.restore();
}
