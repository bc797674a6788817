import {
  type FilterOperator,
  type FilterProblem,
  filterProblem,
  type FilterSign,
  filterSigns,
  listItems,
} from './filter-signs.ts';
import { type FilterValue, filterValue } from './filter-value.ts';
import { suggestion } from './nearest.ts';

/** Which rows are wanted. */
export type Filter =
  | { readonly kind: 'all' }
  /** Words as they were typed: rows that have them in a name or a state. */
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'compare';
      readonly name: string;
      readonly operator: FilterOperator;
      readonly value: FilterValue;
    }
  | { readonly kind: 'one-of'; readonly name: string; readonly values: readonly FilterValue[] }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Filter[] }
  | { readonly kind: 'not'; readonly part: Filter };

export type FilterReading = { readonly kind: 'filter'; readonly filter: Filter } | FilterProblem;

/** Parts within parts; nobody writes more, and a pasted text must not exhaust the stack. */
const MOST_DEPTH = 60;
const LONGEST = 10_000;

/**
 * Reads what was typed into a filter: plain words, `lr>0.01`, `state:failed`, `hidden=[32,32]`, `seed in (1,2)`, joined by `and`,
 * `or`, `not` and brackets; parts beside each other all have to fit. `names` are those that rows have.
 */
export function readFilter(text: string, names: readonly string[]): FilterReading {
  if (text.length > LONGEST)
    return filterProblem({ at: LONGEST, end: text.length }, `A filter has at most ${LONGEST} characters.`);
  const signs = filterSigns(text);
  if (!Array.isArray(signs)) return signs as FilterProblem;
  if (signs.length === 0) return { kind: 'filter', filter: { kind: 'all' } };
  const state: ReaderState = { text, names, signs: signs as readonly FilterSign[], at: 0, depth: 0 };
  const filter = readOr(state);
  if (filter.kind === 'problem') return filter;
  const rest = peek(state);
  if (rest !== undefined) return filterProblem(rest, 'This ) has no ( before it.');
  return { kind: 'filter', filter };
}

interface ReaderState {
  readonly text: string;
  readonly names: readonly string[];
  readonly signs: readonly FilterSign[];
  at: number;
  depth: number;
}

type Part = Filter | FilterProblem;

function peek(state: ReaderState, ahead = 0): FilterSign | undefined {
  return state.signs[state.at + ahead];
}

function isKeyword(sign: FilterSign | undefined, keyword: 'and' | 'or' | 'not' | 'in'): boolean {
  return sign?.kind === 'word' && sign.text.toLowerCase() === keyword;
}

function readOr(state: ReaderState): Part {
  return readChain(state, 'or', readAnd);
}

function readAnd(state: ReaderState): Part {
  return readChain(state, 'and', readNot);
}

/** Parts joined by a keyword; `and` may be left out. */
function readChain(state: ReaderState, keyword: 'and' | 'or', next: (state: ReaderState) => Part): Part {
  const parts: Filter[] = [];
  for (;;) {
    const part = next(state);
    if (part.kind === 'problem') return part;
    parts.push(part);
    const sign = peek(state);
    if (isKeyword(sign, keyword)) {
      state.at += 1;
      continue;
    }
    const goesOn = keyword === 'and' && sign !== undefined && sign.kind !== ')' && !isKeyword(sign, 'or');
    if (!goesOn) break;
  }
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : { kind: keyword, parts };
}

function readNot(state: ReaderState): Part {
  if (!isKeyword(peek(state), 'not')) return readPart(state);
  state.at += 1;
  return deeper(state, () => {
    const part = readNot(state);
    return part.kind === 'problem' ? part : { kind: 'not', part };
  });
}

function deeper(state: ReaderState, read: () => Part): Part {
  state.depth += 1;
  const sign = peek(state) ?? endOf(state);
  const part = state.depth > MOST_DEPTH ? filterProblem(sign, 'This goes too deep.') : read();
  state.depth -= 1;
  return part;
}

function endOf({ text }: ReaderState): { at: number; end: number } {
  return { at: text.length, end: text.length };
}

