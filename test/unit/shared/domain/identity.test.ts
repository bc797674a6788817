import { describe, expect, it } from 'vitest';
import { sha256 } from '../../../../src/main/platform/hash.ts';
import { canonicalJson, identityOf, seedOf } from '../../../../src/shared/domain/identity.ts';

describe('canonicalJson', () => {
  it('sorts keys at every depth and leaves lists alone', () => {
    expect(canonicalJson({ b: [2, 1, { z: null, a: 'ü"' }], a: 1.5, A: true })).toBe(
      '{"A":true,"a":1.5,"b":[2,1,{"a":"ü\\"","z":null}]}',
    );
  });

  it('refuses what JSON cannot say', () => {
    expect(() => canonicalJson({ a: Number.NaN })).toThrow(TypeError);
  });
});

describe('identity and seed', () => {
  const parameters = { hidden: [32, 32] };

  it('has the seed that docs/formats.md defines', () => {
    // sha256 of {"batchSeed":42,"parameters":{"hidden":[32,32]},"workload":"memorization"} begins with 7d12757d1a10.
    expect(seedOf({ workload: 'memorization', batchSeed: 42, parameters }, sha256)).toBe(0x7d12757d1a10);
  });

  it('does not depend on the order of keys', () => {
    const one = identityOf({ workload: 'w', version: 1, seed: 7, parameters: { a: 1, b: 2 } }, sha256);
    expect(identityOf({ workload: 'w', version: 1, seed: 7, parameters: { b: 2, a: 1 } }, sha256)).toBe(one);
    expect(one).toMatch(/^[0-9a-f]{64}$/);
  });

  it('changes with each of its parts', () => {
    const base = { workload: 'w', version: 1, seed: 7, parameters };
    const identities = [
      base,
      { ...base, workload: 'v' },
      { ...base, version: 2 },
      { ...base, seed: 8 },
      { ...base, parameters: {} },
    ].map((parts) => identityOf(parts, sha256));
    expect(new Set(identities).size).toBe(5);
  });
});
