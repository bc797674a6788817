import { describe, expect, it, test } from 'vitest';
import { chooseInterpreter } from '../../../../src/main/python/choose.ts';
import { devicesOf } from '../../../../src/main/python/doctor.ts';
import { judge } from '../../../../src/main/python/judge.ts';
import { bare, facts, usable } from './interpreters.ts';

describe('whether an interpreter can train', () => {
  const verdict = (more: Parameters<typeof facts>[0], architecture = 'arm64') =>
    judge({ path: '/p', facts: facts(more), architecture });

  it('is said yes only with all that a run imports', () => {
    expect(verdict({})).toEqual({ kind: 'usable', facts: facts() });
    expect(verdict({ modules: { torch: '2', numpy: '2' } })).toMatchObject({
      kind: 'unusable',
      sentence: expect.stringContaining('cannot import scipy: install it there'),
    });
    expect(verdict({ modules: {} })).toMatchObject({
      sentence: expect.stringContaining('torch, numpy, scipy: install them'),
    });
  });

  it('tells a translated Python from a native one', () => {
    expect(verdict({ architecture: 'x86_64' })).toMatchObject({
      kind: 'unusable',
      sentence: expect.stringContaining('made for x86_64 and runs translated on this arm64 machine'),
    });
    expect(verdict({ architecture: 'x86_64' }, 'x64').kind).toBe('usable');
    expect(verdict({ architecture: 'aarch64' }).kind).toBe('usable');
  });

  test.each([
    ['3.9.18', 'unusable'],
    ['2.7', 'unusable'],
    ['rubbish', 'unusable'],
    ['3.10.0', 'usable'],
    ['3.14.0rc1', 'usable'],
    ['4.0', 'usable'],
  ])('counts version %s as %s', (version, kind) => {
    expect(verdict({ version }).kind).toBe(kind);
  });
});

describe('the choice', () => {
  it('is the first one that can train, with the reason', () => {
    const choice = chooseInterpreter([bare('/a', 'project'), usable('/b', 'managed'), usable('/c', 'conda')]);
    expect(choice.chosen?.path).toBe('/b');
    expect(choice.sentence).toBe('/b (Python 3.12.4, torch 2.13.0) is used: Minibatch prepared it.');
  });

  it('is the named one or none', () => {
    expect(chooseInterpreter([usable('/g', 'given'), usable('/b', 'project')]).chosen?.path).toBe('/g');
    const refused = chooseInterpreter([bare('/g', 'given'), usable('/b', 'project')]);
    expect(refused).toEqual({ chosen: null, sentence: '/g cannot import torch.' });
  });

  it('says what to do when there is none', () => {
    expect(chooseInterpreter([]).sentence).toContain('No Python was found');
    expect(chooseInterpreter([bare('/a', 'system')]).sentence).toContain('minibatch doctor --prepare');
  });
});

describe('devices', () => {
  const available = (options: Parameters<typeof devicesOf>[0]) =>
    Object.fromEntries(devicesOf(options).map((device) => [device.device, device.available]));
  const mac = { platform: 'darwin', architecture: 'arm64' } as const;

  it('are those that the chosen interpreter can use', () => {
    const mps = { built: true, available: true, recommendedBytes: 16 * 1024 ** 3 };
    expect(available({ ...mac, facts: facts({ mps }) })).toEqual({ cpu: true, mps: true, 'cuda:0': false });
    const cuda = [
      { name: 'A', memoryBytes: 1 },
      { name: 'B', memoryBytes: 1 },
    ];
    expect(available({ platform: 'linux', architecture: 'x64', facts: facts({ cuda }) })).toEqual({
      cpu: true,
      mps: false,
      'cuda:0': true,
      'cuda:1': true,
    });
  });

  it('say why the GPU of a Mac is out of reach', () => {
    const sentence = (mps: Parameters<typeof facts>[0]) =>
      devicesOf({ ...mac, facts: facts(mps) }).find(({ device }) => device === 'mps')?.sentence;
    expect(sentence({ mps: { built: false, available: false, recommendedBytes: null } })).toContain(
      'without MPS',
    );
    expect(sentence({ mps: { built: true, available: false, recommendedBytes: null } })).toContain(
      'virtual machine',
    );
  });

  it('are not known without an interpreter', () => {
    expect(available({ ...mac, facts: null })).toEqual({ cpu: false, mps: false, 'cuda:0': false });
  });
});
