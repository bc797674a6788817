import type { Json } from '../model/json.ts';

/** Rows that have one value in common. */
export interface RowGroup<Row> {
  readonly key: string;
  /** As people read it. */
  readonly title: string;
  readonly rows: readonly Row[];
}

export interface GroupKey {
  readonly key: string;
  readonly title: string;
  /** What groups are ordered by, one after the other; numbers come before texts, and what has no value comes last. */
  readonly order: readonly GroupOrder[];
}

type GroupOrder = number | string | null;

/** Rows by their key, the groups in the order of their keys, the rows of each in the order given. */
export function groupRows<Row>(
  rows: readonly Row[],
  keyOf: (row: Row) => GroupKey,
): readonly RowGroup<Row>[] {
  const groups = new Map<string, { readonly own: GroupKey; readonly rows: Row[] }>();
  for (const row of rows) {
    const own = keyOf(row);
    const group = groups.get(own.key);
    if (group === undefined) groups.set(own.key, { own, rows: [row] });
    else group.rows.push(row);
  }
  return [...groups.values()]
    .toSorted((a, b) => compareOrders(a.own.order, b.own.order))
    .map(({ own, rows: members }) => ({ key: own.key, title: own.title, rows: members }));
}

function compareOrders(a: GroupKey['order'], b: GroupKey['order']): number {
  for (const [at, one] of a.entries()) {
    const difference = compareOrder(one, b[at] ?? null);
    if (difference !== 0) return difference;
  }
  return 0;
}

function compareOrder(a: GroupOrder, b: GroupOrder): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'number' || typeof b === 'number') return typeof a === 'number' ? -1 : 1;
  return a.localeCompare(b, 'en', { numeric: true });
}

/** The group of a value: `1` and `1.0` are one, a list is one value. */
export function valueKey(value: Json | undefined): GroupKey {
  if (value === undefined || value === null) return { key: 'null', title: 'none', order: [null] };
  const key = JSON.stringify(value);
  if (typeof value === 'number') return { key, title: String(value), order: [value] };
  const title = typeof value === 'string' ? value : Array.isArray(value) ? listText(value) : key;
  return { key, title: title === '' ? 'empty' : title, order: [title] };
}

function listText(items: readonly Json[]): string {
  return `[${items.map((item) => (typeof item === 'string' ? item : JSON.stringify(item))).join(', ')}]`;
}
