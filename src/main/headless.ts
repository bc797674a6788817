import { spawn } from 'node:child_process';
import { createApp } from './app.ts';
import { runCommandLine } from './cli/command-line.ts';
import { createHardware } from './hardware/create-hardware.ts';
import { type Installation, locateInstallation } from './installation.ts';
import { createInterpreters, type Interpreters } from './interpreters.ts';
import { readScriptArguments } from './workloads/script-arguments.ts';
import { systemClock } from './platform/clock.ts';

/** A process that has said all and still does not end has left something open; people must not wait for it. */
const LINGER_MILLISECONDS = 5_000;

/** The core without a window: the command line and `serve`. */
async function main(): Promise<void> {
  endQuietlyWhenNobodyReads();
  const installation = locateInstallation();
  process.on('uncaughtException', (error) => {
    const where = installation.reportBug(error, 'uncaught');
    process.stderr.write(`Something unexpected happened: ${error.message}. Details are in ${where}.\n`);
    process.exit(1);
  });
  const onInterrupt = listenForInterrupts();
  process.exitCode = await runCommandLine(process.argv.slice(2), {
    stdout: process.stdout,
    stderr: process.stderr,
    version: installation.version,
    rendererFolder: installation.rendererFolder,
    home: installation.surroundings.home,
    defaultWorkspace: installation.defaultWorkspace,
    openApp: (workspace) => createApp({ workspace, installation }),
    examine: (workspace, python) =>
      withInterpreters(installation, (interpreters) => interpreters.examine(workspace, python)),
    preparePython: (onProgress) =>
      withInterpreters(installation, (interpreters) => interpreters.prepare(onProgress)),
    inspectScript: (script, python) =>
      withInterpreters(installation, async (interpreters) => {
        const { resources } = installation;
        return readScriptArguments({
          script,
          resources,
          python: (await interpreters.choose(python, [])).path,
        });
      }),
    openBrowser,
    onInterrupt,
    reportBug: installation.reportBug,
  });
  setTimeout(() => process.exit(), LINGER_MILLISECONDS).unref();
}

/** For commands that must work without a workspace. */
async function withInterpreters<T>(
  { resources, dataFolder, surroundings }: Installation,
  work: (interpreters: Interpreters) => Promise<T>,
): Promise<T> {
  const hardware = await createHardware({ clock: systemClock });
  try {
    const { home, env } = surroundings;
    return await work(
      createInterpreters({ resources, dataFolder, home, env, clock: systemClock, facts: hardware.facts }),
    );
  } finally {
    hardware.close();
  }
}

/** Whoever listens last is asked; with nobody listening an interrupt ends the process. */
function listenForInterrupts(): (listener: () => void) => () => void {
  const listeners: (() => void)[] = [];
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      const listener = listeners.at(-1);
      if (listener === undefined) process.exit(130);
      listener();
    });
  }
  return (listener) => {
    listeners.push(listener);
    return () => {
      const at = listeners.indexOf(listener);
      if (at >= 0) listeners.splice(at, 1);
    };
  };
}

function openBrowser(url: string): void {
  const child = spawn(process.platform === 'darwin' ? 'open' : 'xdg-open', [url], {
    detached: true,
    stdio: 'ignore',
  });
  // Without a browser the printed address still works.
  child.on('error', () => {});
  child.unref();
}

/** `minibatch logs | head` closes the pipe early, which is no error. */
function endQuietlyWhenNobodyReads(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
}

await main();
