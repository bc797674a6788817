import type { Client } from '../../shared/client.ts';
import { formatNumber } from '../../shared/domain/format.ts';
import type { BatchDetail } from '../../shared/model/batch.ts';
import { ExpectedError } from '../../shared/model/error.ts';

/** Warned experiments of a batch by their index. */
export type RunWarnings = ReadonlyMap<number, readonly string[]>;

/** None where the process that holds the workspace has ended together with its batch: the runs keep what they said. */
export async function warningsOf(client: Client, batch: string): Promise<RunWarnings> {
  try {
    const { runs } = await client.call('batches.warnings', { batch });
    return new Map(runs.map(({ index, texts }) => [index, texts]));
  } catch (error) {
    if (error instanceof ExpectedError && error.code === 'disconnected') return new Map();
    throw error;
  }
}

/** One line for the end of a batch; `batch` as it is named on the command line. */
export function warnedLines({ size }: RunWarnings, batch: string): string[] {
  const who = size === 1 ? '1 run has' : `${formatNumber(size)} runs have`;
  return size === 0 ? [] : [`${who} warnings. See them with: minibatch status ${batch}`];
}

/** The same warning of several runs is told once: `3 runs (0, 1, 2): Files were written …`. */
export function warningLines(
  warnings: RunWarnings,
  { experiments }: Pick<BatchDetail, 'experiments'>,
): string[] {
  const names = new Map(experiments.map(({ index, name }) => [index, name]));
  const runs = new Map<string, number[]>();
  for (const [index, texts] of warnings)
    for (const text of new Set(texts)) runs.set(text, [...(runs.get(text) ?? []), index]);
  return [...runs].map(([text, [first = 0, ...others]]) => {
    const who =
      others.length === 0
        ? `${names.get(first)}`
        : `${others.length + 1} runs (${[first, ...others].join(', ')})`;
    return `Warning of ${who}: ${text}`;
  });
}
