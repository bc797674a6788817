import { suggestion } from '../../shared/domain/nearest.ts';
import { ExpectedError } from '../../shared/model/error.ts';
import type { Command } from './command.ts';
import type { FlagSpec } from './flags.ts';
import { textTable } from './text-table.ts';

const GLOBAL: readonly FlagSpec[] = [
  {
    name: 'workspace',
    kind: 'string',
    placeholder: 'folder',
    help: 'folder that holds all batches (~/Minibatch)',
  },
  { name: 'json', kind: 'boolean', help: 'print one JSON document as the last line of standard output' },
  { name: 'help', kind: 'boolean', short: 'h', help: 'explain the command' },
];

/** The list of commands. */
export function helpLines(commands: readonly Command[]): string[] {
  const rows = textTable<Command>(
    [
      { title: '', text: (row) => `  minibatch ${row.name}` },
      { title: '', text: (row) => row.summary },
    ],
    commands,
  );
  return [
    'Minibatch runs batches of machine-learning experiments: plan, run in parallel, watch, resume, compare.',
    ...rows,
    '',
    'Everywhere:',
    ...flagLines(GLOBAL),
    '',
    'Exit codes: 0 all succeeded, 1 something failed, 2 wrong usage, 130 interrupted.',
    '"minibatch help <command>" explains a command.',
  ];
}

/** One command with its flags. */
export function commandHelpLines(command: Command): string[] {
  const more = command.openFlags
    ? [
        '',
        'Options of the workload are flags as well (--epochs 10, --architectures 0 2 4), in kebab-case or with',
        'underscores; --set name=value does the same and can be repeated. For a suite --set gives one of its parameters',
        'a value, or with a list, --set lr=[0.1,0.2], or a range, --set "lr={from: 1, to: 9, count: 3}", sweeps it. What',
        'a flag says wins over the suite, and over a preset of your own.',
      ]
    : [];
  return [
    `minibatch ${command.name} ${command.usage}`.trimEnd(),
    '',
    `${command.summary[0]?.toUpperCase() ?? ''}${command.summary.slice(1)}.`,
    '',
    ...flagLines([...command.flags, ...GLOBAL]),
    ...more,
  ];
}

export function findCommand(commands: readonly Command[], name: string): Command {
  const found = commands.find((command) => command.name === name);
  if (found !== undefined) return found;
  const names = commands.map((command) => command.name);
  const near = suggestion(name, names);
  throw new ExpectedError(
    'usage',
    `There is no command "${name}".${near === '' ? ' "minibatch help" lists them.' : near}`,
  );
}

function flagLines(flags: readonly FlagSpec[]): string[] {
  return textTable<FlagSpec>(
    [
      {
        title: '',
        text: (flag) =>
          `  ${flag.short === undefined ? '' : `-${flag.short}, `}--${flag.name}${valueText(flag)}`,
      },
      { title: '', text: (flag) => flag.help },
    ],
    flags,
  ).slice(1);
}

function valueText(flag: FlagSpec): string {
  if (flag.kind === 'boolean') return '';
  if (flag.choices !== undefined) return ` ${flag.choices.join('|')}`;
  return ` <${flag.placeholder ?? (flag.kind === 'string' ? 'text' : 'n')}>`;
}
