import type { Client } from '../../shared/client.ts';
import { formatNumber } from '../../shared/domain/format.ts';
import type { BatchDetail } from '../../shared/model/batch.ts';
import { ExpectedError } from '../../shared/model/error.ts';

export interface Warnings {
  /** Of its experiments, by their index. */
  readonly runs: ReadonlyMap<number, readonly string[]>;
  /** Of the batch itself: hooks that failed. */
  readonly batch: readonly string[];
}

const NONE: Warnings = { runs: new Map(), batch: [] };

/** None where the process that holds the workspace has ended together with its batch: the runs keep what they said. */
export async function warningsOf(client: Client, batch: string): Promise<Warnings> {
  try {
    const { runs, batch: own } = await client.call('batches.warnings', { batch });
    return { runs: new Map(runs.map(({ index, texts }) => [index, texts])), batch: own };
  } catch (error) {
    if (error instanceof ExpectedError && error.code === 'disconnected') return NONE;
    throw error;
  }
}

/** For the end of a batch: its own warnings, and one line for those of its runs; `batch` as it is named on the command line. */
export function warnedLines({ runs: { size }, batch: own }: Warnings, batch: string): string[] {
  const who = size === 1 ? '1 run has' : `${formatNumber(size)} runs have`;
  const ofRuns = size === 0 ? [] : [`${who} warnings. See them with: minibatch status ${batch}`];
  return [...own.map(batchLine), ...ofRuns];
}

/** The same warning of several runs is told once: `3 runs (0, 1, 2): Files were written …`. */
export function warningLines(
  warnings: Warnings,
  { experiments }: Pick<BatchDetail, 'experiments'>,
): string[] {
  const names = new Map(experiments.map(({ index, name }) => [index, name]));
  const runs = new Map<string, number[]>();
  for (const [index, texts] of warnings.runs)
    for (const text of new Set(texts)) runs.set(text, [...(runs.get(text) ?? []), index]);
  const ofRuns = [...runs].map(([text, [first = 0, ...others]]) => {
    const who =
      others.length === 0
        ? `${names.get(first)}`
        : `${others.length + 1} runs (${[first, ...others].join(', ')})`;
    return `Warning of ${who}: ${text}`;
  });
  return [...warnings.batch.map(batchLine), ...ofRuns];
}

function batchLine(text: string): string {
  return `Warning of the batch: ${text}`;
}
