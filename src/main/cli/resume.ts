import { chooseBatch } from './batch-choice.ts';
import { type Command } from './command.ts';
import { followBatch } from './follow-batch.ts';

/** Goes on with a batch that was paused, stopped, or left behind by a crash, and follows it like `run`. */
export const resumeCommand: Command = {
  name: 'resume',
  summary: 'go on with a paused, stopped or interrupted batch (the newest, if none is named)',
  usage: '[<batch>]',
  flags: [],
  async run(context, { positionals }) {
    const session = await context.openSession();
    try {
      const { id, state } = await chooseBatch(session.client, {
        given: positionals[0],
        fits: (batch) => ['interrupted', 'paused', 'running'].includes(batch.state.kind),
        otherwise: 'No batch is unfinished.',
      });
      if (state.kind !== 'running') await session.client.call('batches.resume', { batch: id });
      context.output.say(state.kind === 'running' ? `${id} is running; following it` : `Going on with ${id}`);
      return await followBatch(context, session, id);
    } finally {
      await session.close();
    }
  },
};
