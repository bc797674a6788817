/** A piece of a filter as it was typed. `at` and `end` are positions in the text. */
export type FilterSign =
  | { readonly kind: 'word'; readonly text: string; readonly at: number; readonly end: number }
  /** In quotes: never an operator or a keyword. */
  | { readonly kind: 'quoted'; readonly text: string; readonly at: number; readonly end: number }
  | {
      readonly kind: 'list';
      readonly items: readonly string[];
      readonly at: number;
      readonly end: number;
    }
  | { readonly kind: 'operator'; readonly text: FilterOperator; readonly at: number; readonly end: number }
  | { readonly kind: '('; readonly at: number; readonly end: number }
  | { readonly kind: ')'; readonly at: number; readonly end: number };

export type FilterOperator = '=' | '!=' | '>' | '>=' | '<' | '<=' | ':';

/** What is wrong with a filter, and where: `at` to `end` of its text. */
export interface FilterProblem {
  readonly kind: 'problem';
  readonly at: number;
  readonly end: number;
  readonly sentence: string;
}

export function filterProblem({ at, end }: { at: number; end: number }, sentence: string): FilterProblem {
  return { kind: 'problem', at, end, sentence };
}

const OPERATORS: readonly (readonly [string, FilterOperator])[] = [
  ['==', '='],
  ['!=', '!='],
  ['>=', '>='],
  ['<=', '<='],
  ['≥', '>='],
  ['≤', '<='],
  ['≠', '!='],
  ['=', '='],
  ['>', '>'],
  ['<', '<'],
  [':', ':'],
];
const QUOTES = '"\'“”';

/** Takes a filter apart. */
export function filterSigns(text: string): readonly FilterSign[] | FilterProblem {
  const signs: FilterSign[] = [];
  let at = 0;
  while (at < text.length) {
    const sign = text.charAt(at);
    if (/\s/.test(sign)) {
      at += 1;
      continue;
    }
    const next = nextSign(text, at, sign);
    if (next.kind === 'problem') return next;
    signs.push(next);
    at = next.end;
  }
  return signs;
}

function nextSign(text: string, at: number, sign: string): FilterSign | FilterProblem {
  if (QUOTES.includes(sign)) return quoted(text, at);
  if (sign === '[') return list(text, at);
  if (sign === '(' || sign === ')') return { kind: sign, at, end: at + 1 };
  const operator = operatorAt(text, at);
  if (operator !== null) return { kind: 'operator', text: operator[1], at, end: at + operator[0].length };
  return word(text, at);
}

function operatorAt(text: string, at: number): (typeof OPERATORS)[number] | null {
  return OPERATORS.find(([written]) => text.startsWith(written, at)) ?? null;
}

function word(text: string, at: number): FilterSign {
  let end = at;
  while (end < text.length && !isEndOfWord(text, end)) end += 1;
  // A sign that is nothing by itself, such as a closing bracket, is still text.
  end = Math.max(end, at + 1);
  return { kind: 'word', text: text.slice(at, end), at, end };
}

function isEndOfWord(text: string, at: number): boolean {
  return /[\s()[\]"“”]/.test(text.charAt(at)) || operatorAt(text, at) !== null;
}

function quoted(text: string, at: number): FilterSign | FilterProblem {
  const open = text.charAt(at);
  const closing = open === '“' ? '”' : open;
  let value = '';
  for (let end = at + 1; end < text.length; end += 1) {
    const sign = text.charAt(end);
    if (sign === '\\' && end + 1 < text.length) {
      end += 1;
      value += text.charAt(end);
    } else if (sign === closing) {
      return { kind: 'quoted', text: value, at, end: end + 1 };
    } else {
      value += sign;
    }
  }
  return filterProblem({ at, end: text.length }, `The quote that begins here has no end: add ${closing}.`);
}

function list(text: string, at: number): FilterSign | FilterProblem {
  let depth = 0;
  for (let end = at; end < text.length; end += 1) {
    if (text.charAt(end) === '[') depth += 1;
    if (text.charAt(end) === ']') depth -= 1;
    if (depth === 0) {
      const inside = text.slice(at + 1, end);
      return { kind: 'list', items: listItems(inside), at, end: end + 1 };
    }
  }
  return filterProblem({ at, end: text.length }, 'The list that begins here has no end: add ].');
}

/** The elements of a list, without their quotes; a list within a list stays one text. */
export function listItems(inside: string): readonly string[] {
  const items: string[] = [];
  let depth = 0;
  let quote: string | null = null;
  let item = '';
  for (const sign of inside) {
    if (quote !== null) quote = sign === quote ? null : quote;
    else if (sign === '"' || sign === "'") quote = sign;
    else if (sign === '[') depth += 1;
    else if (sign === ']') depth -= 1;
    if (sign === ',' && depth === 0 && quote === null) {
      items.push(unquoted(item));
      item = '';
    } else {
      item += sign;
    }
  }
  if (item.trim() !== '' || items.length > 0) items.push(unquoted(item));
  return items;
}

function unquoted(text: string): string {
  const item = text.trim();
  const quote = item.charAt(0);
  return (quote === '"' || quote === "'") && item.length > 1 && item.endsWith(quote)
    ? item.slice(1, -1)
    : item;
}
