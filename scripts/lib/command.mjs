import { spawn } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import { ROOT } from './paths.mjs';

/** Lines of a failed command's output that are repeated in the message. */
const TAIL_LINES = 20;

/** A failure with one sentence for the person; anything else that is thrown is a bug. */
export class SetupError extends Error {
  constructor(message) {
    super(message);
    this.name = 'SetupError';
  }
}

/** Progress goes to standard error, so that standard output carries nothing but what a command answers. */
export function report(line) {
  process.stderr.write(`${line}\n`);
}

/**
 * Runs a command to its end. `live`: its standard error is passed on while it runs.
 * Resolves to `{ code, signal, stdout, output }`; `code` is null when the program could not be started.
 */
export function capture(command, args, { env = process.env, cwd = ROOT, live = false } = {}) {
  return new Promise((resolve) => {
    let stdout = '';
    let output = '';
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.on('data', (bytes) => {
      stdout += bytes;
      output += bytes;
    });
    child.stderr.on('data', (bytes) => {
      output += bytes;
      if (live) process.stderr.write(bytes);
    });
    child.on('error', (error) =>
      resolve({ code: null, signal: null, stdout, output: `${output}${error.message}\n` }),
    );
    child.on('close', (code, signal) => resolve({ code, signal, stdout, output }));
  });
}

/** A SetupError that names the command, the way out, and the last lines of the output. */
export function failure(shown, result, wayOut) {
  const ended = result.signal
    ? `was ended by ${result.signal}`
    : `failed with code ${result.code ?? 'none (it did not start)'}`;
  const tail = stripVTControlCharacters(result.output).trimEnd().split('\n').slice(-TAIL_LINES).join('\n');
  return new SetupError(`"${shown}" ${ended}. ${wayOut}\n${tail}`);
}

/** Like `capture`, but a failure is thrown as a SetupError. */
export async function must(command, args, { wayOut, ...options }) {
  const result = await capture(command, args, options);
  if (result.code === 0) return result;
  throw failure([command, ...args].join(' '), result, wayOut);
}

/** Runs `main` and turns a SetupError into its sentence and exit code 1. */
export async function asProgram(main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    report(error.message);
    process.exitCode = 1;
  }
}
