import type { Client } from '../../shared/client.ts';
import type { DoctorReport } from '../../shared/model/python.ts';
import type { Connect } from '../doors/in-process.ts';
import type { ScriptArguments } from '../workloads/script-arguments.ts';
import type { FlagSpec, ParsedFlags } from './flags.ts';
import type { Output } from './output.ts';

export const EXIT = { ok: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/** The core as the command line sees it, whether it runs in this process or in the one that holds the workspace. */
export interface Session {
  readonly client: Client;
  /** `own`: this process holds the workspace, and its batches live as long as it does. */
  readonly mode: 'own' | 'remote';
  /** Serves further clients; only with `own`. */
  readonly connect: Connect | null;
  /** Resolves when no batch is being worked on (at once with `remote`: that process looks after itself). */
  idle(): Promise<void>;
  close(): Promise<void>;
}

export interface CommandContext {
  readonly output: Output;
  /** Absolute folder. */
  readonly workspace: string;
  /** ` --workspace …` where the folder is not the default one, for commands that are shown to people. */
  readonly workspaceFlag: string;
  readonly version: string;
  /** Built renderer. */
  readonly rendererFolder: string;
  openSession(): Promise<Session>;
  /** Looks at interpreters, devices and the workspace without opening the core. */
  examine(python: string | undefined): Promise<DoctorReport>;
  /** Makes the managed Python environment, with a line for each step. */
  preparePython(onProgress: (line: string) => void): Promise<void>;
  /** Parameters of a Python script; `python` absent = the recommended interpreter. */
  inspectScript(script: string, python: string | undefined): Promise<ScriptArguments>;
  /** Opens an address in the person's browser. */
  openBrowser(url: string): void;
  /** Called at each interrupt (Ctrl-C) while registered; returns how to let go. Without a listener the process ends. */
  onInterrupt(listener: () => void): () => void;
}

export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What follows the name, for example `<batch> [flags]`. */
  readonly usage: string;
  readonly flags: readonly FlagSpec[];
  /** Flags are known only once the workloads are read: the command parses its arguments itself. */
  readonly openFlags?: boolean;
  /** Returns the exit code. */
  run(context: CommandContext, parsed: ParsedFlags, args: readonly string[]): Promise<number>;
}
