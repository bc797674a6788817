import type { DrawSpec, Sweep, SweepAxis, SuiteValue } from '../model/suite.ts';
import { SuiteProblem } from '../model/suite.ts';
import { canonicalJson, type HashText } from './identity.ts';

/** More experiments than this are refused with their number, before anything is made of them. */
export const MOST_EXPERIMENTS = 10_000;
/** Hex digits of a hash that make a random number: 52 bits, as many as a double holds. */
const RANDOM_DIGITS = 13;

export type Values = Readonly<Record<string, SuiteValue>>;
type Path = readonly PropertyKey[];

/** One factor of the product: how many there are, and the nth of them. */
interface Factor {
  readonly names: readonly string[];
  readonly count: number;
  at(position: number): Values;
}

/** How many assignments a sweep has, by arithmetic alone. Throws SuiteProblem for one that has none or no meaning. */
export function countSweep(sweep: Sweep, path: Path): number {
  return factorsOf(sweep, { path, seed: 0, hash: () => '' }).reduce(
    (count, factor) => count * factor.count,
    1,
  );
}

export interface Randomness {
  /** Seed of draws for which the suite names none. */
  readonly seed: number;
  readonly hash: HashText;
}

/** Every assignment, the last factor running fastest. Count it first. */
export function expandSweep(sweep: Sweep, path: Path, randomness: Randomness): Values[] {
  let all: Values[] = [{}];
  for (const factor of factorsOf(sweep, { path, ...randomness })) {
    const choices = Array.from({ length: factor.count }, (_, position) => factor.at(position));
    all = all.flatMap((values) => choices.map((choice) => ({ ...values, ...choice })));
  }
  return all;
}

function factorsOf(sweep: Sweep, context: Randomness & { path: Path }): Factor[] {
  const { path } = context;
  if (sweep.csv !== undefined)
    throw new SuiteProblem(
      [...path, 'csv'],
      `the table ${sweep.csv} lies beside the suite and is read there: start it with "minibatch run"`,
    );
  const factors = [
    ...Object.entries(sweep.grid).map(([name, axis]) => gridFactor(name, axis, [...path, 'grid', name])),
    ...zipFactor(sweep.zip, [...path, 'zip']),
    ...listFactor(sweep.list),
    ...randomFactor(sweep.random, context),
  ];
  const seen = new Map<string, number>();
  for (const [at, factor] of factors.entries()) {
    for (const name of factor.names) {
      if (seen.has(name) && seen.get(name) !== at)
        throw new SuiteProblem(path, `the parameter "${name}" is swept twice; leave one of them out`);
      seen.set(name, at);
    }
  }
  return factors;
}

/** The values of an axis one by one. Throws SuiteProblem. */
export function axisValues(name: string, axis: SweepAxis, path: Path): SuiteValue[] {
  const { count, at } = gridFactor(name, axis, path);
  if (count > MOST_EXPERIMENTS) throw new SuiteProblem(path, `"${name}" has ${count} values`);
  return Array.from({ length: count }, (_, position) => at(position)[name] ?? null);
}

function gridFactor(name: string, axis: SweepAxis, path: Path): Factor {
  if (Array.isArray(axis)) {
    return { names: [name], count: axis.length, at: (position) => ({ [name]: axis[position] ?? null }) };
  }
  const { from, to, step, count, scale } = axis;
  if (step !== undefined && count !== undefined)
    throw new SuiteProblem(path, `"${name}" has a step and a count; give one of them`);
  if (scale === 'log') {
    if (!(from > 0 && to > 0)) throw new SuiteProblem(path, `"${name}" on a log scale needs ends above 0`);
    if (count === undefined) throw new SuiteProblem(path, `"${name}" on a log scale needs a count`);
  }
  if (count !== undefined) {
    return {
      names: [name],
      count,
      at: (position) => ({ [name]: between({ from, to, count, scale }, position) }),
    };
  }
  const distance = step ?? 1;
  // A hair more, so that 0 to 1 by 0.1 ends with 1 in spite of rounding.
  const steps = Math.floor((to - from) / distance + 1e-9) + 1;
  if (steps < 1)
    throw new SuiteProblem(path, `"${name}" goes from ${from} to ${to}: that is no value at all`);
  return { names: [name], count: steps, at: (position) => ({ [name]: tidy(from + position * distance) }) };
}

