/** A wish about the order of starting: these, in this order, directly before another one. */
export interface StartMove {
  readonly indices: readonly number[];
  /** Index of the experiment that they come before; null = behind all others. */
  readonly before: number | null;
}

/** Indices in the order they start after one move. Unknown indices are left out, an unknown `before` counts as null. */
export function movedOrder(order: readonly number[], { indices, before }: StartMove): number[] {
  const known = new Set(order);
  const moved = [...new Set(indices)].filter((index) => known.has(index));
  const taken = new Set(moved);
  const rest = order.filter((index) => !taken.has(index));
  const at = before === null ? -1 : rest.indexOf(before);
  return at < 0 ? [...rest, ...moved] : [...rest.slice(0, at), ...moved, ...rest.slice(at)];
}

/** Position of each experiment in the start order: the plan's, then what was asked for since, oldest first. */
export function startPositions(
  planned: readonly number[],
  moves: readonly StartMove[],
): ReadonlyMap<number, number> {
  const order = moves.reduce<readonly number[]>(movedOrder, planned);
  return new Map(order.map((index, position) => [index, position]));
}
