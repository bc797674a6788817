import type { BatchDetail } from '../../shared/model/batch.ts';
import { chooseBatch, isActive } from './batch-choice.ts';
import { mirrorBatch } from './batch-mirror.ts';
import { summaryLines } from './batch-text.ts';
import { type Command, EXIT, type Session } from './command.ts';
import { batchFacts } from './list.ts';

/** Stops a batch so that it can go on later, or ends its runs at once. */
export const stopCommand: Command = {
  name: 'stop',
  summary: 'stop a batch at its next checkpoints (or --cancel: at once)',
  usage: '[<batch>] [--cancel]',
  flags: [{ name: 'cancel', kind: 'boolean', help: 'end the runs at once instead of at a checkpoint' }],
  async run({ openSession, output, workspaceFlag }, { positionals, values }) {
    const session = await openSession();
    try {
      const { client } = session;
      const otherwise = 'No batch is being worked on.';
      const { id } = await chooseBatch(client, { given: positionals[0], fits: isActive, otherwise });
      const mode = values.get('cancel') === true ? 'cancel' : 'checkpoint';
      output.say(mode === 'cancel' ? `Cancelling ${id}` : `Stopping ${id} at the next checkpoints`);
      const resting = untilItRests(session, id);
      await client.call('batches.stop', { batch: id, mode });
      const detail = await resting;
      for (const line of summaryLines(detail, workspaceFlag)) output.say(line);
      output.document(batchFacts(detail.batch));
      return EXIT.ok;
    } finally {
      await session.close();
    }
  },
};

/** Watching begins before the request, because the process that carries the batch may end right after it. */
async function untilItRests({ client }: Session, batch: string): Promise<BatchDetail> {
  const rested = Promise.withResolvers<void>();
  const mirror = await mirrorBatch(client, batch, (detail) => {
    if (!isActive(detail.batch)) rested.resolve();
  });
  const stopClose = client.onClose(() => rested.resolve());
  if (!isActive(mirror.detail.batch)) rested.resolve();
  await rested.promise;
  stopClose();
  mirror.close();
  return mirror.detail;
}
