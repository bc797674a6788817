import { isAbsolute, join, resolve } from 'node:path';
import { ExpectedError } from '../../shared/model/error.ts';
import { type Command, type CommandContext, EXIT } from './command.ts';
import { backupCommand } from './backup.ts';
import { compareCommand } from './compare.ts';
import { doctorCommand } from './doctor.ts';
import { exportCommand } from './export.ts';
import { parseFlags } from './flags.ts';
import { commandHelpLines, findCommand, helpLines } from './help.ts';
import { initCommand } from './init.ts';
import { importCommand } from './import.ts';
import { listCommand } from './list.ts';
import { logsCommand } from './logs.ts';
import { createOutput, type Output, type TextStream } from './output.ts';
import { moveCommand } from './move.ts';
import { pauseCommand } from './pause.ts';
import { planCommand } from './plan.ts';
import { presetCommand } from './preset.ts';
import { reindexCommand } from './reindex.ts';
import { postponeCommand, releaseCommand } from './release.ts';
import { resumeCommand } from './resume.ts';
import { retryCommand } from './retry.ts';
import { runCommand } from './run.ts';
import { serveCommand } from './serve.ts';
import { openSession, type SessionApp } from './session.ts';
import { statusCommand } from './status.ts';
import { stopCommand } from './stop.ts';
import { verifyCommand } from './verify.ts';
import { waitCommand } from './wait.ts';
import { workersCommand } from './workers.ts';

const COMMANDS: readonly Command[] = [
  runCommand,
  planCommand,
  initCommand,
  listCommand,
  presetCommand,
  statusCommand,
  logsCommand,
  stopCommand,
  pauseCommand,
  resumeCommand,
  waitCommand,
  retryCommand,
  workersCommand,
  moveCommand,
  postponeCommand,
  releaseCommand,
  compareCommand,
  exportCommand,
  verifyCommand,
  backupCommand,
  importCommand,
  doctorCommand,
  serveCommand,
  reindexCommand,
];

/** What the command line needs from the process it runs in. */
export interface CommandLineHost
  extends Pick<
    CommandContext,
    'version' | 'rendererFolder' | 'openBrowser' | 'onInterrupt' | 'preparePython' | 'inspectScript'
  > {
  readonly stdout: TextStream;
  readonly stderr: TextStream;
  readonly home: string;
  readonly defaultWorkspace: string;
  openApp(workspace: string): Promise<SessionApp>;
  examine(workspace: string, python: string | undefined): ReturnType<CommandContext['examine']>;
  /** Keeps a bug for later; returns where. */
  reportBug(error: unknown, where: string): string;
}

/** Runs one command line and returns its exit code. Never throws. */
export async function runCommandLine(argv: readonly string[], host: CommandLineHost): Promise<number> {
  const output = createOutput({ json: isJson(argv), stdout: host.stdout, stderr: host.stderr });
  try {
    return await execute(argv, host, output);
  } catch (error) {
    return fail(error, host, output);
  }
}

async function execute(argv: readonly string[], host: CommandLineHost, output: Output): Promise<number> {
  const { globals, rest } = splitGlobals(argv);
  if (globals.version) {
    output.say(host.version);
    output.document({ version: host.version });
    return EXIT.ok;
  }
  const [name, ...args] = rest;
  if (name === undefined || name === 'help') return help(args[0], output);
  if (name.startsWith('-'))
    throw new ExpectedError(
      'usage',
      `Begin with a command; "${name}" is a flag. "minibatch help" lists the commands.`,
    );
  const command = findCommand(COMMANDS, name);
  if (globals.help) return help(name, output);
  const parsed = command.openFlags ? parseFlags([], []) : parseFlags(args, command.flags);
  return command.run(createContext(host, output, globals.workspace), parsed, args);
}

function help(name: string | undefined, output: Output): number {
  const lines = name === undefined ? helpLines(COMMANDS) : commandHelpLines(findCommand(COMMANDS, name));
  for (const line of lines) output.say(line);
  output.document({ commands: COMMANDS.map(({ name: own, summary }) => ({ name: own, summary })) });
  return EXIT.ok;
}

function createContext(host: CommandLineHost, output: Output, given: string | null): CommandContext {
  const workspace = given === null ? host.defaultWorkspace : absolute(given, host.home);
  return {
    output,
    workspace,
    workspaceFlag: given === null ? '' : ` --workspace ${quoted(workspace)}`,
    version: host.version,
    rendererFolder: host.rendererFolder,
    openSession: () => openSession(workspace, () => host.openApp(workspace)),
    examine: (python) => host.examine(workspace, python),
    preparePython: host.preparePython,
    inspectScript: host.inspectScript,
    openBrowser: host.openBrowser,
    onInterrupt: host.onInterrupt,
  };
}

interface Globals {
  readonly workspace: string | null;
  readonly help: boolean;
  readonly version: boolean;
}

/** Takes out the flags that every command knows; they may stand anywhere. */
function splitGlobals(argv: readonly string[]): { globals: Globals; rest: string[] } {
  const rest: string[] = [];
  let workspace: string | null = null;
  let wantsHelp = false;
  let version = false;
  const words = [...argv];
  while (words.length > 0) {
    const word = words.shift() ?? '';
    if (word === '--') {
      rest.push(word, ...words.splice(0));
    } else if (word === '--workspace' || word.startsWith('--workspace=')) {
      workspace = word.includes('=') ? word.slice('--workspace='.length) : (words.shift() ?? '');
      if (workspace === '') throw new ExpectedError('usage', '--workspace needs a folder.');
    } else if (word === '--help' || word === '-h') wantsHelp = true;
    else if (word === '--version' || word === '-V') version = true;
    else if (word !== '--json') rest.push(word);
  }
  return { globals: { workspace, help: wantsHelp, version }, rest };
}

function isJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return argv.slice(0, end < 0 ? undefined : end).includes('--json');
}

function fail(error: unknown, host: CommandLineHost, output: Output): number {
  if (error instanceof ExpectedError && error.code !== 'internal') {
    output.fail({ code: error.code, message: error.message });
    return error.code === 'usage' ? EXIT.usage : EXIT.failed;
  }
  const where = host.reportBug(error, 'command line');
  const message = error instanceof Error ? error.message : String(error);
  output.fail({
    code: 'internal',
    message: `Something unexpected happened: ${message}. Details are in ${where}.`,
  });
  return EXIT.failed;
}

function absolute(path: string, home: string): string {
  if (path === '~' || path.startsWith('~/')) return join(home, path.slice(1));
  return isAbsolute(path) ? path : resolve(path);
}

function quoted(path: string): string {
  return /^[\w./~-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
