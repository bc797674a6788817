import { type Command, EXIT } from './command.ts';
import { planDocument, planLines } from './plan-text.ts';
import { PLAN_FLAGS, readPlanRequest } from './plan-request.ts';

/** Shows what `run` would do; nothing happens. */
export const planCommand: Command = {
  name: 'plan',
  summary: 'show what a preset would do: experiments, estimates, workers, what is skipped and why',
  usage: '<preset or suite file> [flags]',
  flags: PLAN_FLAGS,
  openFlags: true,
  async run({ openSession, output }, _, args) {
    const session = await openSession();
    try {
      const { request } = await readPlanRequest(session.client, { args, own: [], fallback: () => null });
      const plan = await session.client.call('plans.make', request);
      for (const line of planLines(plan)) output.say(line);
      output.document(planDocument(plan));
      return EXIT.ok;
    } finally {
      await session.close();
    }
  },
};
