import { spawn } from 'node:child_process';

export interface ProgramOptions {
  /** The whole environment; default is this process's own. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Seconds; then the program and what it started are killed. */
  readonly timeout: number;
  /** Most bytes kept of each stream; more ends the program as `flooded`. Default 4 MiB. */
  readonly maxBuffer?: number;
  readonly input?: string;
  readonly signal?: AbortSignal;
  /** Called for every piece of output, both streams. With it, output beyond `maxBuffer` only drops its beginning. */
  readonly onOutput?: (text: string) => void;
}

interface Output {
  readonly stdout: string;
  readonly stderr: string;
}

/** How a program ended. Nothing here is an exception: callers say in their own words what it means. */
export type ProgramResult =
  | (Output & { readonly kind: 'ended'; readonly exitCode: number })
  | (Output & { readonly kind: 'killed'; readonly signal: NodeJS.Signals })
  | (Output & { readonly kind: 'timeout'; readonly seconds: number })
  | (Output & { readonly kind: 'flooded' })
  | (Output & { readonly kind: 'aborted' })
  | (Output & { readonly kind: 'not-started'; readonly reason: string });

export type RunProgram = (
  command: string,
  args: readonly string[],
  options: ProgramOptions,
) => Promise<ProgramResult>;

/**
 * Runs a program by an argv array, never through a shell. It leads a process group of its own, so that a
 * timeout also reaches what it started. Standard input is empty unless `input` is given.
 */
export function runProgram(
  command: string,
  args: readonly string[],
  options: ProgramOptions,
): Promise<ProgramResult> {
  return new Promise((resolve) => {
    const limit = options.maxBuffer ?? 4 * 1024 * 1024;
    const streams = { stdout: new Kept(limit), stderr: new Kept(limit) };
    const output = (): Output => ({ stdout: streams.stdout.text(), stderr: streams.stderr.text() });
    if (options.signal?.aborted) {
      resolve({ kind: 'aborted', ...output() });
      return;
    }
    let forced: 'timeout' | 'flooded' | 'aborted' | null = null;
    let child: ReturnType<typeof start>;
    try {
      child = start(command, args, options);
    } catch (error) {
      // Node throws here for a NUL in an argument and, on some systems, for a missing working folder.
      resolve({ kind: 'not-started', reason: reasonOf(error), ...output() });
      return;
    }
    const end = (why: 'timeout' | 'flooded' | 'aborted'): void => {
      forced ??= why;
      killGroup(child.pid);
    };
    const timer = setTimeout(() => end('timeout'), options.timeout * 1000);
    const onAbort = (): void => end('aborted');
    options.signal?.addEventListener('abort', onAbort, { once: true });
    const finish = (result: ProgramResult): void => {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', onAbort);
      resolve(result);
    };
    for (const name of ['stdout', 'stderr'] as const) {
      const decoder = new TextDecoder();
      child[name].on('data', (piece: Buffer) => {
        streams[name].add(piece);
        if (options.onOutput) options.onOutput(decoder.decode(piece, { stream: true }));
        else if (streams[name].dropped) end('flooded');
      });
    }
    // A program that reads none of its input closes the pipe early; its exit code tells the rest.
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
    child.once('error', (error) => {
      if (child.pid === undefined) finish({ kind: 'not-started', reason: reasonOf(error), ...output() });
    });
    // A grandchild may keep the pipes open for ever after a kill, so `exit` is enough once we forced the end.
    child.once('exit', () => {
      if (!forced) return;
      child.stdout.destroy();
      child.stderr.destroy();
    });
    child.once('close', (exitCode, signal) => {
      if (forced === 'timeout') finish({ kind: 'timeout', seconds: options.timeout, ...output() });
      else if (forced) finish({ kind: forced, ...output() });
      else if (signal) finish({ kind: 'killed', signal, ...output() });
      else finish({ kind: 'ended', exitCode: exitCode ?? -1, ...output() });
    });
  });
}

/** One sentence part saying how a program failed; null when it ended with exit code 0. */
export function failureOf(result: ProgramResult): string | null {
  switch (result.kind) {
    case 'ended':
      return result.exitCode === 0 ? null : `exit code ${result.exitCode}`;
    case 'killed':
      return `ended by ${result.signal}`;
    case 'timeout':
      return `no answer within ${result.seconds} s`;
    case 'flooded':
      return 'printed too much';
    case 'aborted':
      return 'interrupted';
    case 'not-started':
      return result.reason;
  }
}

function start(command: string, args: readonly string[], options: ProgramOptions) {
  return spawn(command, [...args], {
    env: { ...(options.env ?? process.env) },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
    shell: false,
  });
}

/** The last `limit` bytes of a stream. */
class Kept {
  readonly #limit: number;
  #pieces: Buffer[] = [];
  #bytes = 0;
  dropped = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(piece: Buffer): void {
    this.#pieces.push(piece);
    this.#bytes += piece.length;
    while (this.#bytes > this.#limit) {
      const first = this.#pieces[0];
      if (!first) return;
      this.dropped = true;
      const surplus = this.#bytes - this.#limit;
      if (first.length <= surplus) this.#pieces.shift();
      else this.#pieces[0] = first.subarray(surplus);
      this.#bytes -= Math.min(first.length, surplus);
    }
  }

  text(): string {
    return Buffer.concat(this.#pieces).toString('utf8');
  }
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The group is gone: the program ended by itself in this moment.
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT') return 'not installed';
  if (code === 'EACCES') return 'not executable';
  return error instanceof Error ? error.message : String(error);
}
