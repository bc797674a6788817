import { useEffect, useRef, useState } from 'react';
import { formatCount, formatFigure, formatNumber } from '../../../shared/domain/format.ts';
import { createGraph, type Graph } from '../../live/graph.ts';
import { useSize } from '../../widgets/use-size.ts';

const HEIGHT = 150;

interface CurveGraphProps {
  readonly name: string;
  readonly steps: readonly number[];
  /** Non-finite ones leave a gap and are counted in the head. */
  readonly values: readonly number[];
  /** Points before thinning. */
  readonly total: number;
  readonly color: string;
}

/** One metric over its steps, with the value under the pointer in its head. */
export function CurveGraph({ name, steps, values, total, color }: CurveGraphProps) {
  const [box, { width }] = useSize<HTMLDivElement>();
  const graph = useRef<Graph | null>(null);
  const [hover, setHover] = useState<number | null>(null);

  useEffect(() => {
    if (!box.current) return;
    const created = createGraph(
      box.current,
      { series: [{ label: name, color }], x: 'step' },
      { width: 1, height: HEIGHT },
    );
    created.onHover(setHover);
    graph.current = created;
    return () => created.close();
  }, [box, name, color]);

  useEffect(() => {
    if (width === 0) return;
    graph.current?.resize(width, HEIGHT);
    graph.current?.draw([steps, values.map((value) => (Number.isFinite(value) ? value : null))]);
  }, [steps, values, width]);

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
          <span className="quiet">step {formatNumber(steps[at] ?? 0)}</span>{' '}
          {formatFigure(values[at] ?? null)}
        </span>
      </figcaption>
      <div ref={box} className="curve-box" style={{ height: HEIGHT }} />
    </figure>
  );
}
