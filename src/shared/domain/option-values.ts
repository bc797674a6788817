import { ExpectedError } from '../model/error.ts';
import type { Json, Parameters } from '../model/json.ts';
import type { OptionSpec } from '../model/workload.ts';
import { canonicalJson } from './identity.ts';
import { suggestion } from './nearest.ts';

/** Longest list that a range such as 0-18 may stand for. */
const MAX_LIST = 10_000;

/**
 * The values of every option: given ones over the preset's over the defaults. Names may be spelt with underscores. Texts
 * (from a command line or a form) are read by the option's type. Throws ExpectedError `usage` for the first bad one.
 */
export function resolveOptions(options: {
  readonly specs: readonly OptionSpec[];
  readonly preset: Parameters;
  readonly given: Parameters;
}): Parameters {
  const { specs, preset, given } = options;
  const values: Record<string, Json> = {};
  for (const spec of specs) values[spec.name] = spec.default;
  return { ...values, ...checkOptions(specs, preset), ...checkOptions(specs, given) };
}

/** Checked values under their proper names; options that are not given are not added. */
export function checkOptions(specs: readonly OptionSpec[], given: Parameters): Parameters {
  const values: Record<string, Json> = {};
  for (const [name, value] of Object.entries(given)) {
    const spec = findOption(specs, name);
    values[spec.name] = coerceOption(spec, value);
  }
  return values;
}

/** `name=value` as `--set` takes it. The value may hold further equal signs. */
export function parseAssignment(text: string): { name: string; value: string } {
  const at = text.indexOf('=');
  if (at < 1) throw new ExpectedError('usage', `--set ${text} is not of the form name=value.`);
  return { name: text.slice(0, at), value: text.slice(at + 1) };
}

export function findOption(specs: readonly OptionSpec[], name: string): OptionSpec {
  const wanted = name.replaceAll('_', '-');
  const found = specs.find((spec) => spec.name === wanted);
  if (found !== undefined) return found;
  const names = specs.map((spec) => spec.name);
  throw new ExpectedError(
    'usage',
    `There is no option "${name}".${suggestion(wanted, names)} Options are ${names.join(', ') || 'none for this workload'}.`,
  );
}

/** The value in the option's type. Null is taken only where it is the default. */
export function coerceOption(spec: OptionSpec, value: Json): Json {
  if (canonicalJson(value) === canonicalJson(spec.default)) return value;
  switch (spec.type) {
    case 'integer':
    case 'number':
      return numberOf(spec, value);
    case 'boolean':
      return booleanOf(spec, value);
    case 'choice':
      return choiceOf(spec, value);
    case 'string':
      if (typeof value === 'string') return value;
      if (typeof value === 'number') return String(value);
      return refuse(spec, value);
    case 'integer-list':
      return listOf(spec, value);
  }
}

/** What an option takes, for messages and help: "a whole number from 1 to 100,000". */
export function describeAllowed(spec: OptionSpec): string {
  const { min, max } = spec;
  const range =
    min !== undefined && max !== undefined
      ? ` from ${min} to ${max}`
      : min !== undefined
        ? ` of at least ${min}`
        : max !== undefined
          ? ` of at most ${max}`
          : '';
  switch (spec.type) {
    case 'integer':
      return `a whole number${range}`;
    case 'number':
      return `a number${range}`;
    case 'boolean':
      return 'true or false';
    case 'choice':
      return `one of ${(spec.choices ?? []).join(', ')}`;
    case 'string':
      return 'a text';
    case 'integer-list':
      return `a list of whole numbers${range === '' ? '' : `, each${range}`}, such as 0,2,5-8`;
  }
}

function numberOf(spec: OptionSpec, value: Json): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !fits(spec, number)) return refuse(spec, value);
  return number;
}

function fits(spec: OptionSpec, number: number): boolean {
  const whole = spec.type === 'number' || Number.isSafeInteger(number);
  return (
    whole && Number.isFinite(number) && number >= (spec.min ?? -Infinity) && number <= (spec.max ?? Infinity)
  );
}

function booleanOf(spec: OptionSpec, value: Json): boolean {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string') {
    if (['true', 'yes', 'on', '1'].includes(value.toLowerCase())) return true;
    if (['false', 'no', 'off', '0'].includes(value.toLowerCase())) return false;
  }
  return refuse(spec, value);
}

function choiceOf(spec: OptionSpec, value: Json): string {
  const choices = spec.choices ?? [];
  if (typeof value === 'string') {
    if (choices.includes(value)) return value;
    return refuse(spec, value, suggestion(value, choices));
  }
  return refuse(spec, value);
}

function listOf(spec: OptionSpec, value: Json): number[] {
  const items = typeof value === 'string' ? parseList(spec, value) : Array.isArray(value) ? value : [value];
  return items.map((item: Json) =>
    typeof item === 'number' && fits(spec, item) ? item : refuse(spec, value),
  );
}

/** "0,2,5-8", with or without brackets and blanks. */
function parseList(spec: OptionSpec, text: string): number[] {
  const parts = text
    .trim()
    .replace(/^\[|\]$/g, '')
    .split(/[\s,]+/)
    .filter((part) => part !== '');
  const items: number[] = [];
  for (const part of parts) {
    const range = /^(\d+)-(\d+)$/.exec(part);
    const first = Number(range === null ? part : range[1]);
    const last = range === null ? first : Number(range[2]);
    if (!(first <= last) || items.length + last - first >= MAX_LIST) return refuse(spec, text);
    for (let item = first; item <= last; item++) items.push(item);
  }
  return items;
}

function refuse(spec: OptionSpec, value: Json, hint = ''): never {
  const shown = typeof value === 'string' ? `"${value}"` : JSON.stringify(value);
  throw new ExpectedError('usage', `--${spec.name} is ${shown} but takes ${describeAllowed(spec)}.${hint}`);
}
