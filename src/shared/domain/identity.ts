import type { Json, Parameters } from '../model/json.ts';

/** Lower-case hex SHA-256 of a text's UTF-8 bytes. Injected, because shared code has no crypto of its own. */
export type HashText = (text: string) => string;

/** Bits of the hash that become a seed: 48 bits stay exact in a JavaScript number and in NumPy's int64. */
const SEED_HEX_DIGITS = 12;

/**
 * Canonical JSON: keys sorted by code unit, no blanks, numbers in JavaScript's shortest form. Hashes are only
 * ever made from this text, so 1 and 1.0 in a manifest are the same parameter.
 */
export function canonicalJson(value: Json): string {
  if (value === null || typeof value !== 'object') {
    if (typeof value === 'number' && !Number.isFinite(value)) {
      throw new TypeError('A non-finite number has no JSON form; use toWireNumber.');
    }
    return JSON.stringify(value);
  }
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(',')}}`;
}

export interface IdentityParts {
  readonly workload: string;
  /** Workload version of the manifest. */
  readonly version: number;
  readonly parameters: Parameters;
  /** Seed of the run, not of the batch. */
  readonly seed: number;
}

/** 64 hex digits that name an experiment. Device, threads and worker count are no part of it. */
export function identityOf(parts: IdentityParts, hash: HashText): string {
  const { workload, version, parameters, seed } = parts;
  return hash(canonicalJson({ parameters, seed, version, workload }));
}

export interface SeedParts {
  readonly workload: string;
  readonly batchSeed: number;
  readonly parameters: Parameters;
}

/** Seed of a run, 0 to 2^48 - 1: it depends on what is run, never on a position in a list. */
export function seedOf(parts: SeedParts, hash: HashText): number {
  const { workload, batchSeed, parameters } = parts;
  return Number.parseInt(
    hash(canonicalJson({ batchSeed, parameters, workload })).slice(0, SEED_HEX_DIGITS),
    16,
  );
}

/** Array.isArray does not narrow readonly arrays. */
function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
