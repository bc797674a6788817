import type { ComparisonAxis } from '../model/comparison.ts';
import { ExpectedError } from '../model/error.ts';
import { formatNames } from './format.ts';
import { suggestion } from './nearest.ts';

/** A suite may write any number of metrics; the nearest are suggested anyway. */
const NAMED_CHOICES = 30;

interface Wish {
  /** The first is what holds otherwise. */
  readonly choices: readonly ComparisonAxis[];
  /** "grouped by": the words before the name. */
  readonly how: string;
  /** Why a name that one would expect is missing. */
  readonly reason?: string;
  /** Takes the sentence about what is no choice; null = it is thrown as ExpectedError('usage'). */
  readonly notes: string[] | null;
}

/** The choice of that name; null = nothing was asked for, or it is none of them and noted. */
export function takeChoice(
  name: string | undefined,
  { choices, how, reason = '', notes }: Wish,
): ComparisonAxis | null {
  if (name === undefined) return null;
  const found = choices.find((choice) => choice.name === name);
  if (found !== undefined) return found;
  const refusal = `${refusalOf(name, choices, how)}${reason === '' ? '' : ` ${reason}`}`;
  if (notes === null) throw new ExpectedError('usage', refusal);
  const [holds] = choices;
  notes.push(holds === undefined ? refusal : `${refusal} They are shown by ${holds.name} instead.`);
  return null;
}

export function distinctChoices(choices: readonly ComparisonAxis[]): ComparisonAxis[] {
  return choices.filter(({ name }, at) => choices.findIndex((other) => other.name === name) === at);
}

function refusalOf(name: string, choices: readonly ComparisonAxis[], how: string): string {
  const names = choices.map((choice) => choice.name);
  if (names.length === 0) return `These results cannot be ${how} "${name}": they have none to choose from.`;
  return `These results cannot be ${how} "${name}".${suggestion(name, names)} They can be by ${formatNames(names, NAMED_CHOICES)}.`;
}
