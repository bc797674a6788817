/** A press on a row of a table that marks several. */
export interface MarkingPress {
  readonly key: string;
  /** Shift: everything from the chosen row to this one. */
  readonly range: boolean;
  /** Command or Control: this one more, or one fewer. */
  readonly toggle: boolean;
}

interface MarkingState {
  readonly marked: ReadonlySet<string>;
  /** The row that was chosen by itself: where a range begins. */
  readonly chosen: string | null;
  /** Every row as the table shows them. */
  readonly keys: readonly string[];
}

/** The rows that are marked after a press. A plain press marks nothing: it chooses one row. */
export function markedAfter(
  press: MarkingPress,
  { marked, chosen, keys }: MarkingState,
): ReadonlySet<string> {
  if (press.range) {
    const ends = [keys.indexOf(chosen ?? press.key), keys.indexOf(press.key)].map((at) => Math.max(0, at));
    return new Set(keys.slice(Math.min(...ends), Math.max(...ends) + 1));
  }
  if (!press.toggle) return new Set();
  const next = new Set(marked.size > 0 || chosen === null ? marked : [chosen]);
  if (!next.delete(press.key)) next.add(press.key);
  return next;
}
