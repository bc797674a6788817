import { useMemo, useState } from 'react';

/** Rows in the order they had when the person began to look; their contents are always the newest. */
export function useHeldOrder<Row>(
  sorted: readonly Row[],
  indexOf: (row: Row) => number,
): {
  readonly rows: readonly Row[];
  readonly hold: (held: boolean) => void;
} {
  const [held, setHeld] = useState<readonly number[] | null>(null);
  const hold = (wanted: boolean): void => setHeld(wanted ? sorted.map(indexOf) : null);
  const rows = useMemo(
    () => (held === null ? sorted : inOrder(sorted, held, indexOf)),
    [sorted, held, indexOf],
  );
  return { rows, hold };
}

/** `rows` in the order of `indices`; those that the order does not know come last. */
export function inOrder<Row>(
  rows: readonly Row[],
  indices: readonly number[],
  indexOf: (row: Row) => number,
): readonly Row[] {
  const places = new Map(indices.map((index, place) => [index, place]));
  const place = (row: Row): number => places.get(indexOf(row)) ?? places.size;
  return rows.toSorted((a, b) => place(a) - place(b));
}
