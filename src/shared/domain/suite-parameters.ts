import type { Suite, SuiteValue, SweepAxis } from '../model/suite.ts';
import type { ParameterKind, SuiteCheck, SuiteParameter } from '../model/suite-entry.ts';
import { parameterNames } from './suite-override.ts';
import { isWholeFloat } from './written-numbers.ts';

/** Longer lists are told as a number of values. */
const LONGEST_TEXT = 200;

/** The parameters of a suite as a form shows them. */
export function suiteParameters(suite: Suite): SuiteParameter[] {
  const kinds = parameterKinds(suite);
  return parameterNames(suite).map((name) => ({
    name,
    kind: kinds[name] ?? 'any',
    ...shownValue(suite, name),
  }));
}

/** The factors of a suite that are no parameters of their own. */
export function sweepFacts({ sweep, seeds }: Suite): NonNullable<SuiteFacts['sweep']> {
  return {
    draws: sweep?.random?.count ?? null,
    rows: sweep?.list?.length ?? 0,
    listed: [...new Set((sweep?.list ?? []).flatMap((row) => Object.keys(row)))],
    seeds: seeds === undefined ? null : typeof seeds === 'number' ? seeds : seeds.length,
  };
}

type SuiteFacts = Extract<SuiteCheck, { kind: 'ok' }>;
type Shown = Omit<SuiteParameter, 'name' | 'kind'>;

function shownValue(suite: Suite, name: string): Shown {
  const { sweep } = suite;
  const inPhases = (suite.phases ?? []).filter(
    ({ parameters, sweep: own }) =>
      name in parameters || name in (own?.grid ?? {}) || name in (own?.zip ?? {}),
  );
  if (inPhases.length > 0) return varied(`as in ${inPhases.map((phase) => phase.name).join(', ')}`);
  const axis = sweep?.grid[name];
  if (axis !== undefined) return axisShown(axis);
  const zipped = sweep?.zip[name];
  if (zipped !== undefined) {
    const text = suiteText(zipped as SuiteValue);
    const hint = `${zipped.length} values, one with each of its list`;
    return { text: text.length > LONGEST_TEXT ? '' : text, hint, varies: true, together: true };
  }
  const draw = sweep?.random?.parameters[name];
  if (draw !== undefined) return { ...varied('drawn at random'), setting: draw };
  if (sweep?.list?.some((values) => name in values)) return varied('as in the list');
  if (name === 'seed' && suite.seeds !== undefined) return varied('seeds of the suite');
  const value = suite.parameters[name];
  const text = value === undefined ? '' : suiteText(value);
  return { text, hint: name === 'seed' && text === '' ? 'of the run' : '', varies: false };
}

function varied(hint: string): Shown {
  return { text: '', hint, varies: true };
}

function axisShown(axis: SweepAxis): Shown {
  if (!Array.isArray(axis)) {
    const spacing = axis.scale === 'log' ? ', log scale' : '';
    const by = axis.count === undefined ? ` by ${axis.step ?? 1}` : `, ${axis.count} values`;
    return { ...varied(`${axis.from} to ${axis.to}${by}${spacing}`), setting: axis };
  }
  const text = suiteText(axis as SuiteValue);
  const hint = `${axis.length} ${axis.length === 1 ? 'value' : 'values'}`;
  return { text: text.length > LONGEST_TEXT ? '' : text, hint, varies: axis.length > 1 };
}

/** What the values of the parameters of a suite are, as far as it says them: of what a table is checked against. */
export function parameterKinds(suite: Suite): Record<string, ParameterKind> {
  const parts = [suite, ...(suite.phases ?? [])];
  const seen = new Map<string, SuiteValue[]>();
  const see = (name: string, ...values: readonly SuiteValue[]): void => {
    seen.set(name, [...(seen.get(name) ?? []), ...values]);
  };
  for (const { parameters, sweep } of parts) {
    for (const [name, value] of Object.entries(parameters)) see(name, value);
    for (const [name, axis] of Object.entries(sweep?.grid ?? {}))
      see(name, ...(Array.isArray(axis) ? axis : [axis.from, axis.to]));
    for (const [name, values] of Object.entries(sweep?.zip ?? {})) see(name, ...values);
    for (const row of sweep?.list ?? []) for (const [name, value] of Object.entries(row)) see(name, value);
    for (const [name, draw] of Object.entries(sweep?.random?.parameters ?? {}))
      see(name, ...(draw.choice ?? [0]));
  }
  return { seed: 'number', ...Object.fromEntries([...seen].map(([name, values]) => [name, kindOf(values)])) };
}

function kindOf(values: readonly SuiteValue[]): ParameterKind {
  const is = (test: (value: SuiteValue) => boolean): boolean => values.length > 0 && values.every(test);
  if (is((value) => typeof value === 'number' || (typeof value === 'string' && isWholeFloat(value))))
    return 'number';
  return is((value) => typeof value === 'boolean') ? 'boolean' : 'any';
}

/** A value as a person writes it: as in a suite file, quotation marks only where they are needed. */
export function suiteText(value: SuiteValue): string {
  return Array.isArray(value) ? `[${value.map(scalarText).join(', ')}]` : scalarText(value);
}

/** The value that such a text stands for. A list becomes an axis of the grid. */
export function readSuiteText(text: string): SuiteValue {
  const trimmed = text.trim();
  const inner = /^\[(.*)\]$/s.exec(trimmed)?.[1];
  if (inner === undefined) return readScalar(trimmed);
  return inner.trim() === '' ? [] : (inner.match(ITEM) ?? []).map((item) => readScalar(item.trim()));
}

type Scalar = Exclude<SuiteValue, readonly unknown[]>;

/** An item of a list: quoted, where a comma may stand in it, or up to the next comma. */
const ITEM = /\s*"(?:[^"\\]|\\.)*"\s*(?=,|$)|[^,]+/gs;

function scalarText(value: Scalar): string {
  if (typeof value !== 'string') return String(value);
  const plain = /^[^\s[\]{},"'][^[\]{},"]*$/.test(value) && value.trim() === value;
  return plain && readScalar(value) === value ? value : JSON.stringify(value);
}

function readScalar(text: string): Scalar {
  // Its number would be that of "1", which is another text for a command.
  if (isWholeFloat(text)) return text;
  try {
    const value: unknown = JSON.parse(text);
    return value === null || typeof value !== 'object' ? (value as Scalar) : text;
  } catch {
    return text;
  }
}
