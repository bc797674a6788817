import { ExpectedError } from '../model/error.ts';
import type { Json } from '../model/json.ts';
import { type FilterReading, readFilter } from './filter.ts';
import { filterMatch } from './filter-match.ts';

/** Where a fact of a row comes from. */
export type FieldPart = 'run' | 'parameter' | 'fact' | 'metric' | 'result';

/** A fact of a row by the name that filters, columns and exports call it. */
export interface Field<Row> {
  readonly name: string;
  readonly title: string;
  readonly part: FieldPart;
  /** In full precision; undefined and null = the row has none. */
  readonly value: (row: Row) => Json | undefined;
}

/** What rows are told by. */
export interface RowFacts<Row> {
  readonly fields: readonly Field<Row>[];
  /** What plain words are searched in: in small letters already, or one of them as a whole. */
  readonly text: (row: Row, wanted: string) => boolean;
}

export type RowSelection<Row> =
  | { readonly kind: 'filter'; readonly rows: readonly Row[] }
  | Extract<FilterReading, { kind: 'problem' }>;

/** The rows that a filter wants, or what is wrong with it. */
export function selectRows<Row>(
  rows: readonly Row[],
  text: string,
  { fields, text: contains }: RowFacts<Row>,
): RowSelection<Row> {
  const reading = readFilter(
    text,
    fields.map(({ name }) => name),
  );
  if (reading.kind === 'problem') return reading;
  if (reading.filter.kind === 'all') return { kind: 'filter', rows };
  const byName = new Map(fields.map((field) => [field.name, field]));
  const matches = filterMatch<Row>(reading.filter, {
    value: (row, name) => byName.get(name)?.value(row),
    text: contains,
  });
  return { kind: 'filter', rows: rows.filter(matches) };
}

/** The same where a filter that cannot be read ends what was asked for. Throws ExpectedError('usage'). */
export function rowsWhere<Row>(rows: readonly Row[], text: string, facts: RowFacts<Row>): readonly Row[] {
  const selection = selectRows(rows, text, facts);
  if (selection.kind === 'filter') return selection.rows;
  const { at, sentence } = selection;
  throw new ExpectedError('usage', `The filter "${text}" cannot be read at character ${at + 1}: ${sentence}`);
}

/** Settings within settings by their path, `optimizer.rate`; a list is one value. */
export function flatValues(
  record: Readonly<Record<string, Json>>,
  path = '',
): readonly (readonly [string, Json])[] {
  return Object.entries(record).flatMap(([name, value]): readonly (readonly [string, Json])[] =>
    isGroup(value) ? flatValues(value, `${path}${name}.`) : [[`${path}${name}`, value]],
  );
}

function isGroup(value: Json): value is Readonly<Record<string, Json>> {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0
  );
}

/** The value at such a path. */
export function valueAt(record: Readonly<Record<string, Json>>, path: string): Json | undefined {
  const own = record[path];
  if (own !== undefined) return own;
  let rest = path;
  let inside: Json | undefined = record;
  // Names may have dots themselves: the longest that is there is taken.
  while (rest !== '' && isObject(inside)) {
    const names: string[] = Object.keys(inside);
    const name: string | undefined = names
      .filter((one) => rest === one || rest.startsWith(`${one}.`))
      .toSorted((a, b) => b.length - a.length)[0];
    if (name === undefined) return undefined;
    inside = inside[name];
    rest = rest.slice(name.length + 1);
  }
  return rest === '' ? inside : undefined;
}

function isObject(value: Json | undefined): value is Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `ratio/mean` as "Ratio mean", `learning-rate` as "Learning rate". */
export function wordsOf(name: string): string {
  const words = name.replaceAll(/[/_-]/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
