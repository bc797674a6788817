import { describe, expect, it } from 'vitest';
import {
  orderPhases,
  phaseNotes,
  phasesAhead,
  phasesOf,
  statedNeeds,
} from '../../../../src/shared/domain/phases.ts';

describe('statedNeeds', () => {
  it('chains phases where none says what it needs, and takes one at its word where any does', () => {
    expect(statedNeeds([{ name: 'a' }, { name: 'b' }, { name: 'c' }])).toEqual([
      { name: 'a', needs: [] },
      { name: 'b', needs: ['a'] },
      { name: 'c', needs: ['b'] },
    ]);
    expect(statedNeeds([{ name: 'a' }, { name: 'b', needs: [] }])).toEqual([
      { name: 'a', needs: [] },
      { name: 'b', needs: [] },
    ]);
  });
});

describe('orderPhases', () => {
  const names = (phases: Parameters<typeof orderPhases>[0]): string[] => {
    const ordered = orderPhases(phases);
    if (ordered.kind === 'problem') throw new Error(ordered.sentence);
    return ordered.phases.map(({ name }) => name);
  };

  it('puts those first that others need and keeps the rest as it was written', () => {
    expect(
      names([{ name: 'join', needs: ['r', 'l'] }, { name: 'l', needs: ['d'] }, { name: 'r' }, { name: 'd' }]),
    ).toEqual(['r', 'd', 'l', 'join']);
  });

  it('finds a ring that is reached only through others, and names just the ring', () => {
    const ring = [
      { name: 'z', needs: ['a'] },
      { name: 'a', needs: ['b'] },
      { name: 'b', needs: ['a'] },
    ];
    expect(orderPhases(ring)).toEqual({
      kind: 'problem',
      path: [1, 'needs'],
      sentence: 'the phases wait for each other: "a" needs "b" needs "a"',
    });
    expect(orderPhases([{ name: 'a', needs: ['a'] }])).toMatchObject({ kind: 'problem' });
  });
});

describe('phaseNotes', () => {
  it('says which phase waits for which, and counts where there are many', () => {
    const needy = { name: 'join', needs: ['a', 'b', 'c'] };
    expect(phaseNotes([{ name: 'a', needs: [] }, { name: 'b', needs: ['a'] }, needy])).toEqual([
      'Phase b begins when a is done.',
      'Phase join begins when a, b and c are done.',
    ]);
    const many = statedNeeds(Array.from({ length: 12 }, (_, index) => ({ name: `p${index}` })));
    expect(phaseNotes(many)).toEqual(['11 of 12 phases wait for others.']);
  });
});

describe('phasesAhead', () => {
  it('goes back through what is done to what is not', () => {
    const phases = statedNeeds(['a', 'b', 'c'].map((name) => ({ name })));
    const ahead = (...open: string[]) =>
      Object.fromEntries(phasesAhead(phases, (name) => open.includes(name)));
    expect(ahead('a', 'c')).toEqual({ a: [], b: ['a'], c: ['a'] });
    expect(ahead('a', 'b', 'c')).toEqual({ a: [], b: ['a'], c: ['b'] });
    expect(ahead('c')).toEqual({ a: [], b: [], c: [] });
  });
});

describe('phasesOf', () => {
  it('reads a plan without phases as those of its experiments, one after the other', () => {
    const experiments = ['one', 'one', 'two'].map((phase) => ({ phase }));
    expect(phasesOf({ experiments })).toEqual([
      { name: 'one', needs: [] },
      { name: 'two', needs: ['one'] },
    ]);
    expect(phasesOf({ experiments, phases: [{ name: 'x', needs: [] }] })).toEqual([{ name: 'x', needs: [] }]);
  });
});
