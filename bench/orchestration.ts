import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

/**
 * What a run costs that does nothing: many `true` commands through the whole product (command line, core, store,
 * supervisor, runner), beside GNU parallel in the same go. Goal: at most three times GNU parallel's.
 */
const GOAL = 3;
const HEADLESS = resolve(import.meta.dirname, '../src/main/headless.ts');
const USAGE = 'Usage: npm run bench -- orchestration [--runs 500] [--workers 2] [--rounds 3] [--json]';

interface Cost {
  /** Milliseconds of wall time per run. */
  readonly perRun: number;
}

function timed(runs: number, command: string, args: readonly string[], input = ''): Cost {
  const began = performance.now();
  const result = spawnSync(command, args, {
    input,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    env: { ...process.env, NO_COLOR: '1' },
  });
  const milliseconds = performance.now() - began;
  if (result.status !== 0)
    throw new Error(
      `"${command} ${args.join(' ')}" failed: ${result.error?.message ?? result.stderr.slice(-1000)}`,
    );
  return { perRun: milliseconds / runs };
}

interface Product {
  /** Wall milliseconds per run, from the start of the batch to the end of its last run. */
  readonly perRun: number;
  /** Mean milliseconds between a supervisor's first and last word; what the app costs lies outside. */
  readonly inside: number;
}

/** One batch in a workspace of its own. */
function measureProduct(folder: string, runs: number, workers: number): Product {
  mkdirSync(folder);
  const suite = join(folder, 'nothing.minibatch.yaml');
  const text = [
    'name: nothing',
    'command: "true {n}"',
    `sweep: {grid: {n: {from: 1, to: ${runs}}}}`,
    'resources: {memoryMb: 20, seconds: 0.1, device: cpu}',
    'code: {freeze: false}',
  ];
  writeFileSync(suite, `${text.join('\n')}\n`);
  const workspace = join(folder, 'workspace');
  const python = process.env.MINIBATCH_PYTHON;
  const args = [HEADLESS, 'run', suite, '--workers', String(workers), '--workspace', workspace];
  timed(runs, process.execPath, [...args, ...(python ? ['--python', python] : [])]);
  const [batch = ''] = readdirSync(join(workspace, 'batches'));
  const place = join(workspace, 'batches', batch);
  const { createdAt } = JSON.parse(readFileSync(join(place, 'batch.json'), 'utf8')) as { createdAt: number };
  const ends = readdirSync(join(place, 'runs')).map(
    (run) => JSON.parse(readFileSync(join(place, 'runs', run, 'attempt-1', 'status.json'), 'utf8')) as End,
  );
  const last = Math.max(...ends.map((end) => end.endedAt));
  const inside = (ends.reduce((sum, end) => sum + end.seconds, 0) / ends.length) * 1000;
  return { perRun: ((last - createdAt) * 1000) / runs, inside };
}

interface End {
  readonly endedAt: number;
  readonly seconds: number;
}

function measureParallel(runs: number, workers: number): Cost | null {
  const found = spawnSync('parallel', ['--version'], { encoding: 'utf8' });
  if (found.status !== 0 || !found.stdout.includes('GNU parallel')) return null;
  const input = Array.from({ length: runs }, (_, at) => `${at + 1}\n`).join('');
  return timed(runs, 'parallel', [`-j${workers}`, 'true'], input);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle) - 1] ?? 0)) / 2;
}

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '500' },
    workers: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '3' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const runs = Number(values.runs);
const workers = Number(values.workers);
const rounds = Number(values.rounds);
const say = values.json ? console.error : console.log;
if (values.help || !(runs >= 1) || !(workers >= 1) || !(rounds >= 1)) {
  say(USAGE);
} else {
  const folder = mkdtempSync(join(tmpdir(), 'minibatch-orchestration-'));
  try {
    // Side by side in every round, so that a machine that is busy for a while slows both.
    const measured = Array.from({ length: rounds }, (_, round) => ({
      product: measureProduct(join(folder, `round-${round}`), runs, workers),
      parallel: measureParallel(runs, workers),
    }));
    const perRun = median(measured.map(({ product }) => product.perRun));
    const inside = median(measured.map(({ product }) => product.inside));
    const pairs = measured.flatMap(({ product, parallel }) => (parallel ? [{ product, parallel }] : []));
    say(
      `${runs} commands that do nothing, ${workers} at a time; milliseconds of wall time per run, median of ${rounds} rounds\n`,
    );
    say(`Minibatch      ${perRun.toFixed(1).padStart(8)}`);
    say(
      `  in the run   ${(inside / workers).toFixed(1).padStart(8)}   (supervisor, runner and command, divided by ${workers})`,
    );
    say(
      `  around it    ${(perRun - inside / workers).toFixed(1).padStart(8)}   (folder, store, what lies between two runs)`,
    );
    const ratios = pairs.map(({ product, parallel }) => product.perRun / parallel.perRun);
    const parallelMs = pairs.length > 0 ? median(pairs.map(({ parallel }) => parallel.perRun)) : null;
    const ratio = pairs.length > 0 ? median(ratios) : null;
    if (parallelMs === null || ratio === null) {
      say('GNU parallel    skipped: it is not installed');
    } else {
      say(`GNU parallel   ${parallelMs.toFixed(1).padStart(8)}`);
      const each = ratios.map((one) => one.toFixed(1)).join(', ');
      say(`\n${ratio.toFixed(1)} times GNU parallel's (${each}); the goal is ${GOAL}.`);
    }
    if (values.json)
      console.log(
        JSON.stringify({
          runs,
          workers,
          rounds,
          goal: GOAL,
          minibatchMs: perRun,
          insideMs: inside,
          parallelMs,
          ratio,
        }),
      );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
