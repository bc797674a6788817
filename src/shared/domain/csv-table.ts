import type { SuiteValue } from '../model/suite.ts';
import type { ParameterKind } from '../model/suite-entry.ts';
import { formatCount, formatNumber } from './format.ts';
import { suggestion } from './nearest.ts';
import { readSuiteText } from './suite-parameters.ts';
import { MOST_EXPERIMENTS, type Values } from './sweep.ts';
import { isWholeFloat } from './written-numbers.ts';

/** What is wrong with a table, and where. The message has line and column as well. */
export class TableFault extends Error {
  /** From 1; null = the table as a whole. */
  readonly line: number | null;
  readonly column: string | null;
  constructor(place: { line: number | null; column?: string | null }, reason: string) {
    const { line, column = null } = place;
    const words = [line === null ? '' : `line ${line}`, column === null ? '' : `column "${column}"`].filter(
      (word) => word !== '',
    );
    super(words.length === 0 ? reason : `${words.join(', ')}: ${reason}`);
    this.name = 'TableFault';
    this.line = line;
    this.column = column;
  }
}

export interface TableRules {
  /** Parameters that columns may name; null = any. */
  readonly names: readonly string[] | null;
  /** What the values of a parameter are elsewhere; absent = anything. */
  readonly kinds: Readonly<Record<string, ParameterKind>>;
}

export interface ParameterRows {
  readonly columns: readonly string[];
  /** An empty cell sets nothing. */
  readonly rows: readonly Values[];
}

const NAME = /^[A-Za-z_][\w.-]*$/;

/**
 * Experiments from CSV text: a head line with the names of parameters, then a row for each. Commas, semicolons (then
 * with decimal commas, too) or tabs between the cells; cells may be quoted. Throws TableFault for the first mistake.
 */
export function readParameterTable(text: string, rules: TableRules): ParameterRows {
  const plain = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const separator = separatorOf(plain);
  const { head, body, rows: count } = splitTable(plain, separator);
  if (head === null)
    throw new TableFault({ line: null }, 'this table is empty; its first line names the parameters');
  const columns = columnsOf(head, rules);
  if (count > MOST_EXPERIMENTS)
    throw new TableFault(
      { line: null },
      `this table has ${formatNumber(count)} rows, more than the ${formatNumber(MOST_EXPERIMENTS)} experiments of a batch; take a part of it`,
    );
  if (count === 0) throw new TableFault({ line: null }, 'this table has a head line and no rows below it');
  return {
    columns,
    rows: body.map((row) => {
      if (row.cells.length !== columns.length)
        throw new TableFault(
          { line: row.line },
          `this row has ${formatCount(row.cells.length, 'cell')} and the head line ${formatCount(columns.length, 'name')}`,
        );
      return Object.fromEntries(
        columns.flatMap((name, at): [string, SuiteValue][] => {
          const cell = (row.cells[at] ?? '').trim();
          if (cell === '') return [];
          return [
            [name, valueOf(cell, { name, line: row.line, separator, kind: rules.kinds[name] ?? 'any' })],
          ];
        }),
      );
    }),
  };
}

function columnsOf(head: Row, { names }: TableRules): string[] {
  const columns = head.cells.map((cell) => cell.trim());
  for (const [at, name] of columns.entries()) {
    const place = { line: head.line, column: name === '' ? String(at + 1) : name };
    if (name === '')
      throw new TableFault(place, 'this column has no name; the first line names the parameters');
    if (!NAME.test(name))
      throw new TableFault(
        place,
        'this is no name of a parameter: letters, digits, "_", "-" and "." after a letter',
      );
    if (columns.indexOf(name) < at)
      throw new TableFault(place, 'this column is there twice; leave one of them out');
    if (names !== null && !names.includes(name))
      throw new TableFault(
        place,
        `there is no parameter of this name.${suggestion(name, names) || ` Parameters are ${names.join(', ') || 'none'}.`}`,
      );
  }
  return columns;
}

interface Place {
  readonly name: string;
  readonly line: number;
  readonly separator: string;
  readonly kind: ParameterKind;
}

function valueOf(cell: string, { name, line, separator, kind }: Place): SuiteValue {
  const decimal =
    separator === ';' && /^[-+]?\d+,\d+([eE][-+]?\d+)?$/.test(cell) ? cell.replace(',', '.') : cell;
  const value = readSuiteText(decimal);
  const fits =
    kind === 'any' ||
    typeof value === kind ||
    (kind === 'number' && typeof value === 'string' && isWholeFloat(value)) ||
    Array.isArray(value);
  if (fits) return value;
  const wanted = kind === 'number' ? 'no number' : 'neither true nor false';
  throw new TableFault(
    { line, column: name },
    `"${cell}" is ${wanted}, but ${name} is ${kind === 'number' ? 'a number' : 'true or false'} everywhere else`,
  );
}

interface Row {
  /** From 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

interface SplitTable {
  readonly head: Row | null;
  /** As many as a batch may have; what comes behind is counted and not kept. */
  readonly body: readonly Row[];
  readonly rows: number;
}

/** Cells as RFC 4180 has them, with any line ends. Lines without a character are left out. */
function splitTable(text: string, separator: string): SplitTable {
  const kept: Row[] = [];
  let count = 0;
  let line = 1;
  let at = 0;
  while (at < text.length) {
    const first = line;
    const cells: string[] = [];
    for (let more = true; more; ) {
      let cell = '';
      const blank = /[^\S\r\n]*/y;
      blank.lastIndex = at;
      const start = at + (blank.exec(text)?.[0].length ?? 0);
      if (text[start] === '"' && separator !== '"') {
        let end = start + 1;
        for (; ; end += 1) {
          if (end >= text.length)
            throw new TableFault({ line }, 'a quotation mark is opened and never closed');
          if (text[end] === '\n') line += 1;
          if (text[end] !== '"') cell += text[end];
          else if (text[end + 1] === '"') {
            cell += '"';
            end += 1;
          } else break;
        }
        at = end + 1;
      }
      const stop = endOfCell(text, at, separator);
      cell += text.slice(at, stop);
      cells.push(cell);
      more = text[stop] === separator;
      at = more ? stop + 1 : stop;
    }
    if (text[at] === '\r') at += 1;
    if (text[at] === '\n') at += 1;
    line += 1;
    if (cells.length === 1 && (cells[0] ?? '').trim() === '') continue;
    count += 1;
    if (kept.length <= MOST_EXPERIMENTS) kept.push({ line: first, cells });
  }
  const [head = null, ...body] = kept;
  return { head, body, rows: Math.max(0, count - 1) };
}

function endOfCell(text: string, from: number, separator: string): number {
  let at = from;
  while (at < text.length && text[at] !== separator && text[at] !== '\n' && text[at] !== '\r') at += 1;
  return at;
}

/** What the head line has most of; a table of one column has none, and then it does not matter. */
function separatorOf(text: string): string {
  const head = /^[^\r\n]*/.exec(text.trimStart())?.[0] ?? '';
  const bare = head.replaceAll(/"(?:[^"]|"")*"/g, '');
  const counts = [',', ';', '\t'].map((separator) => ({ separator, count: bare.split(separator).length }));
  return counts.toSorted((a, b) => b.count - a.count)[0]?.separator ?? ',';
}
