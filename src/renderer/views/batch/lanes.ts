import type { BatchRecord } from '../../../shared/model/batch.ts';
import type { ExperimentRecord, RunRecord } from '../../../shared/model/run.ts';
import type { Tone } from '../../widgets/tone.ts';

/** A stretch of one worker's time. Times in Unix seconds. */
export interface LaneBar {
  readonly key: string;
  readonly index: number;
  readonly name: string;
  readonly from: number;
  readonly to: number;
  /** Past recedes, now is solid, the future is an outline. */
  readonly kind: 'past' | 'now' | 'future';
  readonly tone: Tone;
}

export interface Lane {
  /** From 1. */
  readonly worker: number;
  readonly bars: readonly LaneBar[];
}

export interface Lanes {
  readonly lanes: readonly Lane[];
  readonly from: number;
  readonly to: number;
}

/** Bars drawn at most; with more, those of a lane that would be thinnest are drawn as one. */
const BARS_SHOWN = 300;

/** Waiting experiments drawn; with more, bars would be thinner than a pixel and slow to draw. */
const FUTURE_SHOWN = 60;

interface LaneFacts {
  readonly batch: BatchRecord;
  readonly experiments: readonly ExperimentRecord[];
  readonly runs: readonly RunRecord[];
  readonly now: number;
  readonly live: boolean;
}

/**
 * What each worker did, does, and is expected to do. The future is laid out as the core would: in start
 * order, each on the worker that is free first, with the estimated seconds.
 */
export function layLanes({ batch, experiments, runs, now, live }: LaneFacts): Lanes {
  const byIndex = new Map(experiments.map((experiment) => [experiment.index, experiment]));
  const count = Math.max(live ? batch.workers : 0, ...runs.map((run) => run.worker), 1);
  const lanes = Array.from({ length: count }, (): LaneBar[] => []);
  const free = Array.from({ length: count }, () => now);

  for (const run of runs) {
    const experiment = byIndex.get(run.index);
    const name = experiment?.name ?? String(run.index);
    const running = run.endedAt === null;
    lanes[run.worker - 1]?.push({
      key: `${run.index}/${run.attempt}`,
      index: run.index,
      name,
      from: run.startedAt,
      to: run.endedAt ?? now,
      kind: running ? 'now' : 'past',
      tone: toneOf(run),
    });
    if (!running || !live) continue;
    const left = experiment?.live?.remainingSeconds ?? null;
    if (left === null) continue;
    free[run.worker - 1] = now + left;
    lanes[run.worker - 1]?.push({
      key: `${run.index}/left`,
      index: run.index,
      name,
      from: now,
      to: now + left,
      kind: 'future',
      tone: 'waiting',
    });
  }

  if (live) {
    const waiting = experiments
      .filter((experiment) => experiment.state.kind === 'queued' || experiment.state.kind === 'waiting')
      .toSorted((a, b) => a.order - b.order)
      .slice(0, FUTURE_SHOWN);
    for (const [place, experiment] of waiting.entries()) {
      const worker = earliest(free.slice(0, Math.max(1, batch.workers)));
      const from = free[worker] ?? now;
      const to = from + experiment.estimate.seconds;
      free[worker] = to;
      lanes[worker]?.push({
        // By its place: the next ones move up, and are not drawn anew.
        key: `next ${place}`,
        index: experiment.index,
        name: experiment.name,
        from,
        to,
        kind: 'future',
        tone: 'waiting',
      });
    }
  }

  const bars = lanes.flat();
  const from = Math.min(...bars.map((bar) => bar.from), live ? now : Number.POSITIVE_INFINITY);
  const to = Math.max(...bars.map((bar) => bar.to), live ? now : Number.NEGATIVE_INFINITY);
  const thinnest = powerOfTwo(((to - from) * count) / BARS_SHOWN);
  return {
    lanes: lanes.map((laneBars, at) => ({
      worker: at + 1,
      bars: bars.length > BARS_SHOWN ? joinThin(laneBars, thinnest, from) : laneBars,
    })),
    from: Number.isFinite(from) ? from : now,
    to: Number.isFinite(to) ? Math.max(to, from + 1) : now + 1,
  };
}

/**
 * Bars of ended runs shorter than `seconds` drawn as one with those that began in the same stretch of that length. The
 * stretches stay where they are while a batch goes on, so that what is drawn is not drawn anew. A failure among them is
 * still seen: it colours the whole.
 */
function joinThin(bars: readonly LaneBar[], seconds: number, origin: number): LaneBar[] {
  const joined: LaneBar[] = [];
  let stretch: number | null = null;
  for (const bar of bars.toSorted((a, b) => a.from - b.from)) {
    const last = joined.at(-1);
    const thin = bar.kind === 'past' && bar.to - bar.from < seconds;
    const own: number | null = thin ? Math.floor((bar.from - origin) / seconds) : null;
    if (last === undefined || own === null || own !== stretch) {
      stretch = own;
      joined.push(bar);
      continue;
    }
    joined[joined.length - 1] = {
      ...last,
      to: bar.to,
      tone: last.tone === 'failed' ? last.tone : bar.tone,
      name: `${last.name.split(' and ')[0]} and others`,
    };
  }
  return joined;
}

/** The next power of two: a length that changes rarely while a batch grows. */
function powerOfTwo(seconds: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(seconds, 1 / 64)));
}

function earliest(times: readonly number[]): number {
  let best = 0;
  for (const [at, time] of times.entries()) if (time < (times[best] ?? time)) best = at;
  return best;
}

function toneOf(run: RunRecord): Tone {
  switch (run.state.kind) {
    case 'failed':
    case 'timed-out':
      return 'failed';
    case 'partial':
    case 'interrupted':
    case 'paused':
      return 'warning';
    case 'cancelled':
      return 'waiting';
    default:
      return 'running';
  }
}

/** Round times between two ends, about one in `pixels` of width. */
export function timeTicks(from: number, to: number, most: number): readonly number[] {
  const steps = [
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 21_600, 43_200, 86_400,
  ];
  const step = steps.find((candidate) => (to - from) / candidate <= Math.max(1, most)) ?? 172_800;
  // Steps count from local midnight, so that a tick falls on the full hour wherever the machine stands.
  const offset = new Date(from * 1_000).getTimezoneOffset() * 60;
  const first = Math.ceil((from - offset) / step) * step + offset;
  const ticks: number[] = [];
  for (let at = first; at <= to; at += step) ticks.push(at);
  return ticks;
}

/** "22:04", with seconds where ticks are closer than a minute. */
export function clockText(unixSeconds: number, seconds: boolean): string {
  const date = new Date(unixSeconds * 1_000);
  const two = (value: number): string => String(value).padStart(2, '0');
  const minutes = `${two(date.getHours())}:${two(date.getMinutes())}`;
  return seconds ? `${minutes}:${two(date.getSeconds())}` : minutes;
}
