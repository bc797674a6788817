import { useEffect, useRef, useState } from 'react';
import {
  formatClock,
  formatCount,
  formatDuration,
  formatFigure,
  formatNumber,
  formatResult,
} from '../../../shared/domain/format.ts';
import type { MetricBetter } from '../../../shared/domain/metric-summary.ts';
import { createGraph, type Graph } from '../../live/graph.ts';
import { useSize } from '../../widgets/use-size.ts';
import type { CurveAxis } from '../../state/ui-slice.ts';
import { curveSummary } from './curve-axis.ts';

/** How the graph writes its axis; counted work is a plain number, as steps are. */
function graphAxis(axis: CurveAxis): 'step' | 'time' | 'seconds' {
  return axis === 'clock' ? 'time' : axis === 'relative' ? 'seconds' : 'step';
}

interface CurveGraphProps {
  readonly name: string;
  /** Of the graph alone, in pixels. */
  readonly height: number;
  readonly steps: readonly number[];
  readonly axis: CurveAxis;
  /** Where the points stand on that axis. */
  readonly xs: readonly number[];
  /** Non-finite ones leave a gap and are counted in the head. */
  readonly values: readonly number[];
  /** Points before thinning. */
  readonly total: number;
  readonly color: string;
  readonly better: MetricBetter | null;
}

/** One metric over its steps, with the value under the pointer in its head. */
export function CurveGraph({ name, height, steps, axis, xs, values, total, color, better }: CurveGraphProps) {
  const [box, { width }] = useSize<HTMLDivElement>();
  const graph = useRef<Graph | null>(null);
  const [hover, setHover] = useState<number | null>(null);

  useEffect(() => {
    if (!box.current) return;
    const created = createGraph(
      box.current,
      { series: [{ label: name, color }], x: graphAxis(axis) },
      { width: 1, height: 1 },
    );
    created.onHover(setHover);
    graph.current = created;
    return () => created.close();
  }, [box, name, color, axis]);

  useEffect(() => {
    if (width === 0) return;
    graph.current?.resize(width, height);
    graph.current?.draw([xs, values.map((value) => (Number.isFinite(value) ? value : null))]);
  }, [xs, values, width, height]);

  const at = hover ?? steps.length - 1;
  const broken = values.filter((value) => !Number.isFinite(value)).length;
  return (
    <figure
      aria-label={`${name}: ${formatCount(total, 'point')}, last value ${formatFigure(values.at(-1) ?? null)}`}
    >
      <figcaption className="curve-head">
        <strong className="small truncate">{name}</strong>
        {broken > 0 ? (
          <span className="toned tiny" data-tone="failed">
            not finite at {formatCount(broken, 'point')}
          </span>
        ) : null}
        <span className="spacer" />
        <span className="small nowrap">
          <span className="quiet">{placeText({ axis, step: steps[at] ?? 0, x: xs[at] ?? 0 })}</span>{' '}
          {formatFigure(values[at] ?? null)}
        </span>
      </figcaption>
      <p className="curve-figures tiny quiet nowrap">{figuresText(values, better)}</p>
      <div ref={box} className="curve-box" style={{ height }} />
    </figure>
  );
}

/** "step 12", with the time where the axis tells one. */
function placeText({ axis, step, x }: { axis: CurveAxis; step: number; x: number }): string {
  const words = `step ${formatNumber(step)}`;
  if (axis === 'step') return words;
  if (axis.startsWith('metric/')) return `${words}, ${formatResult(x)} ${axis.slice('metric/'.length)}`;
  return `${words}, ${axis === 'clock' ? formatClock(x) : formatDuration(x)}`;
}

/** "best 0.12 · min 0.12 · max 2.3 · last 0.14". */
function figuresText(values: readonly number[], better: MetricBetter | null): string {
  const summary = curveSummary(values, better);
  if (summary === null) return 'no finite value';
  const { best, min, max, last } = summary;
  return [
    ...(best === null ? [] : [`best ${formatFigure(best)}`]),
    `min ${formatFigure(min)}`,
    `max ${formatFigure(max)}`,
    `last ${formatFigure(last)}`,
  ].join(' · ');
}
