import type { Json, Parameters } from '../model/json.ts';
import type { ComparedResult } from './compared-result.ts';
import { type Curve, pooledCurve } from './pooled-curve.ts';
import { canonicalJson } from './identity.ts';

/** What the runs of one configuration differ in. By this name each seed is looked at by itself. */
export const SEED = 'seed';

/** The results of one configuration, one or several seeds of it. */
export interface SeedPool extends Omit<ComparedResult, 'curve' | 'seed'> {
  /** How many results were taken together. */
  readonly seeds: number;
  readonly curve: Curve | null;
}

/** Each result by itself. */
export function unpooled(results: readonly ComparedResult[]): SeedPool[] {
  return results.map((result) => ({ ...result, seeds: 1 }));
}

/** Whether some of the results differ in the seed alone. */
export function hasSeeds(results: readonly ComparedResult[]): boolean {
  return new Set(results.map(configuration)).size < results.length;
}

/** The results with their seed as a fact, also where it is no parameter but that of the run. */
export function withSeedFact(results: readonly ComparedResult[]): ComparedResult[] {
  return results.map((result) => {
    const { facts, parameters, seed } = result;
    const known = SEED in facts || SEED in parameters || seed === undefined;
    return known ? result : { ...result, facts: { ...facts, [SEED]: seed } };
  });
}

/**
 * Takes results that differ in nothing but the seed together: all their rows, the mean of their curves, and a name
 * without the seed. The first of them gives the index. Where no two belong together everything stays as it is.
 */
export function poolSeeds(results: readonly ComparedResult[]): SeedPool[] {
  if (!hasSeeds(results)) return unpooled(results);
  const pools = Map.groupBy(results, configuration);
  return [...pools.values()].flatMap((members): SeedPool[] => {
    const [first] = members;
    if (first === undefined) return [];
    return [
      {
        name: nameWithoutSeed(members),
        index: first.index,
        // The label of one that has a name in common with it is made of what differs.
        parameters: changedSeed(first.parameters, [[SEED, 'all']]),
        facts: changedSeed(first.facts, []),
        batch: together(members.map(({ batch }) => batch)),
        device: together(members.map(({ device }) => device)),
        rows: members.flatMap(({ rows }) => rows),
        curve: pooledCurve(members.flatMap(({ curve }) => curve ?? [])),
        seeds: members.length,
      },
    ];
  });
}

/** Equal for results that differ in the seed alone; one that has no seed among its parameters is not like one that has. */
function configuration({ parameters, version }: ComparedResult): string {
  return canonicalJson({ version: version ?? null, parameters: changedSeed(parameters, [[SEED, '']]) });
}

/** With something else in the place of the seed, at any depth: a suite keeps the values of its parameters in a table of their own. */
function changedSeed(parameters: Parameters, place: readonly [string, Json][]): Parameters {
  return Object.fromEntries(
    Object.entries(parameters).flatMap(([name, value]) =>
      name === SEED ? place : [[name, isTable(value) ? changedSeed(value, place) : value]],
    ),
  );
}

function isTable(value: Json): value is Parameters {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function nameWithoutSeed(members: readonly ComparedResult[]): string {
  const names = members.map((member) => withoutMention(member.name, seedOf(member)));
  const [first = ''] = names;
  const name = names.every((other) => other === first) ? first : commonWords(members.map((one) => one.name));
  return name === '' ? 'all seeds' : name;
}

function seedOf({ facts, parameters }: ComparedResult): Json | undefined {
  const { values = null } = parameters;
  return facts[SEED] ?? parameters[SEED] ?? (isTable(values) ? values[SEED] : undefined);
}

/** "lr=0.1 seed=3", "lr 0.1, seed 3" and "lr 0.1 s3" as "lr=0.1" and "lr 0.1". */
function withoutMention(name: string, seed: Json | undefined): string {
  if (typeof seed !== 'number' && typeof seed !== 'string') return name;
  const value = String(seed).replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  const mention = new RegExp(
    String.raw`(^|[\s,;·_/-]+)\(?(?:seed|s)[\s=:_-]*${value}\)?(?=$|[\s,;·_/-])`,
    'i',
  );
  return name.replace(mention, '').replace(/^[\s,;·_/-]+/, '');
}

/** The words that all names have at the same place, for labels that call the seed by no name. */
function commonWords(names: readonly string[]): string {
  const [first = [], ...others] = names.map((name) => name.split(/\s+/));
  if (others.some((words) => words.length !== first.length)) return first.join(' ');
  return first
    .filter((word, at) => others.every((words) => words[at] === word))
    .join(' ')
    .replace(/[\s,;·_/:=(-]+$/, '');
}

function together(names: readonly string[]): string {
  return [...new Set(names)].join(', ');
}
