import type { PowerFacts, TerminalTest } from '../../shared/domain/setup-facts.ts';
import { parsePmset } from '../hardware/macos/pmset.ts';
import type { RunProgram } from '../platform/process-runner.ts';
import type { SpawnPty } from '../platform/pty.ts';

/** A terminal that says nothing for so long will not, in milliseconds. */
const TERMINAL_PATIENCE = 5_000;
/** Said by a shell only if its output is a terminal. */
const WORD = 'minibatch-terminal';

/** Starts a shell under a pseudo-terminal and waits for a word that it says only there. */
export async function testTerminal(spawn: SpawnPty): Promise<TerminalTest> {
  try {
    const pty = spawn({
      file: '/bin/sh',
      args: ['-c', `test -t 1 && printf ${WORD}`],
      cwd: '/',
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' },
    });
    const ended = Promise.withResolvers<string | null>();
    const timer = setTimeout(() => ended.resolve('it did not answer'), TERMINAL_PATIENCE);
    const stop = pty.onExit(({ exitCode }) =>
      ended.resolve(exitCode === 0 && pty.tail().includes(WORD) ? null : `exit code ${exitCode}`),
    );
    const problem = await ended.promise;
    clearTimeout(timer);
    stop();
    pty.end();
    pty.release();
    return { problem };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

/** Files that a program started from here may hold open; null = not told, or without limit. */
export async function readOpenFiles(run: RunProgram): Promise<number | null> {
  const result = await run('/bin/sh', ['-c', 'ulimit -n'], { timeout: 5 });
  const limit = result.kind === 'ended' && result.exitCode === 0 ? result.stdout.trim() : '';
  return /^\d+$/.test(limit) ? Number(limit) : null;
}

/** When this Mac sleeps by itself; null elsewhere, and where it is not told. */
export async function readPower(run: RunProgram, platform: NodeJS.Platform): Promise<PowerFacts | null> {
  if (platform !== 'darwin') return null;
  const result = await run('/usr/bin/pmset', ['-g', 'custom'], {
    timeout: 5,
    env: { PATH: '/usr/bin:/bin' },
  });
  if (result.kind !== 'ended' || result.exitCode !== 0) return null;
  const settings = parsePmset(result.stdout);
  const sleepMinutes = settings.get('sleep');
  if (sleepMinutes === undefined) return null;
  const autorestart = settings.get('autorestart');
  return { sleepMinutes, restarts: autorestart === undefined ? null : autorestart !== 0 };
}
