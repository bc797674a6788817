import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createApp } from '../src/main/app.ts';
import { connectInProcess } from '../src/main/doors/in-process.ts';

/** Seconds-long runs of one small network, so that a worker on standby has time to import its framework. */
const OPTIONS = { n: [1, 100], 'target-ratios': 200, 'generalisation-scenarios': 0 };
const GOAL_MS = 50;

interface Start {
  readonly standby: boolean;
  /** Milliseconds from the moment the slot was free. */
  readonly worker: number;
  readonly step: number;
}

interface Line {
  readonly t: number;
  readonly kind: string;
}

/** When the worker had its run, and when its first training step was done, from the files of the run. */
function readStart(folder: string): Start {
  const file = JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as {
    standby: boolean;
    slotFreeAt: number;
  };
  const events = readFileSync(join(folder, 'events.jsonl'), 'utf8').trimEnd().split('\n');
  const lines = events.map((line) => JSON.parse(line) as Line);
  const since = (kind: string) =>
    ((lines.find((line) => line.kind === kind)?.t ?? Number.NaN) - file.slotFreeAt) * 1000;
  return { standby: file.standby, worker: since('start'), step: since('metric') };
}

/** Runs `count` experiments one after the other through the real scheduler, supervisor and worker. */
async function measure(count: number, standby: boolean): Promise<Start[]> {
  const workspace = mkdtempSync(join(tmpdir(), 'minibatch-bench-'));
  const app = await createApp({ workspace, standby });
  const client = connectInProcess(app.connect);
  try {
    const starts: Start[] = [];
    for (let done = 0; done < count; ) {
      const { batch } = await client.call('batches.start', {
        workload: 'memorization',
        preset: 'custom',
        options: { ...OPTIONS, architectures: [0, 1, 2] },
        device: 'cpu',
        workers: 1,
        seed: done,
        ...(process.env['MINIBATCH_PYTHON'] ? { python: process.env['MINIBATCH_PYTHON'] } : {}),
      });
      await app.idle();
      const { detail } = await client.call('batches.get', { batch });
      for (const { index, state } of detail.experiments) {
        if (state.kind !== 'succeeded')
          throw new Error(`Experiment ${index} of ${batch} ended ${state.kind}.`);
        starts.push(readStart((await client.call('runs.get', { batch, index })).folder));
        done += 1;
      }
    }
    return starts;
  } finally {
    client.close();
    await app.close();
    rmSync(workspace, { recursive: true, force: true });
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return ((sorted[(sorted.length - 1) >> 1] ?? 0) + (sorted[sorted.length >> 1] ?? 0)) / 2;
}

function summarize(starts: readonly Start[]) {
  const of = (pick: (start: Start) => number) => {
    const values = starts.map(pick);
    return {
      median: Math.round(median(values)),
      fastest: Math.round(Math.min(...values)),
      slowest: Math.round(Math.max(...values)),
    };
  };
  return { runs: starts.length, worker: of(({ worker }) => worker), step: of(({ step }) => step) };
}

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '6' }, json: { type: 'boolean', default: false } },
});
const count = Number(values.runs);
const cold = (await measure(Math.ceil(count / 2), false)).filter(({ standby }) => !standby);
const warm = (await measure(count, true)).filter(({ standby }) => standby);
const table = { cold: summarize(cold), standby: summarize(warm) };
const say = values.json ? console.error : console.log;
say('Milliseconds from a free slot, median (fastest to slowest)\n');
say('             runs   worker has its run     first training step');
for (const [name, { runs, worker, step }] of Object.entries(table)) {
  const cell = (part: typeof worker) => `${part.median} (${part.fastest} to ${part.slowest})`.padEnd(23);
  say(`${name.padEnd(12)} ${String(runs).padStart(4)}   ${cell(worker)}${cell(step)}`);
}
say(`\nGoal from standby: ${GOAL_MS} ms to the worker and its first step.`);
if (values.json) console.log(JSON.stringify({ goalMs: GOAL_MS, ...table }));
