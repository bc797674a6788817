import { dirname, join } from 'node:path';
import { z } from 'zod';
import { ExpectedError } from '../../shared/model/error.ts';
import { json } from '../../shared/model/json.ts';
import { failureOf, runProgram } from '../platform/process-runner.ts';

const READ_TIMEOUT = 60;

/** The parameters that a script takes. */
export const scriptArguments = z.object({
  /** How the script takes them, as in a suite's `arguments`. */
  form: z.string(),
  parameters: z.array(
    z.object({
      name: z.string(),
      default: json,
      choices: z.array(json),
      help: z.string(),
      required: z.boolean(),
      flag: z.boolean(),
    }),
  ),
  how: z.enum(['argparse', 'help text', 'assignments', 'nothing']),
  /** Names of what it demands as words without an option before them. */
  places: z.array(z.string()),
  /** What it seems to tell, judged by its source. */
  metrics: z.object({
    main: z.string().nullable(),
    patterns: z.array(z.string()),
    tensorboard: z.array(z.string()),
  }),
});
export type ScriptArguments = z.infer<typeof scriptArguments>;

/**
 * Asks a Python script for its parameters: with `--help` if it has a parser, which imports what the script imports.
 * Throws ExpectedError('usage') with the script's own last words.
 */
export async function readScriptArguments(options: {
  readonly python: string;
  readonly resources: string;
  /** Absolute. */
  readonly script: string;
}): Promise<ScriptArguments> {
  const { python, resources, script } = options;
  const reader = join(resources, 'workloads', 'command', 'read_arguments.py');
  const result = await runProgram(python, ['-B', reader, script], {
    cwd: dirname(script),
    timeout: READ_TIMEOUT,
    env: { ...process.env, PYTHONPATH: join(resources, 'python', 'script'), PYTHONDONTWRITEBYTECODE: '1' },
  });
  const failure = failureOf(result);
  const lines = result.stderr.trim().split('\n');
  if (failure !== null)
    throw new ExpectedError(
      'usage',
      `The parameters of ${script} cannot be read: ${failure} of "${python} ${script} --help"${lines[0] === '' ? '' : `: ${lines.at(-1)}`}. Name the right interpreter with --python.`,
    );
  return scriptArguments.parse(JSON.parse(result.stdout));
}
