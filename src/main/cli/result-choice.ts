import type { Client } from '../../shared/client.ts';
import { suggestion } from '../../shared/domain/nearest.ts';
import type { BatchRecord } from '../../shared/model/batch.ts';
import { ExpectedError } from '../../shared/model/error.ts';
import { chooseBatch } from './batch-choice.ts';
import type { FlagSpec, ParsedFlags } from './flags.ts';
import { SUITE_WORKLOAD } from './suite-request.ts';

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

/**
 * Which results are meant: of a named workload, else of the only one that has any; `memorization/quick` and
 * `command/<suite>` are those of one preset or suite. Suites have nothing to do with each other, so without a name
 * it is the newest one, and `say` tells of the others.
 */
export async function chooseResults(
  client: Client,
  { positionals, values }: ParsedFlags,
  say: (line: string) => void,
): Promise<ResultChoice> {
  const given = (values.get('batch') as readonly string[] | undefined) ?? [];
  const batches: BatchRecord[] = [];
  for (const name of given) {
    batches.push(
      await chooseBatch(client, { given: name, fits: () => true, otherwise: 'There is no batch yet.' }),
    );
  }
  const [named, asked] = positionals[0]?.split('/') ?? [];
  const workload = named ?? batches[0]?.workload ?? (await onlyWorkload(client));
  if (batches.length > 0) return { workload, batches: batches.map(({ id }) => id) };
  if (asked === undefined && workload !== SUITE_WORKLOAD) return { workload };
  const part = await batchesOfPart(client, { workload, asked, say });
  return part.length === 0 ? { workload } : { workload, batches: part };
}

/** The batches of a preset or suite. Throws ExpectedError('usage') where none has that name. */
async function batchesOfPart(
  client: Client,
  part: { workload: string; asked: string | undefined; say: (line: string) => void },
): Promise<string[]> {
  const { workload, asked, say } = part;
  const { batches } = await client.call('batches.list', {});
  const fitting = batches.filter((one) => one.workload === workload && one.counts.succeeded > 0);
  const names = [...new Set(fitting.map(({ preset }) => preset))];
  if (asked !== undefined && !names.includes(asked))
    throw new ExpectedError(
      'usage',
      `There is no result of ${workload}/${asked}.${suggestion(asked, names)} There are some of ${names.join(', ') || 'none'}.`,
    );
  const [newest = ''] = names;
  const others = names.filter((name) => name !== newest).map((name) => `${workload}/${name}`);
  if (asked === undefined && others.length > 0)
    say(`Results of the suite ${newest}. Others: ${others.join(', ')}.`);
  return fitting.filter(({ preset }) => preset === (asked ?? newest)).map(({ id }) => id);
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
