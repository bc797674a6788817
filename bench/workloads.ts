import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createApp } from '../src/main/app.ts';
import { connectInProcess } from '../src/main/doors/in-process.ts';
import type { BatchDetail } from '../src/shared/model/batch.ts';

const WORKER_COUNTS = [1, 2] as const;
const GOAL_SECONDS = 90;

interface Measure {
  readonly preset: string;
  readonly workers: number;
  readonly runs: number;
  readonly unsuccessful: number;
  readonly wallSeconds: number;
  readonly workSeconds: number;
  readonly speedup: number | null;
  /** Highest peak of a single run; null = no run told. */
  readonly peakMb: number | null;
}

/** Runs a preset with all defaults in a workspace of its own, so that nothing is skipped. */
async function measure(workload: string, preset: string, workers: number): Promise<Measure> {
  const workspace = mkdtempSync(join(tmpdir(), 'minibatch-bench-'));
  const app = await createApp({ workspace });
  const client = connectInProcess(app.connect);
  try {
    const python = process.env['MINIBATCH_PYTHON'];
    const { batch } = await client.call('batches.start', {
      workload,
      preset,
      workers,
      ...(python ? { python } : {}),
    });
    await app.idle();
    const { detail } = await client.call('batches.get', { batch });
    return summarize(detail, `${workload}/${preset}`);
  } finally {
    client.close();
    await app.close();
    rmSync(workspace, { recursive: true, force: true });
  }
}

function summarize({ batch, experiments, runs }: BatchDetail, preset: string): Measure {
  const peaks = runs.flatMap(({ peakMb }) => peakMb ?? []);
  return {
    preset,
    workers: batch.workers,
    runs: runs.length,
    unsuccessful: experiments.filter(({ state }) => !['succeeded', 'postponed'].includes(state.kind)).length,
    wallSeconds: batch.progress.wallSeconds,
    workSeconds: batch.progress.workSeconds,
    speedup: batch.progress.speedup,
    peakMb: peaks.length === 0 ? null : Math.max(...peaks),
  };
}

/** Workloads with a preset `quick` of their own; a workload that needs a file of the user's has none. */
async function quickPresets(): Promise<string[]> {
  const workspace = mkdtempSync(join(tmpdir(), 'minibatch-bench-'));
  const app = await createApp({ workspace });
  const client = connectInProcess(app.connect);
  try {
    const { workloads } = await client.call('workloads.list', {});
    return workloads
      .filter(({ presets }) => presets.some(({ name }) => name === 'quick'))
      .map(({ name }) => name);
  } finally {
    client.close();
    await app.close();
    rmSync(workspace, { recursive: true, force: true });
  }
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false } },
});
const measures: Measure[] = [];
for (const workload of positionals.length > 0 ? positionals : await quickPresets()) {
  for (const workers of WORKER_COUNTS) measures.push(await measure(workload, 'quick', workers));
}
const say = values.json ? console.error : console.log;
say('preset                workers  runs  wall s  work s  work ÷ wall  wall 1 ÷ wall n  peak MB of a run');
for (const row of measures) {
  const alone = measures.find(({ preset, workers }) => preset === row.preset && workers === 1);
  const cells = [
    String(row.workers).padStart(7),
    String(row.runs).padStart(5),
    row.wallSeconds.toFixed(1).padStart(7),
    row.workSeconds.toFixed(1).padStart(7),
    (row.speedup?.toFixed(2) ?? '–').padStart(12),
    (alone ? (alone.wallSeconds / row.wallSeconds).toFixed(2) : '–').padStart(16),
    (row.peakMb?.toFixed(0) ?? 'not known').padStart(17),
  ];
  say(
    `${row.preset.padEnd(22)}${cells.join(' ')}${row.unsuccessful ? `  ${row.unsuccessful} not succeeded` : ''}`,
  );
}
const slow = measures.filter(({ workers, wallSeconds }) => workers === 2 && wallSeconds > GOAL_SECONDS);
say(
  `\nGoal: every quick preset within ${GOAL_SECONDS} s on two cores: ${slow.length === 0 ? 'reached' : 'NOT REACHED'}.`,
);
say(
  'Work ÷ wall counts a run that waits for a core as work; wall 1 ÷ wall n is what a second worker really saves.',
);
if (values.json) console.log(JSON.stringify({ goalSeconds: GOAL_SECONDS, measures }));