function between(
  { from, to, count, scale }: { from: number; to: number; count: number; scale: 'linear' | 'log' },
  position: number,
): number {
  if (position === 0) return from;
  if (position === count - 1) return to;
  const part = position / (count - 1);
  return tidy(scale === 'log' ? from * (to / from) ** part : from + (to - from) * part);
}

function zipFactor(zip: Sweep['zip'], path: Path): Factor[] {
  const [first, ...others] = Object.entries(zip);
  if (first === undefined) return [];
  const [name, list] = first;
  for (const [other, values] of others) {
    if (values.length !== list.length)
      throw new SuiteProblem(
        [...path, other],
        `"${other}" has ${values.length} values and "${name}" has ${list.length}; a zip needs equally many`,
      );
  }
  return [
    {
      names: Object.keys(zip),
      count: list.length,
      at: (position) =>
        Object.fromEntries(Object.entries(zip).map(([key, all]) => [key, all[position] ?? null])),
    },
  ];
}

function listFactor(list: Sweep['list']): Factor[] {
  if (list === undefined) return [];
  const names = [...new Set(list.flatMap((values) => Object.keys(values)))];
  return [{ names, count: list.length, at: (position) => list[position] ?? {} }];
}

function randomFactor(random: Sweep['random'], context: Randomness & { path: Path }): Factor[] {
  if (random === undefined) return [];
  const { hash, path } = context;
  const seed = random.seed ?? context.seed;
  for (const [name, draw] of Object.entries(random.parameters)) {
    const range = draw.uniform ?? draw.logUniform ?? draw.integer;
    const where = [...path, 'random', 'parameters', name];
    if (range !== undefined && range[0] > range[1])
      throw new SuiteProblem(
        where,
        `"${name}" is drawn between ${range[0]} and ${range[1]}, the lowest comes first`,
      );
    if (draw.logUniform !== undefined && draw.logUniform[0] <= 0)
      throw new SuiteProblem(where, `"${name}" is drawn log-uniformly, which needs a lowest value above 0`);
  }
  return [
    {
      names: Object.keys(random.parameters),
      count: random.count,
      at: (position) =>
        Object.fromEntries(
          Object.entries(random.parameters).map(([name, draw]) => {
            const digits = hash(canonicalJson({ seed, name, position })).slice(0, RANDOM_DIGITS);
            return [name, drawn(draw, Number.parseInt(digits, 16) / 16 ** RANDOM_DIGITS)];
          }),
        ),
    },
  ];
}

/**
 * The value for a random number in [0, 1). Each is made from the seed, the name and its number alone: another order of
 * the keys, another parameter or more draws leave it as it is.
 */
function drawn(draw: DrawSpec, random: number): SuiteValue {
  if (draw.uniform) return draw.uniform[0] + (draw.uniform[1] - draw.uniform[0]) * random;
  if (draw.logUniform) return draw.logUniform[0] * (draw.logUniform[1] / draw.logUniform[0]) ** random;
  if (draw.integer) {
    const [lowest, highest] = [Math.ceil(draw.integer[0]), Math.floor(draw.integer[1])];
    return lowest + Math.floor((highest - lowest + 1) * random);
  }
  const choices = draw.choice ?? [];
  return choices[Math.floor(choices.length * random)] ?? null;
}

/** 0.30000000000000004 is 0.3 in a file name and in an identity. */
function tidy(value: number): number {
  return Number(value.toPrecision(12));
}
