import { mkdir, readdir, readFile, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ExpectedError } from '../../shared/model/error.ts';
import type { Interpreter } from '../../shared/model/python.ts';
import { failureOf, type ProgramResult } from '../platform/process-runner.ts';
import { acquireLock } from '../platform/workspace-lock.ts';
import { writeCurrentEnvironment } from './current-environment.ts';
import { listInterpreters, type PythonOptions } from './find-python.ts';
import { createInstallProgress } from './install-progress.ts';
import {
  basePythons,
  findUv,
  type InstallPlan,
  type InstallStep,
  needsPip,
  planInstall,
  usualPrefix,
} from './installer.ts';
import { probeInterpreter } from './probe.ts';
import { pythonEnvironment } from './python-environment.ts';

export interface ManagedOptions extends PythonOptions {
  /** `requirements.txt` with exact versions. */
  readonly requirements: string;
  readonly clock: { now(): number };
  /** A line of the installer's output or of ours, and the fraction done from 0 to 1. */
  readonly progress?: (step: { readonly line: string; readonly fraction: number }) => void;
  readonly signal?: AbortSignal;
  /** Bytes that must be free; default 3 GB. */
  readonly neededBytes?: number;
}

const NEEDED_BYTES = 3e9;
const STEP_SECONDS = 45 * 60;

/** Marks a folder as unfinished. A folder without it may be in use by live runs and is never removed here. */
const UNFINISHED = 'unfinished';

/**
 * Makes an environment with torch, numpy and scipy in a new folder of `<data>/python`, looks into it, and only
 * then makes it the current one. Until that moment, and on every failure, the one before stays as it is.
 * Throws ExpectedError: 'conflict' while another process does the same, 'disk-full', 'python-missing' when
 * there is nothing to build on, 'python-unfit' when a step fails (names the command and its last lines).
 */
export async function createManagedEnvironment(options: ManagedOptions): Promise<Interpreter> {
  const folder = join(options.dataFolder, 'python');
  await mkdir(folder, { recursive: true });
  const lock = acquireLock(join(folder, 'setup.lock'), {
    address: null,
    code: 'conflict',
    held: (holder) =>
      `Another Minibatch (process ${holder.pid}) is preparing Python just now: wait until it is done, then try again.`,
  });
  try {
    await removeUnfinished(folder);
    await requireSpace(folder, options.neededBytes ?? NEEDED_BYTES);
    return await build(folder, options);
  } finally {
    lock.release();
  }
}

async function build(parent: string, options: ManagedOptions): Promise<Interpreter> {
  const say = (line: string, fraction: number): void => options.progress?.({ line, fraction });
  const folder = join(parent, `env-${stamp(options.clock.now())}`);
  const plans = await plansFor(folder, options);
  let failure: ExpectedError | null = null;
  for (const plan of plans) {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, UNFINISHED), '');
    try {
      await perform(plan, options);
      say('Looking into the new environment', 0.92);
      const interpreter = await probeInterpreter(
        { path: join(folder, 'bin', 'python'), origin: 'managed' },
        { ...options, fresh: true },
      );
      if (interpreter.probe.kind === 'unusable') throw checkError(interpreter.probe.sentence);
      await rm(join(folder, UNFINISHED));
      const requirements = await readFile(options.requirements, 'utf8');
      writeCurrentEnvironment(options.dataFolder, {
        version: 1,
        python: interpreter.path,
        createdAt: options.clock.now(),
        requirements,
      });
      say('Python is ready', 1);
      return interpreter;
    } catch (error) {
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
      if (!(error instanceof ExpectedError)) throw error;
      failure = error;
      // Another base helps where venv itself fails (a Python without its ensurepip), not where packages do.
      if (!(error instanceof BaseUnfit)) break;
      say(error.message, 0);
    }
  }
  throw failure ?? new Error('No way to install was tried.');
}

class BaseUnfit extends ExpectedError {}

async function plansFor(folder: string, options: ManagedOptions): Promise<InstallPlan[]> {
  const env = pythonEnvironment(options.env);
  const shared = { folder, requirements: options.requirements, dataFolder: options.dataFolder, env };
  const uv = (await needsPip(options)) ? null : await findUv(options);
  const bases = basePythons(await listInterpreters(options), {
    architecture: options.architecture,
    usualPrefix: await usualPrefix({ run: options.run, platform: options.platform, env }),
  });
  const paths = uv === null ? bases.map(({ path }) => path) : [bases[0]?.path ?? null];
  const plans = paths.map((base) => planInstall({ ...shared, uv, base })).filter((plan) => plan !== null);
  if (plans.length > 0) return plans;
  throw new ExpectedError(
    'python-missing',
    `Minibatch needs a Python 3.11 to 3.14 to prepare its own, and found none: install one from python.org${
      options.platform === 'darwin'
        ? ' or with "brew install python@3.12"'
        : ' or with your package manager (with its venv module)'
    }, or install uv, then try again.`,
  );
}

