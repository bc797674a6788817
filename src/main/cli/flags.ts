import { suggestion } from '../../shared/domain/nearest.ts';
import { ExpectedError } from '../../shared/model/error.ts';

export type FlagKind = 'boolean' | 'string' | 'integer' | 'number' | 'choice' | 'integer-list';

/** One flag of a command. Names are kebab-case; people may type underscores as well. */
export interface FlagSpec {
  readonly name: string;
  readonly kind: FlagKind;
  readonly help: string;
  readonly short?: string;
  /** Word for the value in the help text. */
  readonly placeholder?: string;
  readonly min?: number;
  /** The value must be greater than this. */
  readonly above?: number;
  readonly max?: number;
  readonly choices?: readonly string[];
  /** May be given several times; the values are collected. */
  readonly repeated?: boolean;
}

export type FlagValue = boolean | number | string | readonly string[];

export interface ParsedFlags {
  readonly values: ReadonlyMap<string, FlagValue>;
  readonly positionals: readonly string[];
}

/**
 * Reads flags and positionals. Lists take their numbers with blanks or commas between them. `--set name=value`
 * is another spelling of `--name value`. Throws ExpectedError('usage') naming the flag and the way out.
 */
export function parseFlags(args: readonly string[], specs: readonly FlagSpec[]): ParsedFlags {
  const values = new Map<string, FlagValue>();
  const positionals: string[] = [];
  const rest = [...args];

  function store(spec: FlagSpec, value: FlagValue): void {
    if (!spec.repeated) values.set(spec.name, value);
    else
      values.set(spec.name, [
        ...((values.get(spec.name) as readonly string[] | undefined) ?? []),
        String(value),
      ]);
  }

  function take(spec: FlagSpec, given: string | null, shown: string): void {
    if (spec.kind === 'boolean') return store(spec, given === null ? true : toBoolean(given, shown));
    if (spec.kind === 'integer-list') return store(spec, takeList(given, shown));
    const text = given ?? takeValue(rest, shown);
    store(spec, toValue(spec, text, shown));
  }

  /** The text of the list, "0,2,5-8"; what the numbers mean is for the workload's option to say. */
  function takeList(given: string | null, shown: string): string {
    const texts = given === null ? [] : [given];
    if (given === null) while (rest[0] !== undefined && isNumberList(rest[0])) texts.push(rest.shift() ?? '');
    const text = texts.join(',');
    if (text === '') throw usage(`${shown} needs one or more whole numbers, for example "${shown} 0 2 4".`);
    return text;
  }

  function takeSet(given: string | null): void {
    const text = given ?? takeValue(rest, '--set');
    const at = text.indexOf('=');
    if (at < 1) throw usage(`"--set ${text}" is not of the form --set name=value.`);
    const name = canonical(text.slice(0, at));
    take(findSpec(name, specs, `--set ${name}`), text.slice(at + 1), `--set ${name}`);
  }

  while (rest.length > 0) {
    const word = rest.shift() ?? '';
    if (word === '--') {
      positionals.push(...rest.splice(0));
    } else if (word.startsWith('--')) {
      const at = word.indexOf('=');
      const name = canonical(word.slice(2, at < 0 ? undefined : at));
      const given = at < 0 ? null : word.slice(at + 1);
      const negated = name.startsWith('no-')
        ? specs.find((spec) => spec.kind === 'boolean' && spec.name === name.slice(3))
        : undefined;
      if (name === 'set' && specs.length > 0) takeSet(given);
      else if (negated && given === null) store(negated, false);
      else take(findSpec(name, specs, `--${name}`), given, `--${name}`);
    } else if (/^-[a-zA-Z]$/.test(word)) {
      const spec = specs.find((candidate) => candidate.short === word[1]);
      if (spec === undefined) throw usage(`Unknown flag ${word}.`);
      take(spec, null, `--${spec.name}`);
    } else {
      positionals.push(word);
    }
  }
  return { values, positionals };
}

function canonical(name: string): string {
  return name.replaceAll('_', '-');
}

function findSpec(name: string, specs: readonly FlagSpec[], shown: string): FlagSpec {
  const spec = specs.find((candidate) => candidate.name === name);
  if (spec !== undefined) return spec;
  const near = suggestion(
    name,
    specs.map((candidate) => candidate.name),
  ).replaceAll(/"([^"]+)"/g, '--$1');
  throw usage(`Unknown flag ${shown}.${near === '' ? ' "minibatch help" lists what there is.' : near}`);
}

function takeValue(rest: string[], shown: string): string {
  const [next] = rest;
  const isFlag = next !== undefined && next.startsWith('-') && !/^-\.?\d/.test(next) && next !== '-';
  if (next === undefined || isFlag) throw usage(`${shown} needs a value.`);
  rest.shift();
  return next;
}

function isNumberList(text: string): boolean {
  return /^-?\d[\d,-]*$/.test(text);
}

function toBoolean(text: string, shown: string): boolean {
  if (['true', 'yes', 'on', '1'].includes(text.toLowerCase())) return true;
  if (['false', 'no', 'off', '0'].includes(text.toLowerCase())) return false;
  throw usage(`${shown} is a switch: give true or false, not "${text}".`);
}

function toValue(spec: FlagSpec, text: string, shown: string): FlagValue {
  if (spec.kind === 'integer' || spec.kind === 'number') return toNumber(spec, text, shown);
  if (spec.kind === 'choice' && !spec.choices?.includes(text)) {
    const near = suggestion(text, spec.choices ?? []);
    throw usage(`${shown} can be ${(spec.choices ?? []).join(', ')}, not "${text}".${near}`);
  }
  if (text === '') throw usage(`${shown} must not be empty.`);
  return text;
}

function toNumber(spec: FlagSpec, text: string, shown: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(value)) throw usage(`${shown} needs a number, not "${text}".`);
  if (spec.kind === 'integer' && !Number.isSafeInteger(value))
    throw usage(`${shown} needs a whole number, not "${text}".`);
  if (spec.above !== undefined && value <= spec.above)
    throw usage(`${shown} must be more than ${spec.above}, not ${text}.`);
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = spec;
  if (value >= min && value <= max) return value;
  throw usage(`${shown} must be ${rangeText(min, max)}, not ${text}.`);
}

function rangeText(min: number, max: number): string {
  if (max === Number.POSITIVE_INFINITY) return `at least ${min}`;
  if (min === Number.NEGATIVE_INFINITY) return `at most ${max}`;
  return `between ${min} and ${max}`;
}

function usage(message: string): ExpectedError {
  return new ExpectedError('usage', message);
}
