import { stringify } from 'yaml';
import type { Json } from '../../shared/model/json.ts';
import type { ScriptArguments } from '../workloads/script-arguments.ts';

type Parameter = ScriptArguments['parameters'][number];

export interface FirstSuite {
  /** File name of the script. */
  readonly script: string;
  /** Folder of the script relative to the suite, empty where they lie together. */
  readonly folder: string;
  /** Without its ending; the name of the suite. */
  readonly name: string;
  readonly found: ScriptArguments;
  /** Interpreter, if one was named. */
  readonly python: string | undefined;
}

const NO_NAME = /[^\w.-]/;
/** Parameters whose spread people look for first. */
const LIKELY =
  /^(lr|learning[-_]rate|weight[-_]decay|dropout|batch[-_]size|hidden.*|width|n[-_]?(layer|embd|head)s?)$/;

/** The text of a first suite file for a script, with comments that say what else there is. */
export function firstSuite({ script, folder, name, found, python }: FirstSuite): string {
  const usable = found.parameters.filter((parameter) => !NO_NAME.test(parameter.name));
  const seed = usable.find((parameter) => /^(seed|random[-_]seed)$/.test(parameter.name));
  const swept = usable.find((parameter) => LIKELY.test(parameter.name) && isNumber(parameter.default));
  const fixed = usable.filter((parameter) => parameter !== seed && parameter !== swept);
  const attached = !found.form.includes(' ');
  const words = [script, ...(usable.length > 0 ? ['{arguments}'] : [])];
  const lines = [
    `# What there is to say in a suite: docs/workloads/command.md. Try "minibatch plan ${name}.minibatch.yaml".`,
    `name: ${scalar(name)}`,
    `command: ${scalar(`python ${words.join(' ')}`)}`,
    ...(folder === '' ? [] : [`folder: ${scalar(folder)}`]),
    ...(python === undefined ? [] : [`interpreter: ${scalar(python)}`]),
    ...(attached ? [`arguments: ${scalar(found.form)}`] : []),
    '',
    ...parameterLines(fixed),
    ...sweepLines(swept),
    ...(seed === undefined || seed.name !== 'seed'
      ? []
      : ['# Each experiment with these seeds.', 'seeds: [0, 1]']),
    '',
    'metrics:',
    '  # The one that is compared, and where it comes from: named groups of a regular expression, or "csv: [log.csv]",',
    '  # "jsonLines: true", "tensorboard: [runs]", or "from minibatch import log" in the script.',
    '  main: loss',
    String.raw`  patterns: ['loss[ =:]+(?P<loss>[-+\d.eE]+)']`,
    '',
    '# How an interrupted run goes on:',
    '# resume: {checkpoint: "checkpoints/*.pt", arguments: [--resume, "{checkpoint}"]}',
    '# Data that the script reads, which is linked and not copied:',
    '# code: {link: [data]}',
    '# What a run needs, until it was measured:',
    '# resources: {memoryMb: 1000, seconds: 600, threads: 1}',
  ];
  return `${lines.join('\n').replaceAll(/\n{3,}/g, '\n\n')}\n`;
}

function parameterLines(parameters: readonly Parameter[]): string[] {
  if (parameters.length === 0) return [];
  // Without any value there is no table, only comments.
  const given = parameters.some((parameter) => hasValue(parameter));
  return [
    given ? 'parameters:' : '# parameters:',
    ...parameters.map((parameter) => parameterLine(parameter)),
    '',
  ];
}

function parameterLine(parameter: Parameter): string {
  const { name, choices, help, required } = parameter;
  const about = [
    help,
    choices.length > 0 ? `one of ${choices.map(String).join(', ')}` : '',
    required ? 'the script demands it' : '',
  ].filter((text) => text !== '');
  const comment = about.length > 0 ? ` # ${about.join('; ')}` : '';
  return hasValue(parameter)
    ? `  ${name}: ${scalar(parameter.default)}${comment}`
    : `  # ${name}:${comment === '' ? '' : ` ${comment.slice(3)}`}`;
}

function hasValue({ default: value }: Parameter): boolean {
  return value !== null && value !== '' && !(Array.isArray(value) && value.length === 0);
}

function sweepLines(swept: Parameter | undefined): string[] {
  if (swept === undefined || !isNumber(swept.default)) {
    return ['# sweep:', '#   grid: {name: [value, value]}', ''];
  }
  const value = swept.default;
  const whole = Number.isInteger(value) && value >= 2;
  const around = whole ? [Math.round(value / 2), value, value * 2] : [value / 3, value, value * 3];
  const shown = around.map((one) => Number(one.toPrecision(2)));
  return [
    'sweep:',
    '  # All combinations; also zip, list and random: {count: 20, parameters: {lr: {logUniform: [1e-4, 1e-1]}}}',
    '  grid:',
    `    ${swept.name}: [${[...new Set(shown)].join(', ')}]${swept.help === '' ? '' : ` # ${swept.help}`}`,
    '',
  ];
}

function isNumber(value: Json): value is number {
  return typeof value === 'number' && value !== 0;
}

/** A value on one line. */
function scalar(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(scalar).join(', ')}]`;
  return stringify(value, { lineWidth: 0, singleQuote: true }).trim();
}