async function perform(plan: InstallPlan, options: ManagedOptions): Promise<void> {
  const progress = createInstallProgress();
  for (const [index, step] of plan.steps.entries()) {
    const begin = index === 0 ? 0.01 : 0.08;
    options.progress?.({ line: step.title, fraction: begin });
    let rest = '';
    const result = await options.run(step.command, step.args, {
      timeout: STEP_SECONDS,
      env: plan.env,
      maxBuffer: 256 * 1024,
      ...(options.signal ? { signal: options.signal } : {}),
      onOutput: (text) => {
        const lines = (rest + text).split(/\r?\n|\r/);
        rest = lines.pop() ?? '';
        for (const line of lines) {
          if (line.trim()) options.progress?.({ line, fraction: Math.max(begin, progress.line(line)) });
        }
      },
    });
    if (failureOf(result) !== null) throw stepError({ plan, step, result, isFirst: index === 0 });
  }
}

function stepError(options: {
  plan: InstallPlan;
  step: InstallStep;
  result: ProgramResult;
  isFirst: boolean;
}): ExpectedError {
  const { plan, step, result } = options;
  if (result.kind === 'aborted') {
    return new ExpectedError(
      'not-possible-now',
      'Preparing Python was interrupted: nothing was changed, start it again when you like.',
    );
  }
  const output = `${result.stdout}\n${result.stderr}`;
  const last = output
    .split('\n')
    .map((line) => line.trimEnd())
    .filter(Boolean)
    .slice(-8)
    .join('\n');
  const command = [step.command, ...step.args].join(' ');
  const message = `${step.title} failed (${failureOf(result)}). The command was: ${command}\n${last}\n${wayOut(output)}`;
  if (/No space left on device|ENOSPC|Disk quota exceeded/.test(output))
    return new ExpectedError('disk-full', message);
  return options.isFirst && plan.tool === 'pip'
    ? new BaseUnfit('python-unfit', message)
    : new ExpectedError('python-unfit', message);
}

function checkError(sentence: string): ExpectedError {
  return new ExpectedError(
    'python-unfit',
    `The new environment was installed but did not pass its check: ${sentence}\n${wayOut('')}`,
  );
}

function wayOut(output: string): string {
  const unchanged = 'What was there before is unchanged.';
  if (/No space left on device|ENOSPC|Disk quota exceeded/.test(output))
    return `${unchanged} Free some space, then try again.`;
  if (/ensurepip is not available|No module named '?(venv|ensurepip)/.test(output)) {
    return `${unchanged} Install the venv module of this Python (python3-venv on Debian), or another Python.`;
  }
  if (/No matching distribution|No solution found/.test(output)) {
    return `${unchanged} The package source of this machine lacks a pinned package: check pip's settings ("pip config list"), or name a Python that has torch with --python.`;
  }
  return `${unchanged} Check the network and pip's settings ("pip config list"), then try again, or name a Python that has torch with --python.`;
}

/** Leftovers of an attempt that was killed. They never were the current environment, so nobody uses them. */
async function removeUnfinished(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const folder = join(parent, name);
    const marked =
      name.startsWith('env-') && (await stat(join(folder, UNFINISHED)).catch(() => null)) !== null;
    // An orphaned installer may still be writing there; what it leaves goes the next time.
    if (marked) await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
  }
}

async function requireSpace(folder: string, neededBytes: number): Promise<void> {
  const found = await statfs(folder);
  const free = found.bavail * found.bsize;
  if (free >= neededBytes) return;
  throw new ExpectedError(
    'disk-full',
    `Preparing Python needs about ${gigabytes(neededBytes)} GB, and only ${gigabytes(free)} GB are free at ${folder}: free some space, or set MINIBATCH_DATA to a folder on a larger volume.`,
  );
}

function gigabytes(bytes: number): string {
  return (bytes / 1e9).toFixed(1);
}

/** `20261123-101500`, in UTC so that names sort also over a change of the clock. */
function stamp(now: number): string {
  return new Date(now * 1000).toISOString().replaceAll(/[-:]/g, '').replace('T', '-').slice(0, 15);
}
