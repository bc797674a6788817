import { formatCount } from '../../shared/domain/format.ts';
import { ExpectedError } from '../../shared/model/error.ts';
import { chooseBatch, isActive } from './batch-choice.ts';
import { type Command, EXIT } from './command.ts';
import { batchFacts } from './list.ts';

/** As many as the window and a plan take. */
const MOST = 64;

/** Another number of workers for a batch that is being worked on. */
export const workersCommand: Command = {
  name: 'workers',
  summary: 'change how many runs of a live batch go on side by side',
  usage: '[<batch>] <number>',
  flags: [],
  async run({ openSession, output }, { positionals }) {
    const count = Number(positionals.at(-1) ?? '');
    const session = await openSession();
    try {
      const { client } = session;
      if (positionals.length > 2 || !Number.isInteger(count) || count < 1 || count > MOST)
        throw new ExpectedError(
          'usage',
          `Say how many workers, from 1 to ${MOST}, for example "minibatch workers 3".`,
        );
      const { id, workers: before } = await chooseBatch(client, {
        given: positionals.length === 2 ? positionals[0] : undefined,
        fits: isActive,
        otherwise: 'No batch is being worked on.',
      });
      await client.call('batches.set-workers', { batch: id, workers: count });
      const surplus = count < before ? '; those above it finish what they do' : '';
      output.say(`${id} goes on with ${formatCount(count, 'worker')} instead of ${before}${surplus}`);
      const { detail } = await client.call('batches.get', { batch: id });
      output.document(batchFacts(detail.batch));
      return EXIT.ok;
    } finally {
      await session.close();
    }
  },
};
