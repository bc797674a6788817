/** Names close enough to a mistyped one to be worth suggesting, nearest first. */
export function nearestNames(given: string, names: readonly string[], limit = 3): string[] {
  const wanted = given.toLowerCase();
  // One slip in three letters is a typo; more is another word.
  const tolerance = Math.max(1, Math.floor(wanted.length / 3));
  return names
    .map((name) => ({ name, distance: closeness(wanted, name.toLowerCase()) }))
    .filter((candidate) => candidate.distance <= tolerance)
    .toSorted((a, b) => a.distance - b.distance)
    .slice(0, limit)
    .map((candidate) => candidate.name);
}

/** " Did you mean "epochs"?" or an empty string. */
export function suggestion(given: string, names: readonly string[]): string {
  const near = nearestNames(given, names);
  return near.length === 0 ? '' : ` Did you mean ${near.map((name) => `"${name}"`).join(' or ')}?`;
}

/** Edit distance; a name that merely goes on counts as half a slip. */
function closeness(wanted: string, name: string): number {
  if (wanted.length >= 3 && name.startsWith(wanted)) return 0.5;
  return editDistance(wanted, name);
}

/** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let best = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      );
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        best = Math.min(best, (beforeLast[column - 2] ?? 0) + 1);
      }
      current.push(best);
    }
    beforeLast = last;
    last = current;
  }
  return last[b.length] ?? 0;
}
