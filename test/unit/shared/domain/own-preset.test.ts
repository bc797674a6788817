import { describe, expect, it } from 'vitest';
import {
  machineDifference,
  presetDifference,
  presetName,
  PresetProblem,
  resolveOwnPreset,
} from '../../../../src/shared/domain/own-preset.ts';
import { type OwnPresetFile, ownPresetFile } from '../../../../src/shared/model/own-preset.ts';
import { manifest } from '../../../../src/shared/model/workload.ts';

const TINY = manifest.parse({
  name: 'tiny',
  title: 'Tiny',
  version: 1,
  summary: '',
  options: [
    { name: 'widths', type: 'integer-list', default: [1, 2], help: '' },
    { name: 'rate', type: 'number', default: 0.5, help: '', min: 0 },
  ],
  presets: [{ name: 'quick', title: 'Quick', summary: '', options: { widths: [3] } }],
});

function resolve(name: string, files: Record<string, object>) {
  const all = new Map<string, OwnPresetFile>(
    Object.entries(files).map(([key, file]) => [key, ownPresetFile.parse(file)]),
  );
  return resolveOwnPreset(name, TINY, all);
}

describe('an own preset', () => {
  it('has what it inherits, and says in words what differs', () => {
    const files = {
      base: { title: 'Base', extends: 'quick', options: { rate: 2 }, machine: { workers: 2, memoryGb: 8 } },
      child: {
        extends: 'tiny/base',
        options: { widths: [1, 2, 3, 4, 5, 6, 7] },
        machine: { memoryGb: null, device: 'cpu' },
      },
    };
    expect(resolve('child', files)).toMatchObject({
      name: 'child',
      title: 'child',
      summary: 'Base with widths [7 values], on cpu, memory as the machine allows.',
      options: { widths: [1, 2, 3, 4, 5, 6, 7], rate: 2 },
      own: { extends: 'base', machine: { workers: 2, device: 'cpu' } },
    });
    expect(resolve('child', files).own?.machine).not.toHaveProperty('memoryGb');
    expect(resolve('base', files).summary).toBe('Quick with rate 2, 2 workers, 8 GB of memory.');
  });

  it('on a suite keeps its parameters as they are', () => {
    const found = resolve('s', {
      s: { suite: '/x.yaml', options: { lr: { from: 0, to: 1 } }, sweep: { draws: 3 } },
    });
    expect(found).toMatchObject({
      suite: '/x.yaml',
      options: { lr: { from: 0, to: 1 } },
      own: { extends: null, sweep: { draws: 3 } },
    });
  });

  it.each([
    ['both', { extends: 'quick', suite: '/x.yaml' }, ['suite'], 'a preset needs either "extends"'],
    [
      'a sweep without a suite',
      { extends: 'quick', sweep: { draws: 2 } },
      ['sweep'],
      'only the parameters of a suite',
    ],
    [
      'another workload',
      { extends: 'other/quick' },
      ['extends'],
      'there is no preset "other/quick" to extend',
    ],
    [
      'a wrong value',
      { extends: 'quick', options: { rate: -1 } },
      ['options', 'rate'],
      'rate is -1 but takes a number of at least 0',
    ],
  ])('with %s is refused at its key', (_, file, path, sentence) => {
    try {
      resolve('x', { x: file });
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(PresetProblem);
      expect([(error as PresetProblem).path, (error as Error).message]).toEqual([
        path,
        expect.stringContaining(sentence),
      ]);
    }
  });

  it('never ends where presets extend each other, and says so', () => {
    const files = { a: { extends: 'b' }, b: { extends: 'c' }, c: { extends: 'b' } };
    expect(() => resolve('b', files)).toThrow('in a ring: "b", then "c", then "b"');
    expect(() => resolve('a', files)).toThrow('in a ring: "b", then "c", then "b"');
  });

  it('is no preset of the workload under another content', () => {
    expect(() => resolve('quick', { quick: { extends: 'quick' } })).toThrow(
      'is a preset of the workload itself',
    );
  });
});

describe('what is saved', () => {
  const asked = { title: 'T', summary: '', wholeMachine: true };
  const quick = TINY.presets[0] ?? expect.unreachable();

  it('is what differs from the base, and nothing else', () => {
    const options = { widths: [3], rate: 0.7 };
    const machine = { workers: 0, profile: 'aggressive', seed: 42, threads: 2 } as const;
    expect(presetDifference(TINY, quick, { ...asked, options, machine })).toEqual({
      title: 'T',
      extends: 'quick',
      options: { rate: 0.7 },
      machine: { threads: 2 },
    });
  });

  it('takes back machine settings of the base that a form leaves open', () => {
    const base = { workers: 2, memoryGb: 8, seed: 7 };
    expect(machineDifference(base, { machine: { workers: 0, seed: 7 }, wholeMachine: true })).toEqual({
      workers: 0,
      memoryGb: null,
    });
    expect(machineDifference(base, { machine: { workers: 3 }, wholeMachine: false })).toEqual({ workers: 3 });
  });

  it.each([
    ['My Night', 'my-night'],
    ['  Über—große  Nächte! ', 'uber-gro-e-nachte'],
    ['42', 'preset-42'],
    ['🌙', 'preset'],
    ['../../x', 'x'],
    ['x'.repeat(80), 'x'.repeat(48)],
  ])('%j is called %s', (title, name) => {
    expect(presetName(title)).toBe(name);
  });
});
