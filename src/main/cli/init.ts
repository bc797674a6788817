import { existsSync } from 'node:fs';
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
    { name: 'python', kind: 'string', placeholder: 'path', help: 'interpreter of the script' },
    { name: 'output', kind: 'string', placeholder: 'file', help: 'where to write it (beside the script)' },
    { name: 'force', kind: 'boolean', help: 'replace a file that is there' },
  ],
  async run({ output, inspectScript }, { positionals, values }) {
    const [given, ...surplus] = positionals;
    if (given === undefined || surplus.length > 0)
      throw new ExpectedError('usage', 'Name one script, for example "minibatch init train.py".');
    const script = resolve(given);
    if (!existsSync(script)) throw new ExpectedError('usage', `There is no script ${script}.`);
    const name = basename(script).replace(/\.\w+$/, '');
    const asked = text(values.get('output'));
    const target = asked === undefined ? join(dirname(script), `${name}.minibatch.yaml`) : resolve(asked);
    if (existsSync(target) && values.get('force') !== true)
      throw new ExpectedError('conflict', `${target} is there already; --force replaces it.`);
    const python = text(values.get('python'));
    const found = script.endsWith('.py') ? await inspectScript(script, python) : NOTHING;
    const folder = relative(dirname(target), dirname(script));
    const suite = firstSuite({ script: basename(script), folder, name, found, python });
    // What does not read back would only fail later, and elsewhere.
    parseSuite(suite, target);
    writeFileAtomic(target, suite);
    output.say(`${target}: ${formatCount(found.parameters.length, 'parameter')} ${HOW[found.how]}.`);
    output.say(`Look it over, then: minibatch plan ${relative(process.cwd(), target) || target}`);
    output.document({ file: target, parameters: found.parameters });
    return EXIT.ok;
  },
};

const NOTHING: ScriptArguments = { form: '--{name} {value}', parameters: [], how: 'nothing' };

const HOW: Readonly<Record<ScriptArguments['how'], string>> = {
  argparse: 'from its --help',
  'help text': 'from the text of its --help',
  assignments: 'from the settings at its top',
  nothing: 'found: it has no parser of the argparse family',
};

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
