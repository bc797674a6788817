import {
  formatDuration,
  formatFigure,
  formatMoment,
  formatNumber,
  formatResult,
} from '../../../shared/domain/format.ts';
import { fromWireNumber, type Json, type WireNumber } from '../../../shared/model/json.ts';
import type { ExperimentRecord } from '../../../shared/model/run.ts';

/** One phrase: what a run does, why it waits, how it ended. */
export function doingText(experiment: ExperimentRecord): string {
  const { state, live } = experiment;
  switch (state.kind) {
    case 'queued':
      return experiment.attempt > 0 ? 'queued for another attempt' : '';
    case 'waiting':
      return state.sentence;
    case 'starting':
      return live?.phase ?? 'starting Python';
    case 'running':
      return live?.phase ?? progressText(experiment) ?? 'no word from it yet';
    case 'paused':
      return live?.phase ? `${live.phase}; keeps its memory` : 'stopped in place; keeps its memory';
    case 'succeeded':
      return summaryText(experiment.summary) ?? `done in ${formatDuration(state.seconds)}`;
    case 'partial':
    case 'interrupted':
    case 'skipped':
    case 'postponed':
      return state.sentence;
    case 'failed':
      return state.reason.sentence;
    case 'timed-out':
      return `ended at its time limit of ${formatDuration(state.limitSeconds)}`;
    case 'cancelled':
      return `ended by hand, ${formatMoment(state.endedAt)}`;
  }
}

/** "trial 61 of 100", or null before the first report. */
export function progressText(experiment: ExperimentRecord): string | null {
  const progress = experiment.live?.progress ?? null;
  if (progress === null) return null;
  const unit = progress.unit === '' ? '' : `${progress.unit} `;
  return `${unit}${formatNumber(progress.done)} of ${formatNumber(progress.total)}`;
}

/** "1.7 trials/s", "24 epochs/min" where a second is too short for one; null before there is a rate. */
export function rateText(experiment: ExperimentRecord): string | null {
  const { rate = null, progress = null } = experiment.live ?? {};
  if (rate === null || rate <= 0) return null;
  const unit = progress === null || progress.unit === '' ? '' : `${progress.unit}`;
  const [value, per] = rate >= 1 ? [rate, 's'] : rate * 60 >= 1 ? [rate * 60, 'min'] : [rate * 3_600, 'h'];
  const figure = formatNumber(value, value < 10 ? 1 : 0);
  return unit === '' ? `${figure}/${per}` : `${figure}\u2009${unit}/${per}`;
}

/** The first figure of a workload's own summary; the details have all of it. */
function summaryText(summary: ExperimentRecord['summary']): string | null {
  for (const [name, value] of Object.entries(summary ?? {})) {
    const text = shortValue(value);
    if (text !== null) return `${name} ${text}`;
  }
  return null;
}

function shortValue(value: Json): string | null {
  if (typeof value === 'number') return formatResult(value);
  return typeof value === 'string' && value.length <= 40 ? value : null;
}

/** The metric in figures; a diverged one says so. */
export function metricText(value: WireNumber | null): string {
  return value === null ? '' : formatFigure(fromWireNumber(value));
}

/** Time still to go for a live run, time taken for an ended one. */
export function timeText(experiment: ExperimentRecord): string {
  const { state, live } = experiment;
  switch (state.kind) {
    case 'starting':
    case 'running':
    case 'paused':
      return live?.remainingSeconds === null || live === null
        ? ''
        : `${formatDuration(rounded(live.remainingSeconds))} left`;
    case 'succeeded':
    case 'partial':
    case 'failed':
    case 'timed-out':
    case 'cancelled':
    case 'interrupted':
      return formatDuration(state.seconds);
    case 'queued':
    case 'waiting':
      return `≈\u2009${formatDuration(rounded(experiment.estimate.seconds))}`;
    case 'skipped':
    case 'postponed':
      return '';
  }
}

/** The same in seconds, to sort by. */
export function timeValue({ state, live, estimate }: ExperimentRecord): number | null {
  if ('seconds' in state) return state.seconds;
  if (state.kind === 'queued' || state.kind === 'waiting') return estimate.seconds;
  return live?.remainingSeconds ?? null;
}

/** Whole seconds: a remaining time with decimals pretends to a precision nobody has. */
function rounded(seconds: number): number {
  return Math.max(1, Math.round(seconds));
}
