import type { Parameters } from '../model/json.ts';
import { canonicalJson } from './identity.ts';

interface Labelled {
  readonly name: string;
  readonly index: number;
  readonly parameters: Parameters;
  readonly batch: string;
}

/**
 * Gives every result a name and an index of its own. Results that share a name (the same shape trained with other
 * options) are told apart by the parameters in which they differ, else by their batch. The first of an index keeps it;
 * later ones get free numbers above.
 */
export function distinctLabels<R extends Labelled>(results: readonly R[]): R[] {
  const taken = new Set<number>();
  let free = Math.max(-1, ...results.map((result) => result.index)) + 1;
  return results.map((result) => {
    const index = taken.has(result.index) ? free++ : result.index;
    taken.add(index);
    const twins = results.filter((other) => other.name === result.name);
    return { ...result, index, name: twins.length === 1 ? result.name : longName(result, twins) };
  });
}

function longName(result: Labelled, twins: readonly Labelled[]): string {
  const names = new Set(twins.flatMap((twin) => Object.keys(twin.parameters)));
  const text = (twin: Labelled, name: string): string => canonicalJson(twin.parameters[name] ?? null);
  const differing = [...names].filter((name) =>
    twins.some((twin) => text(twin, name) !== text(result, name)),
  );
  const shown = differing.map((name) => `${name} ${text(result, name).replaceAll('"', '')}`);
  const sameParameters = twins.filter(
    (twin) => canonicalJson(twin.parameters) === canonicalJson(result.parameters),
  );
  if (sameParameters.length > 1) shown.push(result.batch);
  return `${result.name} · ${shown.join(', ')}`;
}
