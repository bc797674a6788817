import { useMemo, useState } from 'react';
import type { ExperimentRecord } from '../../../shared/model/run.ts';

/** Rows in the order they had when the person began to look; their contents are always the newest. */
export function useHeldOrder(sorted: readonly ExperimentRecord[]): {
  readonly rows: readonly ExperimentRecord[];
  readonly hold: (held: boolean) => void;
} {
  const [held, setHeld] = useState<readonly number[] | null>(null);
  const hold = (wanted: boolean): void => setHeld(wanted ? sorted.map((row) => row.index) : null);
  const rows = useMemo(() => (held === null ? sorted : inOrder(sorted, held)), [sorted, held]);
  return { rows, hold };
}

/** `rows` in the order of `indices`; those that the order does not know come last. */
export function inOrder(
  rows: readonly ExperimentRecord[],
  indices: readonly number[],
): readonly ExperimentRecord[] {
  const places = new Map(indices.map((index, place) => [index, place]));
  const place = (row: ExperimentRecord): number => places.get(row.index) ?? places.size;
  return rows.toSorted((a, b) => place(a) - place(b));
}
