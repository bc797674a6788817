import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ExpectedError } from '../../shared/model/error.ts';
import { failureOf, runProgram } from '../platform/process-runner.ts';

/** Seconds. */
const PREVIEW_TIMEOUT = 20;
/** Bytes; room for the commands of the largest plan. */
const PREVIEW_LIMIT = 64 * 1024 * 1024;

const answer = z.object({
  commands: z.array(
    z.object({
      command: z.array(z.string()),
      /** Beyond that of the run. */
      environment: z.record(z.string(), z.string()),
      workingFolder: z.string(),
    }),
  ),
});

/**
 * What the processes of a workload start in their turn, in the order of the runs, where its `preview.py` tells it; null = it
 * has none, and the run is all there is. Throws ExpectedError('workload-invalid').
 */
export async function previewCommands(asked: {
  readonly folder: string;
  /** Absolute path of the interpreter. */
  readonly python: string;
  /** As `run.json` would have them. */
  readonly runs: readonly unknown[];
}): Promise<z.infer<typeof answer>['commands'] | null> {
  const script = join(asked.folder, 'preview.py');
  if (asked.runs.length === 0 || !existsSync(script)) return null;
  const result = await runProgram(asked.python, ['-B', '-X', 'utf8', script], {
    cwd: asked.folder,
    env: { PATH: process.env.PATH ?? '' },
    input: JSON.stringify({ runs: asked.runs }),
    timeout: PREVIEW_TIMEOUT,
    maxBuffer: PREVIEW_LIMIT,
  });
  const failure = failureOf(result);
  if (failure !== null)
    throw new ExpectedError(
      'workload-invalid',
      `${script} cannot tell its commands: ${failure}: ${result.stderr.trim()}`,
    );
  return answer.parse(JSON.parse(result.stdout)).commands;
}
