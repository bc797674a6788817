import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { ExpectedError } from '../../shared/model/error.ts';
import { formatCount } from '../../shared/domain/format.ts';
import { writeFileAtomic } from '../platform/atomic-file.ts';
import { parseSuite } from '../workloads/suite-file.ts';
import type { ScriptArguments } from '../workloads/script-arguments.ts';
import { type Command, EXIT } from './command.ts';
import { firstSuite } from './first-suite.ts';

/** Writes a first suite file beside a script. */
export const initCommand: Command = {
  name: 'init',
  summary: 'write a first suite file for a script of yours, with its parameters',
  usage: '<script> [flags]',
  flags: [
    {
      name: 'python',
      kind: 'string',
      placeholder: 'path',
      help: 'interpreter of the script (the active environment)',
    },
    { name: 'output', kind: 'string', placeholder: 'file', help: 'where to write it (beside the script)' },
    { name: 'force', kind: 'boolean', help: 'replace a file that is there' },
  ],
  async run({ output, inspectScript }, { positionals, values }) {
    const [given, ...surplus] = positionals;
    if (given === undefined || surplus.length > 0)
      throw new ExpectedError('usage', 'Name one script, for example "minibatch init train.py".');
    const script = resolve(given);
    if (!existsSync(script)) throw new ExpectedError('usage', `There is no script ${script}.`);
    if (!statSync(script).isFile())
      throw new ExpectedError('usage', `${script} is a folder; name the script in it.`);
    const name = basename(script).replace(/\.\w+$/, '');
    const asked = text(values.get('output'));
    const target = asked === undefined ? join(dirname(script), `${name}.minibatch.yaml`) : resolve(asked);
    if (existsSync(target) && values.get('force') !== true)
      throw new ExpectedError('conflict', `${target} is there already; --force replaces it.`);
    const isPython = script.endsWith('.py');
    const python = text(values.get('python')) ?? (isPython ? activePython(dirname(script)) : undefined);
    const found = isPython ? await inspectScript(script, python) : NOTHING;
    const folder = relative(dirname(target), dirname(script));
    const suite = firstSuite({ words: wordsFor(script), folder, name, found, python });
    // What does not read back would only fail later, and elsewhere.
    parseSuite(suite, target);
    writeFileAtomic(target, suite);
    const count = formatCount(found.parameters.length, 'parameter');
    output.say(
      `${target}: ${isPython ? `${count} ${HOW[found.how]}` : 'a program without known parameters'}.`,
    );
    if (python !== undefined) output.say(`Its python is ${python}.`);
    output.say(`Look it over, then: minibatch plan ${relative(process.cwd(), target) || target}`);
    output.document({ file: target, parameters: found.parameters });
    return EXIT.ok;
  },
};

const NOTHING: ScriptArguments = {
  form: '--{name} {value}',
  parameters: [],
  how: 'nothing',
  places: [],
  metrics: { main: null, patterns: [], tensorboard: [] },
};

const HOW: Readonly<Record<ScriptArguments['how'], string>> = {
  argparse: 'from its --help',
  'help text': 'from the text of its --help',
  assignments: 'from the settings at its top',
  nothing: 'found: it has no parser of the argparse family',
};

/** How a script is started: Python by the run's interpreter, anything else by itself or by a shell. */
function wordsFor(script: string): readonly string[] {
  const name = basename(script);
  if (name.endsWith('.py')) return ['python', name];
  return statSync(script).mode & 0o100 ? [`./${name}`] : ['sh', name];
}

/** What `python` means to the person: the environment that is switched on, or the one beside the script. */
function activePython(folder: string): string | undefined {
  const { VIRTUAL_ENV, CONDA_PREFIX } = process.env;
  const environments = [VIRTUAL_ENV, CONDA_PREFIX, join(folder, '.venv'), join(folder, 'venv')];
  return environments
    .flatMap((environment) => (environment ? [join(environment, 'bin', 'python')] : []))
    .find((path) => existsSync(path));
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
