import type { Json } from '../model/json.ts';
import type { FilterOperator } from './filter-signs.ts';
import type { Filter } from './filter.ts';
import { type FilterValue, hasValue, isValue, plainText } from './filter-value.ts';

/** What a filter asks of the rows. */
export interface FilterFacts<Row> {
  /** The value of a name; undefined = the row has none. */
  readonly value: (row: Row, name: string) => Json | undefined;
  /** Whether the row has a text in what it is called; `text` is in small letters. */
  readonly text: (row: Row, text: string) => boolean;
}

/** A function that says whether a row is wanted. A row without a value fits nothing that is asked of it, other than `!=`. */
export function filterMatch<Row>(filter: Filter, facts: FilterFacts<Row>): (row: Row) => boolean {
  switch (filter.kind) {
    case 'all':
      return () => true;
    case 'text': {
      const text = plainText(filter.text);
      return (row) => facts.text(row, text);
    }
    case 'compare': {
      const { name, operator, value } = filter;
      return (row) => compares(facts.value(row, name), operator, value);
    }
    case 'one-of':
      return (row) => {
        const value = facts.value(row, filter.name);
        return filter.values.some((wanted) => isValue(value, wanted));
      };
    case 'and':
    case 'or': {
      const parts = filter.parts.map((part) => filterMatch(part, facts));
      return filter.kind === 'and'
        ? (row) => parts.every((matches) => matches(row))
        : (row) => parts.some((matches) => matches(row));
    }
    case 'not': {
      const matches = filterMatch(filter.part, facts);
      return (row) => !matches(row);
    }
  }
}

function compares(value: Json | undefined, operator: FilterOperator, wanted: FilterValue): boolean {
  switch (operator) {
    case '=':
      return isValue(value, wanted);
    case '!=':
      return !isValue(value, wanted);
    case ':':
      return hasValue(value, wanted);
    case '>':
    case '>=':
    case '<':
    case '<=':
      return isOrdered(numberOf(value), operator, wanted.number);
  }
}

function isOrdered(value: number | null, operator: '>' | '>=' | '<' | '<=', wanted: number | null): boolean {
  if (value === null || wanted === null) return false;
  if (operator === '>') return value > wanted;
  if (operator === '>=') return value >= wanted;
  return operator === '<' ? value < wanted : value <= wanted;
}

/** A number, also one that a program has written as a text: `"0.10"`, `"Infinity"`. */
function numberOf(value: Json | undefined): number | null {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.trim() === '') return null;
  const number = Number(value);
  return Number.isNaN(number) ? null : number;
}
