import type { Field, RowFacts } from '../../../shared/domain/field.ts';
import { plainText } from '../../../shared/domain/filter-value.ts';
import type { BatchRecord } from '../../../shared/model/batch.ts';
import { batchAppearance } from '../../widgets/tone.ts';

type BatchField = Field<BatchRecord>;

const FIELDS: readonly BatchField[] = [
  own('title', 'Batch', ({ title }) => title),
  own('id', 'Id', ({ id }) => id),
  own('workload', 'Workload', ({ workload }) => workload),
  own('preset', 'Preset', ({ preset }) => preset),
  own('state', 'State', ({ state }) => state.kind),
  own('progress', 'Progress', ({ progress }) => progress.fraction),
  own('experiments', 'Experiments', ({ counts }) => counts.total),
  own('succeeded', 'Succeeded', ({ counts }) => counts.succeeded),
  own('failed', 'Failed', ({ counts }) => counts.failed),
  own('skipped', 'Done before', ({ counts }) => counts.skipped),
  own('postponed', 'Postponed', ({ counts }) => counts.postponed),
  own('running', 'Running', ({ counts }) => counts.live),
  own('queued', 'Queued', ({ counts }) => counts.queued),
  own('started', 'Started', ({ createdAt }) => createdAt),
  own('wall', 'Wall time', ({ progress }) => progress.wallSeconds),
  own('speedup', 'Speed-up', ({ progress }) => progress.speedup),
  own('device', 'Device', ({ device }) => device),
  own('workers', 'Workers', ({ workers }) => workers),
  own('seed', 'Seed', ({ request }) => request.seed),
];

function own(name: string, title: string, value: BatchField['value']): BatchField {
  return { name, title, part: 'run', value };
}

/** What a filter of the batches can ask for. */
export const BATCH_FACTS: RowFacts<BatchRecord> = {
  fields: FIELDS,
  text: (batch, wanted) =>
    plainText(`${batch.title} ${batch.id} ${batchAppearance(batch).word}`).includes(wanted),
};

/** What an export has in a column of that name. */
export function batchExact(name: string): { name: string; value: BatchField['value'] } {
  const field = FIELDS.find((one) => one.name === name);
  return { name, value: field?.value ?? (() => null) };
}
