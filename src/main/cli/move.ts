import { isQueued } from '../../shared/domain/status.ts';
import { ExpectedError } from '../../shared/model/error.ts';
import { chooseBatch, isActive, splitPositionals } from './batch-choice.ts';
import { type Command, EXIT } from './command.ts';
import { batchFacts } from './list.ts';

/** Indices that are told one by one. */
const MOST_TOLD = 12;

/** Another order of starting for a batch that is being worked on. */
export const moveCommand: Command = {
  name: 'move',
  summary: 'let queued experiments of a live batch start before another one, or last',
  usage: '[<batch>] <index> … (--before <index> | --last)',
  flags: [
    {
      name: 'before',
      kind: 'integer',
      min: 0,
      placeholder: 'index',
      help: 'the experiment that they come before',
    },
    { name: 'last', kind: 'boolean', help: 'behind all others' },
  ],
  async run({ openSession, output }, { positionals, values }) {
    const session = await openSession();
    try {
      const { client } = session;
      const { named, indices } = splitPositionals(positionals);
      const before = values.get('before');
      const isLast = values.get('last') === true;
      if (indices.length === 0 || (before === undefined) !== isLast)
        throw new ExpectedError(
          'usage',
          'Name the indices to move, and where to: "minibatch move 3 4 --before 1" or "minibatch move 3 --last".',
        );
      if (typeof before === 'number' && indices.includes(before))
        throw new ExpectedError('usage', `Experiment ${before} cannot come before itself.`);
      const { id } = await chooseBatch(client, {
        given: named,
        fits: isActive,
        otherwise: 'No batch is being worked on.',
      });
      const place = typeof before === 'number' ? before : null;
      await client.call('batches.reorder', { batch: id, indices, before: place });
      const { detail } = await client.call('batches.get', { batch: id });
      const order = detail.experiments
        .filter(({ state }) => isQueued(state))
        .toSorted((a, b) => a.order - b.order)
        .map(({ index }) => index);
      const more = order.length > MOST_TOLD ? `, and ${order.length - MOST_TOLD} more` : '';
      output.say(`${id} goes on with ${order.slice(0, MOST_TOLD).join(', ')}${more}`);
      output.document({ ...batchFacts(detail.batch), order });
      return EXIT.ok;
    } finally {
      await session.close();
    }
  },
};
