import { formatCount } from '../../shared/domain/format.ts';
import { ExpectedError } from '../../shared/model/error.ts';
import { chooseBatch, readIndices } from './batch-choice.ts';
import { type Command } from './command.ts';
import type { FlagSpec } from './flags.ts';
import { followBatch } from './follow-batch.ts';

const AGAIN: FlagSpec = {
  name: 'again',
  kind: 'boolean',
  help: 'run the experiments named once more although they are done; their results stay',
};

/** New attempts for what did not succeed; the older attempts stay. */
export const retryCommand: Command = {
  name: 'retry',
  summary: 'run again what failed, timed out or was cancelled (all, or the indices named)',
  usage: '[<batch>] [<index> …] [--again]',
  flags: [AGAIN],
  async run(context, { positionals, values }) {
    const session = await context.openSession();
    try {
      const again = values.get('again') === true;
      const words = [...positionals];
      const named = words[0] !== undefined && !/^\d{1,4}(,\d+)*$/.test(words[0]) ? words.shift() : undefined;
      const { id } = await chooseBatch(session.client, {
        given: named,
        fits: ({ counts }) => again || counts.failed + counts.stopped > 0,
        otherwise: 'No batch has anything to retry.',
      });
      const indices = readIndices(words);
      if (again) {
        if (indices.length === 0)
          throw new ExpectedError('usage', 'Name the experiments: "minibatch retry latest 3 5 --again".');
        await session.client.call('batches.run-again', { batch: id, indices });
        context.output.say(`${formatCount(indices.length, 'experiment')} of ${id} queued again`);
        return await followBatch(context, session, id);
      }
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