function readPart(state: ReaderState): Part {
  const sign = peek(state);
  if (sign === undefined) return missing(state);
  if (sign.kind === '(') {
    state.at += 1;
    const inside = deeper(state, () => readOr(state));
    if (inside.kind === 'problem') return inside;
    if (peek(state)?.kind !== ')') return filterProblem(sign, 'This ( has no ) behind it.');
    state.at += 1;
    return inside;
  }
  if (sign.kind === ')') return missing(state);
  if (sign.kind === 'operator') {
    return filterProblem(sign, `A name has to stand before "${sign.text}", as in lr${sign.text}0.1.`);
  }
  if (isKeyword(sign, 'and') || isKeyword(sign, 'or')) return missing(state);
  if (sign.kind !== 'list' && isName(state)) return readComparison(state, sign);
  return readText(state);
}

/** Where a part should stand and there is none. */
function missing(state: ReaderState): FilterProblem {
  const before = state.signs[state.at - 1];
  const sign = peek(state) ?? endOf(state);
  if (before === undefined) return filterProblem(sign, 'Something is missing before this.');
  const word = state.text.slice(before.at, before.end);
  return filterProblem(before, `Something is missing behind "${word}".`);
}

/** What is at hand is a name: something is asked of it. */
function isName(state: ReaderState): boolean {
  const next = peek(state, 1);
  if (next?.kind === 'operator') return true;
  const behind = peek(state, 2);
  return isKeyword(next, 'in') && (behind?.kind === '(' || behind?.kind === 'list');
}

function readComparison(state: ReaderState, sign: Extract<FilterSign, { text: string }>): Part {
  const name = nameOf(state.names, sign.text);
  const next = peek(state, 1);
  state.at += 2;
  if (name === null) {
    const near = suggestion(sign.text, state.names);
    return filterProblem(
      sign,
      `Nothing here is called "${sign.text}".${near === '' ? ' To search for the text itself, put it in quotes.' : near}`,
    );
  }
  if (next?.kind !== 'operator') return readOneOf(state, name);
  const value = peek(state);
  if (value === undefined || value.kind === 'operator' || value.kind === '(' || value.kind === ')')
    return filterProblem(next, `A value has to stand behind "${next.text}".`);
  state.at += 1;
  const read = filterValue(value);
  const ordered = next.text !== '=' && next.text !== '!=' && next.text !== ':';
  if (ordered && read.number === null)
    return filterProblem(
      value,
      `"${next.text}" compares numbers, and "${state.text.slice(value.at, value.end)}" is none.`,
    );
  return { kind: 'compare', name, operator: next.text, value: read };
}

function readOneOf(state: ReaderState, name: string): Part {
  const open = peek(state);
  if (open?.kind === 'list') {
    state.at += 1;
    return { kind: 'one-of', name, values: open.items.map((text) => filterValue({ kind: 'word', text })) };
  }
  const first = state.at + 1;
  while (peek(state) !== undefined && peek(state)?.kind !== ')') state.at += 1;
  const close = peek(state);
  if (open === undefined || close === undefined)
    return filterProblem(open ?? endOf(state), 'This ( has no ) behind it.');
  const inside = state.text.slice(state.signs[first - 1]?.end ?? 0, close.at);
  state.at += 1;
  return {
    kind: 'one-of',
    name,
    values: listItems(inside).map((text) =>
      filterValue(
        text.startsWith('[') ? { kind: 'list', items: listItems(text.slice(1, -1)) } : { kind: 'word', text },
      ),
    ),
  };
}

/** Words beside each other are one text, as they were typed. */
function readText(state: ReaderState): Part {
  const first = peek(state);
  if (first === undefined) return missing(state);
  if (first.kind === 'quoted') {
    state.at += 1;
    return { kind: 'text', text: first.text };
  }
  let last = first;
  for (;;) {
    state.at += 1;
    const sign = peek(state);
    if (sign === undefined || (sign.kind !== 'word' && sign.kind !== 'list')) break;
    if (['and', 'or', 'not'].some((word) => isKeyword(sign, word as 'and')) || isName(state)) break;
    last = sign;
  }
  return { kind: 'text', text: state.text.slice(first.at, last.end) };
}

/** The name as rows have it: as it is written, else without regard to capitals. */
function nameOf(names: readonly string[], given: string): string | null {
  if (names.includes(given)) return given;
  const lower = given.toLowerCase();
  return names.find((name) => name.toLowerCase() === lower) ?? null;
}
