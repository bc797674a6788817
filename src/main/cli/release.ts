import { formatCount } from '../../shared/domain/format.ts';
import { ExpectedError } from '../../shared/model/error.ts';
import type { BatchRecord } from '../../shared/model/batch.ts';
import { chooseBatch, splitPositionals } from './batch-choice.ts';
import { type Command, EXIT } from './command.ts';
import { followBatch } from './follow-batch.ts';
import { batchFacts } from './list.ts';

const DEFAULT_REASON = 'Put off on the command line.';

/** Lets postponed experiments run, all of them or those named, and follows the batch to its end. */
export const releaseCommand: Command = {
  name: 'release',
  summary: 'let postponed experiments run (all, or the indices named)',
  usage: '[<batch>] [<index> …]',
  flags: [],
  async run(context, { positionals }) {
    const session = await context.openSession();
    try {
      const { named, indices } = splitPositionals(positionals);
      const { id } = await chooseBatch(session.client, {
        given: named,
        fits: hasPostponed,
        otherwise: 'No batch has postponed experiments.',
      });
      const { detail } = await session.client.call('batches.get', { batch: id });
      const waiting = detail.experiments.filter(({ state }) => state.kind === 'postponed');
      const released = indices.length > 0 ? indices : waiting.map(({ index }) => index);
      if (released.length === 0)
        throw new ExpectedError('not-possible-now', `The batch ${id} has no postponed experiments.`);
      await session.client.call('batches.release', { batch: id, indices: released });
      context.output.say(`${formatCount(released.length, 'experiment')} of ${id} released`);
      return await followBatch(context, session, id);
    } finally {
      await session.close();
    }
  },
};

/** Keeps queued experiments of a batch that is being worked on from starting. */
export const postponeCommand: Command = {
  name: 'postpone',
  summary: 'put queued experiments of a running batch off',
  usage: '[<batch>] <index> … [--reason <text>]',
  flags: [
    { name: 'reason', kind: 'string', help: 'shown wherever the experiment waits', placeholder: 'text' },
  ],
  async run({ openSession, output }, { positionals, values }) {
    const session = await openSession();
    try {
      const { named, indices } = splitPositionals(positionals);
      if (indices.length === 0)
        throw new ExpectedError(
          'usage',
          'Name the indices to postpone, for example "minibatch postpone 3 4".',
        );
      const { id } = await chooseBatch(session.client, {
        given: named,
        fits: ({ state }) => state.kind === 'running' || state.kind === 'paused',
        otherwise: 'No batch is being worked on.',
      });
      const reason = String(values.get('reason') ?? DEFAULT_REASON);
      await session.client.call('batches.postpone', { batch: id, indices, reason });
      output.say(
        `${formatCount(indices.length, 'experiment')} of ${id} put off. Let them run with: minibatch release ${id}`,
      );
      const { detail } = await session.client.call('batches.get', { batch: id });
      output.document(batchFacts(detail.batch));
      return EXIT.ok;
    } finally {
      await session.close();
    }
  },
};

function hasPostponed({ counts }: BatchRecord): boolean {
  return counts.postponed > 0;
}
