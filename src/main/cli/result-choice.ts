import type { Client } from '../../shared/client.ts';
import type { BatchRecord } from '../../shared/model/batch.ts';
import type { Comparison } from '../../shared/model/comparison.ts';
import { ExpectedError } from '../../shared/model/error.ts';
import { chooseBatch } from './batch-choice.ts';
import type { FlagSpec, ParsedFlags } from './flags.ts';
import { whereOf } from './where.ts';

export const BATCH_FLAG: FlagSpec = {
  name: 'batch',
  kind: 'string',
  repeated: true,
  placeholder: 'id',
  help: 'only results of this batch (can be repeated)',
};

export interface ResultChoice {
  readonly workload: string;
  readonly batches?: string[];
  readonly suite?: string;
  readonly where?: string;
}

/**
 * Which results are meant: of a named workload, else of the only one that has any; `memorization/quick` and
 * `command/<suite>` are those of one preset or suite.
 */
export async function chooseResults(
  client: Client,
  { positionals, values }: ParsedFlags,
): Promise<ResultChoice> {
  const given = (values.get('batch') as readonly string[] | undefined) ?? [];
  const batches: BatchRecord[] = [];
  for (const name of given) {
    batches.push(
      await chooseBatch(client, { given: name, fits: () => true, otherwise: 'There is no batch yet.' }),
    );
  }
  const [named, suite] = positionals[0]?.split('/') ?? [];
  const workload = named ?? batches[0]?.workload ?? (await onlyWorkload(client));
  const where = whereOf(values);
  const filter = where === null ? {} : { where };
  if (batches.length > 0) return { workload, batches: batches.map(({ id }) => id), ...filter };
  return { workload, ...(suite !== undefined && { suite }), ...filter };
}

/** Where nobody has said which suite is meant, the one that was taken, and the others. */
export function suiteLines(
  choice: ResultChoice,
  { suite, suites }: Pick<Comparison, 'suite' | 'suites'>,
): string[] {
  const others = suites.filter((name) => name !== suite).map((name) => `${choice.workload}/${name}`);
  if (choice.suite !== undefined || choice.batches !== undefined || others.length === 0) return [];
  return [`Results of the suite ${suite}. Others: ${others.join(', ')}.`];
}

async function onlyWorkload(client: Client): Promise<string> {
  const { workloads } = await client.call('results.summary', {});
  const [only, ...others] = workloads.filter((one) => one.results > 0);
  if (only === undefined)
    throw new ExpectedError('not-found', 'There is no result yet. Make some with: minibatch run quick');
  if (others.length > 0) {
    throw new ExpectedError(
      'usage',
      `Say which workload: ${workloads.map((one) => one.workload).join(', ')} have results.`,
    );
  }
  return only.workload;
}
