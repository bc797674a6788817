import { stringify } from 'yaml';
import type { Json } from '../../shared/model/json.ts';
import type { ScriptArguments } from '../workloads/script-arguments.ts';

type Parameter = ScriptArguments['parameters'][number];

export interface FirstSuite {
  /** How the script is started. */
  readonly words: readonly string[];
  /** Folder of the script relative to the suite, empty where they lie together. */
  readonly folder: string;
  /** Without its ending; the name of the suite. */
  readonly name: string;
  readonly found: ScriptArguments;
  /** Interpreter, if one was named. */
  readonly python: string | undefined;
}

const NO_NAME = /[^\w.-]/;
/** Where the source says nothing of what is printed. */
const ANY_LOSS = String.raw`(?i)\bloss['"]?[ =:]+(?P<loss>[-+.\w]+)`;
/** Parameters whose spread people look for first, the most likely ones before the others. */
const LIKELY = [
  /^(lr|learning[-_]rate|max[-_]lr|base[-_]lr)$/,
  /^(weight[-_]decay|dropout|hidden.*|width|n[-_]?(layer|embd|head)s?)$/,
  /^batch[-_]size$/,
];

/** The text of a first suite file for a script, with comments that say what else there is. */
export function firstSuite({ words, folder, name, found, python }: FirstSuite): string {
  const usable = found.parameters.filter((parameter) => !NO_NAME.test(parameter.name));
  const seed = usable.find((parameter) => /^(seed|random[-_]seed)$/.test(parameter.name));
  const numbers = usable.filter((parameter) => isNumber(parameter.default));
  const swept = LIKELY.flatMap((likely) => numbers.filter(({ name: one }) => likely.test(one)))[0];
  const fixed = usable.filter((parameter) => parameter !== seed && parameter !== swept);
  const attached = !found.form.includes(' ');
  const places = found.places.map((place) => place.replaceAll(/\W/g, '_'));
  const holes = [...places.map((place) => `{${place}}`), ...(usable.length > 0 ? ['{arguments}'] : [])];
  const command = [...words, ...holes].join(' ');
  const lines = [
    `# What there is to say in a suite: docs/workloads/command.md. Try "minibatch plan ${name}.minibatch.yaml".`,
    `name: ${scalar(name)}`,
    `command: ${scalar(command)}`,
    ...(folder === '' ? [] : [`folder: ${scalar(folder)}`]),
    ...(python === undefined ? [] : [`interpreter: ${scalar(python)}`]),
    ...(usable.length === 0 ? [`# A word in braces is a parameter: ${command} {lr}`] : []),
    ...(attached ? [`arguments: ${scalar(found.form)}`] : []),
    '',
    ...parameterLines(places, fixed),
    ...sweepLines(swept),
    ...(seed === undefined || seed.name !== 'seed'
      ? []
      : ['# Each experiment with these seeds.', 'seeds: [0, 1]']),
    '',
    ...metricLines(found.metrics),
    '',
    '# How an interrupted run goes on:',
    '# resume: {checkpoint: "checkpoints/*.pt", arguments: [--resume, "{checkpoint}"]}',
    '# Data that the script reads, which is linked and not copied; data beside its folder: {root: .., link: [../data]}',
    '# code: {link: [data]}',
    '# What a run needs, until it was measured:',
    '# resources: {memoryMb: 1000, seconds: 600, threads: 1}',
  ];
  return `${lines.join('\n').replaceAll(/\n{3,}/g, '\n\n')}\n`;
}

/** What the script's source told of its metrics, or how to tell them. */
function metricLines({ main, patterns, tensorboard }: ScriptArguments['metrics']): string[] {
  const guessed = patterns.length > 0 ? patterns : tensorboard.length > 0 ? [] : [ANY_LOSS];
  return [
    'metrics:',
    '  # Where they come from: named groups of regular expressions on the output, or "csv: [log.csv]", "jsonLines: true",',
    '  # "tensorboard: [runs]", or "from minibatch import log" in the script. "main" is the one that is compared.',
    ...(main === null && tensorboard.length > 0 ? [] : [`  main: ${scalar(main ?? 'loss')}`]),
    ...(tensorboard.length > 0 ? [`  tensorboard: ${scalar(tensorboard)}`] : []),
    ...(guessed.length > 0 ? ['  patterns:', ...guessed.map((pattern) => `    - ${quoted(pattern)}`)] : []),
  ];
}

/** Between single quotes YAML takes every sign as it is, but the quote itself. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function parameterLines(places: readonly string[], parameters: readonly Parameter[]): string[] {
  if (places.length + parameters.length === 0) return [];
  // Without any value there is no table, only comments.
  const given = parameters.some((parameter) => hasValue(parameter));
  return [
    given ? 'parameters:' : '# parameters:',
    // Without a value the plan refuses the suite and names it.
    ...places.map((place) => `  # ${place}: the script demands it`),
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
    return ['# sweep:', '#   grid: {lr: [0.1, 0.2]}', ''];
  }
  const value = swept.default;
  const whole = Number.isInteger(value) && value >= 2;
  const shown = whole
    ? [Math.round(value / 2), value, value * 2]
    : [value / 3, value, value * 3].map((one) => Number(one.toPrecision(2)));
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
