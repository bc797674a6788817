import { formatCount } from '../../shared/domain/format.ts';
import { chooseBatch, readIndices } from './batch-choice.ts';
import { type Command } from './command.ts';
import { followBatch } from './follow-batch.ts';

/** New attempts for what did not succeed; the older attempts stay. */
export const retryCommand: Command = {
  name: 'retry',
  summary: 'run again what failed, timed out or was cancelled (all, or the indices named)',
  usage: '[<batch>] [<index> …]',
  flags: [],
  async run(context, { positionals }) {
    const session = await context.openSession();
    try {
      const words = [...positionals];
      const named = words[0] !== undefined && !/^\d{1,4}(,\d+)*$/.test(words[0]) ? words.shift() : undefined;
      const { id } = await chooseBatch(session.client, {
        given: named,
        fits: ({ counts }) => counts.failed + counts.stopped > 0,
        otherwise: 'No batch has anything to retry.',
      });
      const indices = readIndices(words);
      const { retried } = await session.client.call('batches.retry', {
        batch: id,
        ...(indices.length > 0 ? { indices } : {}),
      });
      context.output.say(`${formatCount(retried, 'experiment')} of ${id} queued again`);
      return await followBatch(context, session, id);
    } finally {
      await session.close();
    }
  },
};
