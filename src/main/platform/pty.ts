import { spawn } from 'node-pty';

/** Of the output, this much is kept for programs that fail before they have a log file. */
const TAIL_CHARACTERS = 2_000;

/** A program under a pseudo-terminal. What it prints is read and all but dropped: its log file is the truth. */
export interface Pty {
  readonly pid: number;
  write(text: string): void;
  /** The last characters that were printed. */
  tail(): string;
  /** Called once, up to 200 ms after the end. Returns how to stop listening. */
  onExit(listener: (end: { exitCode: number; signal: number }) => void): () => void;
  /** Kills the program itself. */
  end(): void;
  /** Closes our side. The program gets SIGHUP and may live on. */
  release(): void;
}

export interface PtyOptions {
  /** Absolute path; a missing one would only be seen as exit code 1 without a word, so check it before. */
  readonly file: string;
  readonly args: readonly string[];
  /** Must exist, for the same reason. */
  readonly cwd: string;
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
}

export type SpawnPty = (options: PtyOptions) => Pty;

export function spawnPty(options: PtyOptions): Pty {
  const terminal = spawn(options.file, [...options.args], {
    name: 'xterm-256color',
    cols: 120,
    rows: 40,
    cwd: options.cwd,
    env: { ...options.env },
  });
  let tail = '';
  const drain = terminal.onData((text) => {
    tail = (tail + text).slice(-TAIL_CHARACTERS);
  });
  let gone = false;
  terminal.onExit(() => {
    gone = true;
  });
  return {
    pid: terminal.pid,
    write: (text) => terminal.write(text),
    tail: () => tail,
    onExit(listener) {
      const subscription = terminal.onExit((end) =>
        listener({ exitCode: end.exitCode, signal: end.signal ?? 0 }),
      );
      return () => subscription.dispose();
    },
    end() {
      if (!gone) terminal.kill('SIGKILL');
    },
    release() {
      // After the end the pid may belong to somebody else, and closing would send it SIGHUP.
      if (gone) return;
      gone = true;
      drain.dispose();
      closeTerminal(terminal);
    },
  };
}

/** `destroy` is public in node-pty's classes and missing in its type. `kill` would do less: it keeps the descriptor. */
function closeTerminal(terminal: object): void {
  if ('destroy' in terminal && typeof terminal.destroy === 'function') terminal.destroy();
}
