import { type Command, EXIT } from './command.ts';
import type { FlagSpec } from './flags.ts';
import { planDocument, planLines } from './plan-text.ts';
import { commandLines } from './plan-commands.ts';
import { PLAN_FLAGS, readPlanRequest } from './plan-request.ts';

const COMMANDS: FlagSpec = {
  name: 'commands',
  kind: 'boolean',
  help: 'print the command, the environment it adds and the folder of each run instead',
};

/** Shows what `run` would do; nothing happens. */
export const planCommand: Command = {
  name: 'plan',
  summary: 'show what a preset would do: experiments, estimates, workers, what is skipped and why',
  usage: '<preset or suite file> [flags]',
  flags: [COMMANDS, ...PLAN_FLAGS],
  openFlags: true,
  async run({ openSession, output }, _, args) {
    const session = await openSession();
    try {
      const asked = await readPlanRequest(session.client, { args, own: [COMMANDS], fallback: () => null });
      const { request, flags } = asked;
      if (flags.values.get('commands') === true) {
        const { commands } = await session.client.call('plans.commands', request);
        for (const line of commandLines(commands)) output.say(line);
        output.document({ commands });
        return EXIT.ok;
      }
      const plan = await session.client.call('plans.make', request);
      for (const line of planLines(plan)) output.say(line);
      output.document(planDocument(plan));
      return EXIT.ok;
    } finally {
      await session.close();
    }
  },
};
