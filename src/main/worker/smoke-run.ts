import { join } from 'node:path';
import { knownFailure, lastLine } from '../../shared/domain/failure-text.ts';
import { failureOf, runProgram } from '../platform/process-runner.ts';
import { visibleDevice } from './environment.ts';
import type { WorkerKind } from './standby-pool.ts';

/** A framework on a cold disk may take a minute to import; more than this is a device that hangs. */
const TIMEOUT_SECONDS = 120;
const QUOTED_CHARACTERS = 300;

export interface SmokeRequest {
  readonly kind: WorkerKind;
  /** Folder with `python/`. */
  readonly resources: string;
  /** Absolute; where the program runs. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

/**
 * One tiny step of a kind of run, in a process of its own that leaves nothing behind. Returns what went wrong, as a
 * sentence with its way out, or null when all is well or it was aborted.
 */
export async function smokeRun({ kind, resources, folder, signal }: SmokeRequest): Promise<string | null> {
  const worker = join(resources, 'python', 'minibatch', 'worker.py');
  const requires = kind.requires.flatMap((module) => ['--require', module]);
  const place = ['--workload', kind.workloadFolder, '--device', visibleDevice(kind.device)];
  const result = await runProgram(kind.python, [worker, '--smoke', ...requires, ...place], {
    cwd: folder,
    env: kind.environment,
    timeout: TIMEOUT_SECONDS,
    // What a workload prints is no reason to fail; the end of it tells the error.
    onOutput: () => undefined,
    signal,
  });
  const failure = failureOf(result);
  if (failure === null || result.kind === 'aborted') return null;
  const known = knownFailure(result.stderr);
  if (known) return known.sentence;
  const said = lastLine(result.stderr).slice(0, QUOTED_CHARACTERS);
  const way = `Mend ${join(kind.workloadFolder, 'train.py')}, or choose another interpreter with "minibatch doctor"`;
  return `${kind.python} says: ${said === '' ? failure : said}. ${way}.`;
}
