import { chooseBatch } from './batch-choice.ts';
import { type Command, EXIT } from './command.ts';
import { batchFacts } from './list.ts';

/** Halts the runs of a batch in place. */
export const pauseCommand: Command = {
  name: 'pause',
  summary: 'halt a batch in place; its runs keep their memory',
  usage: '[<batch>]',
  flags: [],
  async run({ openSession, output, workspaceFlag }, { positionals }) {
    const session = await openSession();
    try {
      const { client } = session;
      const { id } = await chooseBatch(client, {
        given: positionals[0],
        fits: ({ state }) => state.kind === 'running',
        otherwise: 'No batch is running.',
      });
      await client.call('batches.pause', { batch: id });
      output.say(
        `${id} is paused; its runs keep their memory. Go on with: minibatch resume ${id}${workspaceFlag}`,
      );
      const { detail } = await client.call('batches.get', { batch: id });
      output.document(batchFacts(detail.batch));
      return EXIT.ok;
    } finally {
      await session.close();
    }
  },
};
