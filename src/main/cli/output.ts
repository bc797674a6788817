import { THIN_SPACE } from '../../shared/domain/format.ts';
import type { ErrorData } from '../../shared/model/error.ts';

/** A stream to write on; `process.stdout` and `process.stderr` are such. */
export interface TextStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** Where a command's words go: with `--json` standard output is left to the one document at its end. */
export interface Output {
  readonly json: boolean;
  /** A line for people. */
  say(text: string): void;
  /** A warning or an error sentence; never on standard output. */
  complain(text: string): void;
  /** The document of `--json`; nothing without it. */
  document(value: unknown): void;
  fail(error: ErrorData): void;
  /** The stream for a live table, or null when nobody could see one. */
  readonly screen: TextStream | null;
  /** Raw text for standard output, for example log lines. */
  raw(text: string): void;
}

export interface OutputOptions {
  readonly json: boolean;
  readonly stdout: TextStream;
  readonly stderr: TextStream;
}

export function createOutput({ json, stdout, stderr }: OutputOptions): Output {
  const human = json ? stderr : stdout;
  return {
    json,
    say: (text) => void human.write(`${plain(text)}\n`),
    complain: (text) => void stderr.write(`${plain(text)}\n`),
    document: (value) => {
      if (json) stdout.write(`${JSON.stringify(value)}\n`);
    },
    fail: (error) => {
      stderr.write(`${plain(error.message)}\n`);
      if (json) stdout.write(`${JSON.stringify({ error })}\n`);
    },
    screen: human.isTTY === true ? human : null,
    raw: (text) => void human.write(text),
  };
}

/** Thin spaces are for typeset pages; terminals and scripts want plain ones. */
export function plain(text: string): string {
  return text.replaceAll(THIN_SPACE, ' ');
}
