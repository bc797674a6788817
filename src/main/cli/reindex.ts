import { formatCount } from '../../shared/domain/format.ts';
import { type Command, EXIT } from './command.ts';

/** Makes the index anew from the run folders, which are the truth. */
export const reindexCommand: Command = {
  name: 'reindex',
  summary: 'rebuild the index from the run folders',
  usage: '',
  flags: [],
  async run({ openSession, output }) {
    const session = await openSession();
    try {
      const report = await session.client.call('app.reindex', {});
      output.say(
        `${formatCount(report.batches, 'batch', 'batches')} and ${formatCount(report.runs, 'run')} indexed.`,
      );
      for (const problem of report.problems) output.complain(problem);
      output.document(report);
      return EXIT.ok;
    } finally {
      await session.close();
    }
  },
};
