import { useEffect, useState } from 'react';
import { wordsOf } from '../../../shared/domain/field.ts';
import { betterOf, type MainMetric } from '../../../shared/domain/metric-summary.ts';
import { fromWireNumber } from '../../../shared/model/json.ts';
import type { MetricSeries } from '../../../shared/model/log.ts';
import type { ExperimentRecord } from '../../../shared/model/run.ts';
import { useApp, useAppState } from '../../app-context.ts';
import type { RunKey } from '../../live/log-feed.ts';
import { type CurveAxis, shownTheme } from '../../state/ui-slice.ts';
import { Segmented } from '../../widgets/Segmented.tsx';
import { useSize } from '../../widgets/use-size.ts';
import { CurveGraph } from './CurveGraph.tsx';
import { axisValues, countingMetrics } from './curve-axis.ts';
import { curveHeight } from './curve-layout.ts';

/** Milliseconds between two looks at growing curves. */
const REFRESH = 1_500;

const axes: readonly { readonly value: CurveAxis; readonly title: string }[] = [
  { value: 'step', title: 'Step' },
  { value: 'clock', title: 'Time of day' },
  { value: 'relative', title: 'Time since the first point' },
];

interface CurvesPanelProps {
  readonly run: RunKey;
  readonly experiment: ExperimentRecord;
  readonly main: MainMetric | null;
}

/** Every metric of a run, the main one first. */
export function CurvesPanel({ run, experiment, main }: CurvesPanelProps) {
  const { connection } = useApp();
  const [series, setSeries] = useState<readonly MetricSeries[] | null>(null);
  const { batch, index, attempt } = run;
  const growing = experiment.state.kind === 'running' || experiment.state.kind === 'starting';

  useEffect(() => {
    let stopped = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    async function load(): Promise<void> {
      const reply = await connection.call('runs.metrics', { batch, index, attempt, points: 600 });
      if (stopped) return;
      setSeries(reply.series);
      if (growing) timer = setTimeout(start, REFRESH);
    }
    function start(): void {
      // A lost connection is told by the banner; the next look comes with the next state.
      load().catch(() => {});
    }
    start();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [connection, batch, index, attempt, growing]);

  if (series === null) return <div className="curves" />;
  if (series.length === 0)
    return <p className="run-none quiet">This run has reported no metric{growing ? ' yet' : ''}.</p>;
  const sorted = series.toSorted(
    (a, b) => Number(b.name === main?.name) - Number(a.name === main?.name) || a.name.localeCompare(b.name),
  );
  return <Curves series={sorted} main={main} />;
}

function Curves({ series, main }: { series: readonly MetricSeries[]; main: MainMetric | null }) {
  const { actions } = useApp();
  const axis = useAppState((state) => state.curveAxis);
  // A canvas keeps the colours it was drawn with, so another theme means another graph.
  const theme = useAppState(shownTheme);
  const [box, room] = useSize<HTMLDivElement>();
  const told = series.map((one) => ({ ...one, values: one.values.map(fromWireNumber) }));
  const counting = countingMetrics(told);
  // A run without the metric that was chosen elsewhere is drawn over its steps.
  const shown =
    axis.startsWith('metric/') && !counting.includes(axis.slice('metric/'.length)) ? 'step' : axis;
  const counted = told.find(({ name }) => `metric/${name}` === shown);
  const options = [
    ...axes,
    ...counting.map((name) => ({ value: `metric/${name}` as const, title: wordsOf(name) })),
  ];
  const height = curveHeight(room, told.length);
  const start = Math.min(...series.flatMap(({ times }) => times?.[0] ?? []));
  return (
    <>
      <div className="curves-tools">
        <span className="small quiet">Over</span>
        <Segmented
          label="Horizontal axis"
          value={shown}
          options={options}
          onChange={actions.chooseCurveAxis}
        />
      </div>
      <div className="curves" ref={box}>
        {told.map((one, at) => (
          <CurveGraph
            key={`${theme}/${one.name}`}
            name={one.name}
            height={height}
            steps={one.steps}
            axis={one.times || counted ? shown : 'step'}
            xs={axisValues(shown, { steps: one.steps, times: one.times ?? [], start, counted })}
            values={one.values}
            total={one.total}
            color={`--series-${(at % 6) + 1}`}
            better={betterOf(one.name, main)}
          />
        ))}
      </div>
    </>
  );
}
