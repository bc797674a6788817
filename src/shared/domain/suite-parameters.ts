import type { Suite, SuiteValue, SweepAxis } from '../model/suite.ts';
import type { SuiteParameter } from '../model/suite-entry.ts';
import { parameterNames } from './suite-override.ts';
import { isWholeFloat } from './written-numbers.ts';

/** Longer lists are told as a number of values. */
const LONGEST_TEXT = 200;

/** The parameters of a suite as a form shows them. */
export function suiteParameters(suite: Suite): SuiteParameter[] {
  return parameterNames(suite).map((name) => ({ name, ...shownValue(suite, name) }));
}

type Shown = Omit<SuiteParameter, 'name'>;

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
  if (zipped !== undefined) return varied(`${zipped.length} values, one with each of its list`);
  if (sweep?.random?.parameters[name] !== undefined) return varied('drawn at random');
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
    return varied(`${axis.from} to ${axis.to}${by}${spacing}`);
  }
  const text = suiteText(axis as SuiteValue);
  const hint = `${axis.length} ${axis.length === 1 ? 'value' : 'values'}`;
  return { text: text.length > LONGEST_TEXT ? '' : text, hint, varies: axis.length > 1 };
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
