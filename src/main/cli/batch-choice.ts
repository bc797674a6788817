import type { Client } from '../../shared/client.ts';
import { suggestion } from '../../shared/domain/nearest.ts';
import type { BatchRecord } from '../../shared/model/batch.ts';
import { ExpectedError } from '../../shared/model/error.ts';

export interface BatchChoice {
  /** As typed: an id, a part of one that only one batch has, or `latest`. */
  readonly given: string | undefined;
  /** Which batches come into question when none is named; the newest is taken. */
  readonly fits: (batch: BatchRecord) => boolean;
  /** What to say when none does. */
  readonly otherwise: string;
}

/** The batch a person means. Throws ExpectedError('usage') for an unknown or ambiguous name. */
export async function chooseBatch(
  client: Client,
  { given, fits, otherwise }: BatchChoice,
): Promise<BatchRecord> {
  const { batches } = await client.call('batches.list', {});
  if (given === undefined || given === 'latest') {
    const [newest] = given === 'latest' ? batches : batches.filter(fits);
    if (newest === undefined) throw new ExpectedError('not-possible-now', otherwise);
    return newest;
  }
  const exact = batches.find((batch) => batch.id === given);
  const similar = exact === undefined ? batches.filter((batch) => batch.id.includes(given)) : [exact];
  const [first] = similar;
  if (similar.length === 1 && first !== undefined) return first;
  const ids = batches.map((batch) => batch.id);
  throw new ExpectedError(
    'usage',
    similar.length > 1
      ? `"${given}" fits ${similar.length} batches: ${similar.map((batch) => batch.id).join(', ')}.`
      : `There is no batch "${given}".${suggestion(given, ids)} "minibatch status" lists what there is.`,
  );
}

export function isActive({ state }: BatchRecord): boolean {
  return ['running', 'paused', 'stopping'].includes(state.kind);
}

/** Experiment indices from the command line. */
export function readIndices(words: readonly string[]): number[] {
  return words
    .flatMap((word) => word.split(','))
    .map((word) => {
      if (!/^\d+$/.test(word))
        throw new ExpectedError('usage', `"${word}" is not the index of an experiment.`);
      return Number(word);
    });
}

/** A batch may come first; ids hold more digits than an index. */
export function splitPositionals(positionals: readonly string[]): {
  named: string | undefined;
  indices: number[];
} {
  const words = [...positionals];
  const named = words[0] !== undefined && !/^\d{1,6}(,\d+)*$/.test(words[0]) ? words.shift() : undefined;
  return { named, indices: readIndices(words) };
}
