import type { Client } from '../../shared/client.ts';
import { ExpectedError } from '../../shared/model/error.ts';
import { chooseBatch } from './batch-choice.ts';
import type { FlagSpec, ParsedFlags } from './flags.ts';

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
}

/** Which results are meant: of a named workload, else of the only one that has any. */
export async function chooseResults(
  client: Client,
  { positionals, values }: ParsedFlags,
): Promise<ResultChoice> {
  const given = (values.get('batch') as readonly string[] | undefined) ?? [];
  const batches = [];
  for (const name of given) {
    batches.push(
      await chooseBatch(client, { given: name, fits: () => true, otherwise: 'There is no batch yet.' }),
    );
  }
  const workload = positionals[0] ?? batches[0]?.workload ?? (await onlyWorkload(client));
  return { workload, ...(batches.length > 0 ? { batches: batches.map((batch) => batch.id) } : {}) };
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
