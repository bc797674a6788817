import { describe, expect, it } from 'vitest';
import { editDistance, nearestNames } from '../../../../src/shared/domain/nearest.ts';
import { resolvePreset } from '../../../../src/shared/domain/preset.ts';
import { manifest } from '../../../../src/shared/model/workload.ts';
import { usageOf } from '../../../support/expected.ts';

function workload(name: string, presets: string[]) {
  return manifest.parse({
    name,
    title: name,
    version: 1,
    summary: '',
    options: [],
    presets: presets.map((preset) => ({ name: preset, title: preset, summary: '' })),
  });
}

const manifests = [
  workload('memorization', ['quick', 'medium', 'very-deep']),
  workload('hex', ['medium', 'full']),
  workload('scaling', ['full']),
];

describe('resolvePreset', () => {
  it.each([
    ['', 'quick', 'memorization', 'quick'],
    ['', 'medium', 'memorization', 'medium'],
    ['', 'hex/medium', 'hex', 'medium'],
    ['memorization', 'medium', 'memorization', 'medium'],
    ['', 'very_deep', 'memorization', 'very-deep'],
    ['memorization', 'hex/full', 'hex', 'full'],
  ])('"%s" and "%s" mean %s/%s', (name, asked, owner, preset) => {
    const found = resolvePreset(manifests, { workload: name, preset: asked });
    expect([found.manifest.name, found.preset.name]).toEqual([owner, preset]);
  });

  it.each([
    ['', 'quik', 'Did you mean "quick"?'],
    ['', 'zzzz', 'Presets are quick, medium, very-deep, full.'],
    ['', 'full', 'say hex/full or scaling/full'],
    ['memorisation', 'quick', 'Did you mean "memorization"?'],
    ['hex', 'quick', 'The workload hex has no preset "quick".'],
  ])('"%s" and "%s" are refused: %s', (name, asked, part) => {
    expect(usageOf(() => resolvePreset(manifests, { workload: name, preset: asked }))).toContain(part);
  });
});

describe('nearestNames', () => {
  it('counts slips, a swap as one', () => {
    expect(editDistance('epochs', 'epcohs')).toBe(1);
    expect(editDistance('kitten', 'sitting')).toBe(3);
    expect(editDistance('', 'abc')).toBe(3);
  });

  it('puts the nearest first and leaves strangers out', () => {
    expect(nearestNames('worker', ['workers', 'works', 'seed'])).toEqual(['workers', 'works']);
    expect(nearestNames('x', ['threads'])).toEqual([]);
  });
});
