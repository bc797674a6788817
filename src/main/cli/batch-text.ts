import {
  formatDuration,
  formatFigure,
  formatFinish,
  formatMegabytes,
  formatResult,
  formatRoughDuration,
  formatTimes,
} from '../../shared/domain/format.ts';
import { isLive, stateLabel, stateSentence } from '../../shared/domain/status.ts';
import type { BatchDetail, BatchRecord } from '../../shared/model/batch.ts';
import type { ExperimentRecord } from '../../shared/model/run.ts';
import { textTable } from './text-table.ts';

/** Width of a progress bar, in characters. */
const BAR = 20;

/** What became of an experiment: `[128, 128] succeeded in 12 s, mean ratio 0.987`. */
export function outcomeLine(experiment: ExperimentRecord): string {
  const { name, state } = experiment;
  switch (state.kind) {
    case 'succeeded':
      return [`${name} succeeded in ${formatDuration(state.seconds)}`, ...headline(experiment)].join(', ');
    case 'failed':
    case 'partial':
    case 'timed-out':
    case 'interrupted':
      return `${name} ${stateLabel(state.kind)} after ${formatDuration(state.seconds)}: ${stateSentence(state)}`;
    case 'cancelled':
      return `${name} cancelled after ${formatDuration(state.seconds)}`;
    case 'skipped':
    case 'postponed':
      return `${name} ${stateLabel(state.kind)}: ${stateSentence(state)}`;
    default:
      return `${name} ${stateLabel(state.kind)}`;
  }
}

/** The first number of the workload's own summary. */
function headline({ summary }: ExperimentRecord): string[] {
  for (const [name, value] of Object.entries(summary ?? {})) {
    if (typeof value === 'number') return [`${name} ${formatResult(value)}`];
  }
  return [];
}

/** Lines of the live table: the batch, then one per live run. */
export function liveLines({ batch, experiments }: BatchDetail): string[] {
  const live = experiments
    .filter((experiment) => isLive(experiment.state))
    .toSorted((a, b) => (a.live?.worker ?? 0) - (b.live?.worker ?? 0));
  const table = textTable<ExperimentRecord>(
    [
      { title: '', text: (row) => (row.live === null ? '' : String(row.live.worker)), right: true },
      { title: 'experiment', text: (row) => row.name },
      { title: 'progress', text: progressText },
      { title: 'rate', text: rateText, right: true },
      { title: 'memory', text: (row) => optional(row.live?.memoryMb, formatMegabytes), right: true },
      {
        title: 'remaining',
        text: (row) => optional(row.live?.remainingSeconds, formatRoughDuration),
        right: true,
      },
    ],
    live,
  );
  return [batchLine(batch), ...(live.length === 0 ? [] : table)];
}

/** `12 of 19 done, 4 running, about 3 h left, until about 22:04`. `now` in Unix seconds. */
export function batchLine({ counts, progress, state }: BatchRecord, now = Date.now() / 1000): string {
  const done = counts.succeeded + counts.failed + counts.skipped + counts.postponed + counts.stopped;
  const parts = [`${done} of ${counts.total} done`, `${counts.live} running`, `${counts.queued} waiting`];
  if (counts.failed > 0) parts.push(`${counts.failed} failed`);
  if (state.kind !== 'running') parts.push(state.kind);
  else {
    const finish = formatFinish(now, progress.remainingSeconds);
    const until = finish === null ? '' : `, until about ${finish}`;
    parts.push(`${formatRoughDuration(progress.remainingSeconds)} left${until}`);
  }
  return `${bar(progress.fraction)}  ${parts.join(', ')}`;
}

function progressText({ state, live }: ExperimentRecord): string {
  if (state.kind !== 'running') return stateLabel(state.kind);
  const progress = live?.progress;
  if (!progress || progress.total <= 0) return live?.phase ?? 'running';
  return bar(progress.done / progress.total);
}

function bar(fraction: number): string {
  const share = Math.min(1, Math.max(0, fraction));
  const full = Math.floor(share * BAR);
  return `${'█'.repeat(full)}${'░'.repeat(BAR - full)} ${String(Math.floor(share * 100)).padStart(3)} %`;
}

function rateText({ live }: ExperimentRecord): string {
  if (live === null || live.rate === null) return '–';
  return `${formatFigure(live.rate)} ${live.progress?.unit ?? ''}/s`;
}

function optional(value: number | null | undefined, format: (value: number) => string): string {
  return value === null || value === undefined ? '–' : format(value);
}

/** The end of a batch in words, with the commands that go on from here. */
export function summaryLines({ batch, experiments }: BatchDetail, workspaceFlag: string): string[] {
  const { counts, progress } = batch;
  const parts = [`${counts.succeeded} succeeded`, `${counts.failed} failed`, `${counts.skipped} skipped`];
  if (counts.stopped > 0) parts.push(`${counts.stopped} stopped`);
  if (counts.postponed > 0) parts.push(`${counts.postponed} postponed`);
  const lines = [`${batch.id}: ${parts.join(', ')}.`];
  if (progress.speedup !== null) {
    lines.push(
      `Work ${formatDuration(progress.workSeconds)} in ${formatDuration(progress.wallSeconds)} of wall time: measured speed-up ${formatTimes(progress.speedup)}.`,
    );
  }
  if (batch.state.kind === 'interrupted' && batch.state.cause === 'failure') lines.push(batch.state.sentence);
  if (batch.state.kind === 'interrupted')
    lines.push(`Go on with: minibatch resume ${batch.id}${workspaceFlag}`);
  else if (experiments.some((experiment) => isUnsuccessful(experiment)))
    lines.push(`Run what did not succeed again with: minibatch retry ${batch.id}${workspaceFlag}`);
  return lines;
}

function isUnsuccessful({ state }: ExperimentRecord): boolean {
  return ['failed', 'partial', 'timed-out', 'cancelled', 'interrupted'].includes(state.kind);
}
