import { formatCount, formatNumber } from '../../../shared/domain/format.ts';
import type { MissingResult, Verification, VerifiedPart } from '../../../shared/model/archive.ts';
import type { Appearance } from '../../widgets/tone.ts';

/** How many missing results are told one by one. */
const TOLD = 20;

/** A part of which everything was put off is neither complete nor incomplete. */
export function partAppearance(part: VerifiedPart): Appearance {
  if (part.expected === 0) return { word: 'Postponed', tone: 'waiting', mark: 'half' };
  const missing = part.expected - part.found;
  return missing === 0
    ? { word: 'Complete', tone: 'succeeded', mark: 'check' }
    : { word: `${formatNumber(missing)} missing`, tone: 'warning', mark: 'triangle' };
}

/** The whole in one sentence. */
export function verdict({ found, expected, postponed }: Verification): string {
  if (expected === 0) return 'Nothing is expected: every experiment is postponed.';
  const later = postponed === 0 ? '' : `; ${formatNumber(postponed)} postponed`;
  return found === expected
    ? `All ${formatCount(expected, 'expected result')} were read again and are valid${later}.`
    : `${formatNumber(found)} of ${formatCount(expected, 'expected result')} found and valid${later}.`;
}

/** The first missing results of all parts, and how many more there are. */
export function toldMissing(parts: readonly VerifiedPart[]): {
  readonly told: readonly MissingResult[];
  readonly more: number;
} {
  const all = parts.flatMap(({ missing }) => missing);
  return { told: all.slice(0, TOLD), more: Math.max(0, all.length - TOLD) };
}
