import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createApp } from '../src/main/app.ts';
import { connectInProcess } from '../src/main/doors/in-process.ts';
import type { BatchDetail } from '../src/shared/model/batch.ts';

/** Workers x threads of each; a workload with inner jobs uses as many as it has threads. */
const LAYOUTS = '1x1,2x1';
const GOAL_SECONDS = 90;

interface Measure {
  readonly preset: string;
  readonly workers: number;
  readonly threads: number;
  readonly runs: number;
  readonly unsuccessful: number;
  readonly wallSeconds: number;
  readonly workSeconds: number;
  readonly speedup: number | null;
  /** Highest peak of a single run; null = no run told. */
  readonly peakMb: number | null;
}

interface Layout {
  readonly workers: number;
  readonly threads: number;
}

/** `2x1,1x2`: two workers with a thread each, then one worker with two. */
function layoutsOf(text: string): Layout[] {
  return text.split(',').map((word) => {
    const [, workers, threads] = /^([1-9]\d*)x([1-9]\d*)$/.exec(word.trim()) ?? [];
    if (workers === undefined || threads === undefined)
      throw new Error(`--layouts is "${text}": name workers x threads, for example 1x1,2x1,1x2.`);
    return { workers: Number(workers), threads: Number(threads) };
  });
}

/** Runs a preset with all defaults in a workspace of its own, so that nothing is skipped. */
async function measure(workload: string, preset: string, { workers, threads }: Layout): Promise<Measure> {
  const workspace = mkdtempSync(join(tmpdir(), 'minibatch-bench-'));
  const app = await createApp({ workspace });
  const client = connectInProcess(app.connect);
  try {
    const python = process.env['MINIBATCH_PYTHON'];
    const { batch } = await client.call('batches.start', {
      workload,
      preset,
      workers,
      threads,
      ...(python ? { python } : {}),
    });
    await app.idle();
    const { detail } = await client.call('batches.get', { batch });
    return summarize(detail, { preset: `${workload}/${preset}`, threads });
  } finally {
    client.close();
    await app.close();
    rmSync(workspace, { recursive: true, force: true });
  }
}

function summarize(
  { batch, experiments, runs }: BatchDetail,
  asked: Pick<Measure, 'preset' | 'threads'>,
): Measure {
  const peaks = runs.flatMap(({ peakMb }) => peakMb ?? []);
  return {
    ...asked,
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
  options: { json: { type: 'boolean', default: false }, layouts: { type: 'string', default: LAYOUTS } },
});
const measures: Measure[] = [];
for (const workload of positionals.length > 0 ? positionals : await quickPresets()) {
  for (const layout of layoutsOf(values.layouts)) measures.push(await measure(workload, 'quick', layout));
}
const say = values.json ? console.error : console.log;
say(`${availableParallelism()} cores.`);
say('preset                workers  threads  runs  wall s  work s  work ÷ wall  speed-up  peak MB of a run');
for (const row of measures) {
  const alone = measures.find(
    ({ preset, workers, threads }) => preset === row.preset && workers * threads === 1,
  );
  const cells = [
    String(row.workers).padStart(7),
    String(row.threads).padStart(8),
    String(row.runs).padStart(5),
    row.wallSeconds.toFixed(1).padStart(7),
    row.workSeconds.toFixed(1).padStart(7),
    (row.speedup?.toFixed(2) ?? '–').padStart(12),
    (alone ? (alone.wallSeconds / row.wallSeconds).toFixed(2) : '–').padStart(9),
    (row.peakMb?.toFixed(0) ?? 'not known').padStart(17),
  ];
  say(
    `${row.preset.padEnd(22)}${cells.join(' ')}${row.unsuccessful ? `  ${row.unsuccessful} not succeeded` : ''}`,
  );
}
const slow = measures.filter(
  ({ workers, threads, wallSeconds }) => workers * threads === 2 && wallSeconds > GOAL_SECONDS,
);
say(
  `\nGoal: every quick preset within ${GOAL_SECONDS} s on two cores: ${slow.length === 0 ? 'reached' : 'NOT REACHED'}.`,
);
say(
  'Work ÷ wall counts a run that waits for a core as work; the speed-up is the wall time of 1 x 1 over the own one.',
);
if (values.json)
  console.log(JSON.stringify({ goalSeconds: GOAL_SECONDS, cores: availableParallelism(), measures }));
