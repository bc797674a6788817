import { formatDuration } from '../../../shared/domain/format.ts';
import type { BatchRecord } from '../../../shared/model/batch.ts';
import type { DetailMirror } from '../../state/batches.ts';
import { isLive } from '../../state/selectors.ts';
import { Card } from '../../widgets/Screen.tsx';
import { useNow } from '../../widgets/use-now.ts';
import { useSize } from '../../widgets/use-size.ts';
import { clockText, type LaneBar, layLanes, timeTicks } from './lanes.ts';

/** Pixels: room for the worker's name, a lane, its bar, and the axis under them. */
const LABEL = 44;
const LANE = 20;
const BAR = 14;
const AXIS = 18;
/** Half of the widest time under the axis. */
const HALF_LABEL = 28;

/** Between two looks at the clock when nothing else happens. */
const LANES_SECONDS = 5;

interface WorkerLanesProps {
  readonly batch: BatchRecord;
  readonly detail: DetailMirror;
  readonly selected: number | null;
  readonly onSelect: (index: number) => void;
}

/** Workers over time. The experiment table below is its twin for keyboard and screen readers. */
export function WorkerLanes({ batch, detail, selected, onSelect }: WorkerLanesProps) {
  const live = isLive(batch);
  // What live runs say comes every second and moves the line with it; this is for a batch that only waits.
  const now = useNow(live, LANES_SECONDS);
  const [box, { width }] = useSize<HTMLDivElement>();
  if (detail.runs.length === 0 && !live) return null;
  const { lanes, from, to } = layLanes({
    batch,
    experiments: detail.experiments,
    runs: detail.runs,
    now,
    live,
  });
  const plot = Math.max(0, width - LABEL - 6);
  const x = (time: number): number => LABEL + ((time - from) / (to - from)) * plot;
  const height = lanes.length * LANE;
  const ticks = timeTicks(from, to, plot / 110);
  const withSeconds = (ticks[1] ?? to) - (ticks[0] ?? from) < 60;
  const future = live && to - now > 1;

  return (
    <Card title="Workers" className="lanes-card">
      <div ref={box} className="lanes" style={{ maxHeight: 12 * LANE + AXIS }}>
        <svg
          width={width}
          height={height + AXIS}
          role="img"
          aria-label={`${lanes.length} workers, ${detail.runs.length} runs over ${formatDuration(to - from)}`}
        >
          {ticks.map((tick) => (
            <g key={tick}>
              <line className="lane-grid" x1={x(tick)} x2={x(tick)} y1={0} y2={height} />
              <text className="lane-axis" x={x(tick)} y={height + 13} textAnchor={anchorAt(x(tick), width)}>
                {future && Math.abs(x(tick) - x(now)) < 42 ? '' : clockText(tick, withSeconds)}
              </text>
            </g>
          ))}
          {lanes.map((lane) => (
            <g key={lane.worker} transform={`translate(0 ${(lane.worker - 1) * LANE})`}>
              <text className="lane-label" x={0} y={LANE / 2 + 4}>
                W{lane.worker}
              </text>
              {lane.bars.map((bar) => (
                <Bar
                  key={bar.key}
                  bar={bar}
                  left={x(bar.from)}
                  right={x(bar.to)}
                  selected={bar.index === selected}
                  onSelect={onSelect}
                />
              ))}
            </g>
          ))}
          {live ? (
            <>
              <line className="lane-now" x1={x(now)} x2={x(now)} y1={0} y2={height + 2} />
              {future ? (
                <text className="lane-axis" x={x(now)} y={height + 13} textAnchor="middle">
                  now
                </text>
              ) : null}
            </>
          ) : null}
        </svg>
      </div>
    </Card>
  );
}

/** Labels at the edges stay inside the picture. */
function anchorAt(x: number, width: number): 'start' | 'middle' | 'end' {
  if (x < LABEL + HALF_LABEL / 2) return 'start';
  return x > width - HALF_LABEL ? 'end' : 'middle';
}

interface BarProps {
  readonly bar: LaneBar;
  readonly left: number;
  readonly right: number;
  readonly selected: boolean;
  readonly onSelect: (index: number) => void;
}

function Bar({ bar, left, right, selected, onSelect }: BarProps) {
  const gap = 1;
  const inset = bar.kind === 'future' ? 0.5 : 0;
  return (
    <rect
      className="lane-bar"
      data-kind={bar.kind}
      data-tone={bar.tone}
      data-selected={selected || undefined}
      x={left + inset + (bar.kind === 'future' ? gap : 0)}
      y={(LANE - BAR) / 2 + inset}
      width={Math.max(2, right - left - 2 * inset - 2 * gap)}
      height={BAR - 2 * inset}
      rx={2.5}
      onClick={() => onSelect(bar.index)}
    >
      <title>
        {bar.name}: {bar.kind === 'future' ? 'expected ' : ''}
        {formatDuration(bar.to - bar.from)}
      </title>
    </rect>
  );
}
