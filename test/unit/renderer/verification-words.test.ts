import { describe, expect, it } from 'vitest';
import { verify } from '../../../src/shared/domain/standing.ts';
import {
  partAppearance,
  toldMissing,
  verdict,
} from '../../../src/renderer/views/batch/verification-words.ts';
import type { ExperimentRecord } from '../../../src/shared/model/run.ts';
import { experiment } from './records.ts';

function postponed(row: ExperimentRecord): ExperimentRecord {
  return { ...row, state: { kind: 'postponed', sentence: 'later' } };
}

const rows = Array.from({ length: 30 }, (_, index) => experiment(index, 'succeeded'));
/** Of the rows, those with an index in the list have no valid result. */
const without = (experiments: readonly ExperimentRecord[], missing: readonly number[]) =>
  verify('a', experiments, ({ index }) => (missing.includes(index) ? 'result.json is missing.' : null));

describe('a verification in words', () => {
  it('says when everything expected was found, and what was put off', () => {
    const whole = without(rows.slice(0, 3), []);
    expect(verdict(whole)).toBe('All 3 expected results were read again and are valid.');
    expect(whole.parts.map((part) => partAppearance(part).word)).toEqual(['Complete']);
    const [first, ...others] = rows.slice(0, 3);
    const later = { ...experiment(9), ...(first ? postponed(first) : {}), phase: 'later' };
    const partly = without([...others, later], []);
    expect(verdict(partly)).toBe('All 2 expected results were read again and are valid; 1 postponed.');
    expect(partly.parts.map((part) => partAppearance(part).word)).toEqual(['Complete', 'Postponed']);
  });

  it('counts what is missing for each part, and does not hide it behind the others', () => {
    const phased = rows.map((row) => ({ ...row, phase: row.index < 5 ? 'first' : 'second' }));
    const found = without(phased, [1, 2]);
    expect(verdict(found)).toBe('28 of 30 expected results found and valid.');
    expect(found.parts.map((part) => partAppearance(part))).toMatchObject([
      { word: '2 missing', tone: 'warning' },
      { word: 'Complete', tone: 'succeeded' },
    ]);
    expect(toldMissing(found.parts).told.map(({ index }) => index)).toEqual([1, 2]);
  });

  it('tells the first of very many, and how many more there are', () => {
    const { told, more } = toldMissing(
      without(
        rows,
        rows.map(({ index }) => index),
      ).parts,
    );
    expect([told.length, more]).toEqual([20, 10]);
  });

  it('has a sentence for a batch of which everything is postponed', () => {
    expect(verdict(without(rows.map(postponed), []))).toBe(
      'Nothing is expected: every experiment is postponed.',
    );
  });
});
