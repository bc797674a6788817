import { useEffect, useRef } from 'react';
import { fromWireNumber } from '../../../shared/model/json.ts';
import type { ExperimentRecord } from '../../../shared/model/run.ts';
import { useApp } from '../../app-context.ts';
import { sparklinePath } from '../../live/sparkline-path.ts';
import { metricText } from './doing.ts';

/** Milliseconds between two looks at a growing curve. */
const REFRESH = 2_000;

const WIDTH = 64;
const HEIGHT = 16;

/** The main metric so far, as a curve and its last value. The curve is drawn past React. */
export function Sparkline({ experiment, metric }: { experiment: ExperimentRecord; metric: string }) {
  const { connection } = useApp();
  const path = useRef<SVGPathElement>(null);
  const value = useRef<HTMLSpanElement>(null);
  const { batch, index, attempt, state } = experiment;
  const growing = state.kind === 'running' || state.kind === 'starting';
  const ran = attempt > 0;
  const text = metricText(experiment.live?.metric ?? null);

  useEffect(() => {
    if (!ran) return;
    let stopped = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    async function draw(): Promise<void> {
      const { series } = await connection.call('runs.metrics', {
        batch,
        index,
        attempt,
        names: [metric],
        points: 64,
      });
      if (stopped) return;
      const values = (series[0]?.values ?? []).map(fromWireNumber);
      path.current?.setAttribute('d', sparklinePath(values, WIDTH, HEIGHT));
      const last = values.at(-1);
      if (value.current && value.current.textContent === '' && last !== undefined)
        value.current.textContent = metricText(series[0]?.values.at(-1) ?? null);
      if (growing) timer = setTimeout(() => void draw().catch(() => {}), REFRESH);
    }
    // Without a connection the old curve stays; the next state of the run draws again.
    void draw().catch(() => {});
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [connection, batch, index, attempt, metric, growing, ran]);

  if (!ran) return null;
  return (
    <span className="sparkline">
      <svg width={WIDTH} height={HEIGHT} aria-hidden="true">
        <path ref={path} />
      </svg>
      <span ref={value} key={text}>
        {text}
      </span>
    </span>
  );
}
