import type { Json } from '../model/json.ts';
import type { FilterSign } from './filter-signs.ts';

/** What a name is compared with. */
export interface FilterValue {
  readonly text: string;
  /** Null = it is no number. With a unit (`10min`, `2GB`, `80%`) in seconds, megabytes or as a share of 1. */
  readonly number: number | null;
  /** Null = it is no list. */
  readonly items: readonly string[] | null;
}

const UNITS: Readonly<Record<string, number>> = {
  ms: 0.001,
  s: 1,
  min: 60,
  h: 3_600,
  d: 86_400,
  kb: 1 / 1_024,
  mb: 1,
  gb: 1_024,
  '%': 0.01,
};

const NUMBER = /^([+-]?(?:\d[\d_]*\.?\d*|\.\d+)(?:e[+-]?\d+)?)([a-z%]*)$/i;

/** A value as it was written; what is in quotes is a text, whatever it reads like. */
export function filterValue(
  sign:
    | Pick<Extract<FilterSign, { kind: 'word' | 'quoted' }>, 'kind' | 'text'>
    | Pick<Extract<FilterSign, { kind: 'list' }>, 'kind' | 'items'>,
): FilterValue {
  if (sign.kind === 'list') {
    return { text: `[${sign.items.join(', ')}]`, number: null, items: sign.items };
  }
  const plain = { text: sign.text, number: null, items: null };
  if (sign.kind === 'quoted') return plain;
  const [, digits, suffix = ''] = NUMBER.exec(sign.text) ?? [];
  if (digits === undefined) return plain;
  const number = Number(digits.replaceAll('_', ''));
  if (!Number.isFinite(number)) return plain;
  if (suffix === '') return { ...plain, number };
  const unit = UNITS[suffix.toLowerCase()];
  return unit === undefined ? plain : { ...plain, number: number * unit };
}

/** Whether a value of a row is the one that was written. */
export function isValue(value: Json | undefined, wanted: FilterValue): boolean {
  if (value === undefined || value === null) return ['null', 'none'].includes(wanted.text.toLowerCase());
  if (Array.isArray(value)) {
    const { items } = wanted;
    return items !== null
      ? items.length === value.length && items.every((item, at) => isWritten(value[at], item))
      : value.length === 1 && isWritten(value[0], wanted.text);
  }
  if (typeof value === 'number') return value === wanted.number || isWritten(value, wanted.text);
  return isWritten(value as Json, wanted.text);
}

/** The same more freely: a part of a text, or one of a list. */
export function hasValue(value: Json | undefined, wanted: FilterValue): boolean {
  if (isValue(value, wanted)) return true;
  if (Array.isArray(value)) return value.some((item: Json) => isWritten(item, wanted.text));
  return typeof value === 'string' && plainText(value).includes(plainText(wanted.text));
}

function isWritten(value: Json | undefined, text: string): boolean {
  if (value === undefined) return false;
  if (typeof value === 'string')
    return plainText(value) === plainText(text) || (value.trim() !== '' && Number(value) === numberOf(text));
  if (typeof value === 'object') return plainText(JSON.stringify(value)) === plainText(text);
  return String(value) === text.toLowerCase() || (typeof value === 'number' && value === numberOf(text));
}

function numberOf(text: string): number | null {
  return filterValue({ kind: 'word', text }).number;
}

/** Texts are compared without regard to capitals, and `[32, 32]` is `[32,32]`. */
export function plainText(text: string): string {
  return text.toLowerCase().replaceAll(/,\s+/g, ',').trim();
}
