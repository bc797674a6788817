import type { Json, Parameters } from '../model/json.ts';
import { canonicalJson } from './identity.ts';

/** Signs of one value within a name. */
const LONGEST_VALUE = 24;

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
  const all = twins.map((twin) => leaves(twin.parameters));
  const own = leaves(result.parameters);
  const paths = new Set(all.flatMap((one) => [...one.keys()]));
  const differing = [...paths].filter((path) => all.some((one) => one.get(path) !== own.get(path)));
  const shown = differing.map((path) => `${path.split('/').at(-1)} ${shortened(own.get(path) ?? 'null')}`);
  const sameParameters = twins.filter(
    (twin) => canonicalJson(twin.parameters) === canonicalJson(result.parameters),
  );
  if (sameParameters.length > 1) shown.push(result.batch);
  return `${result.name} · ${shown.join(', ')}`;
}

/** Values by their path: what differs within a table of values is one of them, not the table. */
function leaves(parameters: Parameters, above = ''): Map<string, string> {
  return new Map(
    Object.entries(parameters).flatMap(([name, value]): [string, string][] =>
      isTable(value)
        ? [...leaves(value, `${above}${name}/`)]
        : [[`${above}${name}`, canonicalJson(value).replaceAll('"', '')]],
    ),
  );
}

function isTable(value: Json): value is Parameters {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A fingerprint tells as much by its beginning. */
function shortened(text: string): string {
  return text.length <= LONGEST_VALUE ? text : `${text.slice(0, LONGEST_VALUE - 1)}…`;
}
