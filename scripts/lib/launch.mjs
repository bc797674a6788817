import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

/**
 * Ctrl-C arrives more than once: from the terminal and again from npm, which passes it on. A person who means
 * it a second time needs longer than this.
 */
const SAME_SIGNAL_MS = 400;
const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Loaded into Node programs that we start: they end when the starter is killed. */
export const WITH_STARTER = fileURLToPath(new URL('./with-starter.mjs', import.meta.url));

/**
 * Runs a program in the foreground and resolves to its exit code (128 + number after a signal). The program has a session of its
 * own, so that each signal reaches it exactly once, from here. Descriptor 3 is a pipe that closes when this process dies.
 */
export function launch(command, args, { env, cwd = process.cwd() }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env,
      detached: true,
      stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
    });
    const last = new Map();
    const forward = (signal) => {
      const now = performance.now();
      const seen = last.get(signal) ?? Number.NEGATIVE_INFINITY;
      if (now - seen < SAME_SIGNAL_MS) return;
      last.set(signal, now);
      child.kill(signal);
    };
    const resize = () => child.kill('SIGWINCH');
    for (const signal of FORWARDED) process.on(signal, forward);
    process.on('SIGWINCH', resize);
    const stop = () => {
      for (const signal of FORWARDED) process.off(signal, forward);
      process.off('SIGWINCH', resize);
    };
    child.on('error', (error) => {
      stop();
      reject(error);
    });
    child.on('exit', (code, signal) => {
      stop();
      resolve(code ?? 128 + (constants.signals[signal] ?? 0));
    });
  });
}
