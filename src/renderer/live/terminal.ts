import { FitAddon } from '@xterm/addon-fit';
import { Terminal } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import type { Connection } from '../connect.ts';
import type { RunKey } from './log-feed.ts';

/** Width of the terminal in which runs are started; the emulator has the same, so that lines break alike. */
const COLUMNS = 120;
/** Bytes of output shown from before the terminal was opened. */
const BACKLOG = 64 * 1024;

const names = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const;

/** An emulator on the terminal of a live run. What it shows is `output.log`; what is typed goes to the run. */
export interface RunTerminal {
  resize(): void;
  close(): void;
}

export interface RunTerminalOptions {
  readonly connection: Connection;
  readonly run: RunKey;
  readonly element: HTMLElement;
  /** Why what was typed did not arrive, in one sentence; null = it did. */
  readonly onProblem: (sentence: string | null) => void;
}

export function openRunTerminal({ connection, run, element, onProblem }: RunTerminalOptions): RunTerminal {
  const style = getComputedStyle(element);
  const color = (name: string): string => style.getPropertyValue(name).trim();
  const terminal = new Terminal({
    cols: COLUMNS,
    scrollback: 5_000,
    fontFamily: color('--mono'),
    fontSize: 12,
    lineHeight: 1.4,
    cursorBlink: false,
    // The run's own terminal has turned line feeds into both already.
    convertEol: false,
    theme: {
      background: color('--card'),
      foreground: color('--text'),
      cursor: color('--accent'),
      selectionBackground: color('--mark'),
      ...Object.fromEntries(names.map((name) => [name, color(`--ansi-${name}`)])),
    },
  });
  const fit = new FitAddon();
  terminal.loadAddon(fit);
  terminal.open(element);

  function resize(): void {
    const rows = fit.proposeDimensions()?.rows;
    if (rows !== undefined && rows > 1) terminal.resize(COLUMNS, rows);
  }
  resize();

  let next: number | null = null;
  const detach = connection.attach((client) => {
    let stop = (): void => {};
    let ended = false;
    async function begin(): Promise<void> {
      if (next === null) {
        const { bytes } = await client.call('logs.tail', { ...run, count: 1 });
        next = Math.max(0, bytes - BACKLOG);
      }
      if (ended) return;
      stop = client.watch('runs.terminal', {
        key: run,
        from: next,
        // Resolved when the emulator has drawn it, so that a flood of output does not pile up in the page.
        onItem: ({ text }, after) =>
          new Promise<void>((resolve) => {
            next = after;
            terminal.write(text, resolve);
          }),
      });
    }
    begin().catch((error: unknown) => {
      if (!ended) onProblem(error instanceof Error ? error.message : String(error));
    });
    return () => {
      ended = true;
      stop();
    };
  });

  /** One after the other: two calls at once might arrive in the other order. */
  let typed: Promise<void> = Promise.resolve();
  const typing = terminal.onData((text) => {
    typed = typed.then(async () => {
      try {
        await connection.call('runs.type', { batch: run.batch, index: run.index, text });
        onProblem(null);
      } catch (error) {
        onProblem(error instanceof Error ? error.message : String(error));
      }
    });
  });
  terminal.focus();

  return {
    resize,
    close() {
      typing.dispose();
      detach();
      terminal.dispose();
    },
  };
}
