import { realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Interpreter, type InterpreterProbe, interpreterProbe } from '../../shared/model/python.ts';
import { failureOf, type ProgramResult, type RunProgram } from '../platform/process-runner.ts';
import type { Candidate } from './candidates.ts';
import { judge, neededModules } from './judge.ts';
import { fingerprint, type ProbeCache } from './probe-cache.ts';
import { pythonEnvironment } from './python-environment.ts';

export interface ProbeOptions {
  /** The folder that holds `minibatch/probe.py`. */
  readonly pythonFolder: string;
  readonly run: RunProgram;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  /** Of the machine, not of this process: `arm64` or `x64`. */
  readonly architecture: string;
  readonly cache: ProbeCache;
  /** Asks the interpreter even if the cache has an answer. */
  readonly fresh?: boolean;
}

/** The first start of new native libraries may stall for ten seconds and more while a Mac scans them. */
const PROBE_SECONDS = 60;

/** Looks inside one interpreter. Every failure is an unusable interpreter with a sentence, never an error. */
export async function probeInterpreter(candidate: Candidate, options: ProbeOptions): Promise<Interpreter> {
  const { path, origin } = candidate;
  const unusable = (sentence: string): Interpreter => ({
    path,
    origin,
    probe: { kind: 'unusable', sentence, facts: null },
  });
  const real = await realpath(path).catch(() => null);
  if (real === null || !(await stat(real)).isFile()) {
    return unusable(`${path} does not exist: name the program of a Python, or the folder of an environment.`);
  }
  if (options.platform === 'darwin' && real === '/usr/bin/python3' && !(await hasTools(options))) {
    return unusable(
      `${path} is only a placeholder until Apple's command line tools are installed, so it was not started: choose another Python.`,
    );
  }
  const script = join(options.pythonFolder, 'minibatch', 'probe.py');
  const key = await fingerprint([path, script]);
  const known = options.fresh ? null : await options.cache.read(path, key);
  if (known)
    return { path, origin, probe: judge({ path, facts: known, architecture: options.architecture }) };

  const result = await options.run(path, [script, ...neededModules], {
    timeout: PROBE_SECONDS,
    env: { ...pythonEnvironment(options.env), OMP_NUM_THREADS: '1' },
    maxBuffer: 1024 * 1024,
  });
  const facts = factsOf(result);
  if (!facts) return unusable(sentenceOf(path, result));
  await options.cache.write(path, key, facts);
  return { path, origin, probe: judge({ path, facts, architecture: options.architecture }) };
}

/** `xcode-select -p` is the only safe question: the placeholder itself opens an install dialog. */
async function hasTools(options: ProbeOptions): Promise<boolean> {
  const result = await options.run('/usr/bin/xcode-select', ['-p'], { timeout: 5 });
  return failureOf(result) === null;
}

function factsOf(result: ProgramResult): InterpreterProbe | null {
  if (failureOf(result) !== null) return null;
  try {
    const found = interpreterProbe.safeParse(JSON.parse(result.stdout.trim().split('\n').at(-1) ?? ''));
    return found.success ? found.data : null;
  } catch {
    return null;
  }
}

function sentenceOf(path: string, result: ProgramResult): string {
  const failure = failureOf(result) ?? 'its answer was not understood';
  const last = result.stderr.trim().split('\n').at(-1)?.slice(0, 300) ?? '';
  return `${path} does not answer like a Python (${failure}${last ? `: ${last}` : ''}): choose another one, or mend it.`;
}
