import { useEffect, useRef } from 'react';
import { isFinal } from '../../../shared/domain/status.ts';
import { fromWireNumber } from '../../../shared/model/json.ts';
import type { ExperimentRecord } from '../../../shared/model/run.ts';
import { useApp } from '../../app-context.ts';
import { sparklinePath } from '../../live/sparkline-path.ts';
import { metricText } from './doing.ts';

/** Points kept; a growing curve drops every other one above twice this. */
const POINTS = 64;

const WIDTH = 64;
const HEIGHT = 16;

/**
 * The main metric so far, as a curve and its last value. The curve is read once and then grows by what the change feed
 * brings anyway: reading it again and again would cost the core more than all the rest. Drawn past React.
 */
export function Sparkline({ experiment, metric }: { experiment: ExperimentRecord; metric: string }) {
  const { connection } = useApp();
  const path = useRef<SVGPathElement>(null);
  const value = useRef<HTMLSpanElement>(null);
  const { batch, index, attempt, state } = experiment;
  const values = useRef<number[]>([]);
  const ended = isFinal(state);
  const ran = attempt > 0;
  const text = metricText(experiment.live?.metric ?? null);

  useEffect(() => {
    if (!ran) return;
    let stopped = false;
    async function draw(): Promise<void> {
      const { series } = await connection.call('runs.metrics', {
        batch,
        index,
        attempt,
        names: [metric],
        points: POINTS,
      });
      if (stopped) return;
      values.current = (series[0]?.values ?? []).map(fromWireNumber);
      path.current?.setAttribute('d', sparklinePath(values.current, WIDTH, HEIGHT));
      const last = values.current.at(-1);
      if (value.current && value.current.textContent === '' && last !== undefined)
        value.current.textContent = metricText(series[0]?.values.at(-1) ?? null);
    }
    // Without a connection the old curve stays; the next state of the run draws again.
    void draw().catch(() => {});
    return () => {
      stopped = true;
    };
  }, [connection, batch, index, attempt, metric, ran]);

  const now = experiment.live?.metric ?? null;
  useEffect(() => {
    if (now === null || ended) return;
    values.current.push(fromWireNumber(now));
    if (values.current.length > 2 * POINTS)
      values.current = values.current.filter((_value, at, all) => at % 2 === 0 || at === all.length - 1);
    path.current?.setAttribute('d', sparklinePath(values.current, WIDTH, HEIGHT));
  }, [now, ended]);

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
