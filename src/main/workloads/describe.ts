import { join } from 'node:path';
import { orderPhases } from '../../shared/domain/phases.ts';
import { ExpectedError } from '../../shared/model/error.ts';
import { type Description, description } from '../../shared/model/experiment.ts';
import type { Parameters } from '../../shared/model/json.ts';
import { failureOf, runProgram } from '../platform/process-runner.ts';
import type { Workload } from './catalog.ts';

/** Seconds. A description is arithmetic; one that takes longer trains or waits for something. */
const DESCRIBE_TIMEOUT = 20;
/** Bytes; room for tens of thousands of experiments. */
const DESCRIBE_LIMIT = 64 * 1024 * 1024;
const SHOWN_LINES = 3;

export interface DescribeRequest {
  readonly workload: Workload;
  /** Absolute path of the interpreter. */
  readonly python: string;
  /** Every option of the manifest with its value. */
  readonly options: Parameters;
  /** Seed of the batch. */
  readonly seed: number;
}

/**
 * Asks a workload which experiments it would run. Throws ExpectedError: `usage` with the workload's own sentence
 * when it refuses the options (exit code 2), `workload-invalid` with the command and its last lines otherwise.
 */
export async function describeWorkload(request: DescribeRequest): Promise<Description> {
  const script = join(request.workload.folder, 'describe.py');
  const args = ['-B', '-X', 'utf8', script];
  const result = await runProgram(request.python, args, {
    cwd: request.workload.folder,
    env: environment(),
    input: JSON.stringify({ options: request.options, seed: request.seed }),
    timeout: DESCRIBE_TIMEOUT,
    maxBuffer: DESCRIBE_LIMIT,
  });
  if (result.kind === 'ended' && result.exitCode === 2) {
    throw new ExpectedError(
      'usage',
      lastLines(result.stderr, 1) || `${script} refuses these options without a reason.`,
    );
  }
  const command = [request.python, ...args].join(' ');
  const failure = failureOf(result);
  if (failure !== null) throw broken(request, `${failure} of "${command}"`, result.stderr || result.stdout);
  return read(request, command, result.stdout);
}

function read(request: DescribeRequest, command: string, output: string): Description {
  let data: unknown;
  try {
    data = JSON.parse(output);
  } catch {
    throw broken(request, `"${command}" printed no JSON`, output);
  }
  const parsed = description.safeParse(data);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw broken(
      request,
      `"${command}" printed a wrong value at "${issue?.path.join('.') ?? ''}"`,
      issue?.message ?? '',
    );
  }
  checkIndices(request, parsed.data);
  return { ...parsed.data, phases: readPhases(request, parsed.data) };
}

/** Experiments are addressed by index, so two with the same one could not be told apart. */
function checkIndices(request: DescribeRequest, found: Description): void {
  const seen = new Map<number, string>();
  for (const { index, name } of found.experiments) {
    const other = seen.get(index);
    if (other !== undefined)
      throw broken(request, `the experiments "${other}" and "${name}" both have the index ${index}`, '');
    seen.set(index, name);
  }
}

/** The phases in an order that their needs allow, with every phase that an experiment names among them. */
function readPhases(request: DescribeRequest, { phases, experiments }: Description): Description['phases'] {
  if (phases === undefined) return undefined;
  const ordered = orderPhases(phases);
  if (ordered.kind === 'problem') throw broken(request, ordered.sentence, '');
  const names = new Set(phases.map(({ name }) => name));
  const stray = experiments.find(({ phase }) => !names.has(phase));
  if (stray !== undefined)
    throw broken(
      request,
      `the experiment "${stray.name}" is in the phase "${stray.phase}", which "phases" does not name`,
      '',
    );
  return [...ordered.phases];
}

/** Nothing of the app's own environment that could change what a script computes. */
function environment(): Record<string, string> {
  const kept = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'SYSTEMROOT'];
  const pairs = kept.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(pairs);
}

function broken(request: DescribeRequest, what: string, output: string): ExpectedError {
  const detail = lastLines(output, SHOWN_LINES);
  return new ExpectedError(
    'workload-invalid',
    `The workload "${request.workload.manifest.name}" cannot describe its experiments: ${what}${detail === '' ? '.' : `: ${detail}`}`,
  );
}

function lastLines(text: string, count: number): string {
  return text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .slice(-count)
    .map((line) => line.slice(0, 500))
    .join('\n');
}
