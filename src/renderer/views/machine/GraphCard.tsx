import { memo, type ReactNode, useEffect, useState } from 'react';
import type { MachineSample } from '../../../shared/model/hardware.ts';
import { useApp, useAppState } from '../../app-context.ts';
import { createGraph } from '../../live/graph.ts';
import { shownTheme } from '../../state/ui-slice.ts';
import { LiveText } from '../../widgets/LiveText.tsx';
import { Card } from '../../widgets/Screen.tsx';
import { useSize } from '../../widgets/use-size.ts';
import { clockText } from '../batch/lanes.ts';
import type { MachineGraph } from './graphs.ts';
import type { MachineWords } from './machine-words.ts';
import { runMarks } from './run-marks.ts';

/** A graph is drawn again when it has moved by this much. */
const STEP_PIXELS = 2;

/** Height in pixels: a share of the width, between a strip and a picture. */
function heightFor(width: number): number {
  return Math.round(Math.min(300, Math.max(132, width * 0.3)));
}

/** What stretch of time is shown: the last seconds, or from a moment on (Unix seconds; `until` null = now). */
export interface GraphSpan {
  readonly seconds: number;
  readonly since: number | null;
  readonly until: number | null;
}

interface GraphCardProps {
  readonly title: string;
  readonly spec: MachineGraph;
  readonly span: GraphSpan;
  /** The value now. */
  readonly value: MachineWords;
  /** Why there is no graph. Absent = there always is one. */
  readonly missing?: MachineWords<string | null>;
  readonly wide?: boolean;
  readonly children?: ReactNode;
}

const never: MachineWords<null> = () => null;

/** Drawn again when its own words have changed: a sample a second concerns few of the cards. */
export function GraphCard({ title, spec, span, value, missing = never, wide, children }: GraphCardProps) {
  const now = useAppState(value);
  const reason = useAppState(missing);
  // A canvas keeps the colours it was drawn with, so another theme means another graph.
  const theme = useAppState(shownTheme);
  return (
    <Card className="graph-card" label={`${title}: ${now}`} wide={wide ?? false}>
      <div className="card-head">
        <h2>{title}</h2>
        <span className="graph-value">
          <LiveText>{now}</LiveText>
        </span>
      </div>
      {reason !== null ? (
        <p className="graph-missing quiet">{reason}</p>
      ) : (
        <LiveGraph key={theme} title={title} spec={spec} span={span} />
      )}
      {children}
    </Card>
  );
}

interface LiveGraphProps {
  readonly title: string;
  readonly spec: MachineGraph;
  readonly span: GraphSpan;
}

function sayAll(values: readonly (number | null)[], text: (value: number) => string): string {
  return values.flatMap((value) => (value === null ? [] : [text(value)])).join(', ');
}

/** Drawn by the samples themselves; that the figures around it change is no reason to look at it. */
const LiveGraph = memo(function LiveGraph({ title, spec, span }: LiveGraphProps) {
  const { machine, store } = useApp();
  const [box, { width }] = useSize<HTMLDivElement>();
  const [hover, setHover] = useState<string | null>(null);

  useEffect(() => {
    if (!box.current || width === 0) return;
    const text = spec.text ?? String;
    let shown: readonly MachineSample[] = [];
    const created = createGraph(
      box.current,
      {
        series: spec.series,
        x: 'time',
        text,
        marks: () => runMarks(store.getState().details),
        top: () => {
          const last = shown.at(-1);
          return last ? spec.full(last) : null;
        },
      },
      { width, height: heightFor(width) },
    );
    created.onHover((at) => {
      const sample = at === null ? undefined : shown[at];
      setHover(
        sample
          ? `${clockText(sample.t, true)}  ${spec.say?.(sample) ?? sayAll(spec.read(sample).slice(0, spec.told), text)}`
          : null,
      );
    });
    let drawnTo = 0;
    let oldest = 0;
    function draw(): void {
      const all = machine.samples();
      const to = span.until ?? all.at(-1)?.t ?? Date.now() / 1_000;
      const from = span.since ?? to - span.seconds;
      // An hour in 500 pixels moves by one in seven seconds: until it has moved there is nothing new to see.
      if (Math.abs(to - drawnTo) < (STEP_PIXELS * (to - from)) / width && all[0]?.t === oldest) return;
      drawnTo = to;
      oldest = all[0]?.t ?? 0;
      shown = all.filter((sample) => sample.t >= from && sample.t <= to);
      const rows = shown.map(spec.read);
      created.draw(
        [
          shown.map((sample) => sample.t),
          ...spec.series.map((_series, at) => rows.map((row) => row[at] ?? null)),
        ],
        [from, to],
      );
    }
    draw();
    const stop = machine.onSample(draw);
    return () => {
      stop();
      created.close();
    };
  }, [box, spec, span, width, machine, store]);

  return (
    <div className="graph">
      <div ref={box} role="img" aria-label={`${title} over time`} style={{ height: heightFor(width) }} />
      <span className="graph-hover tiny">{hover}</span>
    </div>
  );
});
