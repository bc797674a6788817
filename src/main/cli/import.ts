import { resolve } from 'node:path';
import { formatCount } from '../../shared/domain/format.ts';
import { ExpectedError } from '../../shared/model/error.ts';
import { type Command, EXIT } from './command.ts';

/** Takes over results of earlier runs, so that equal experiments are skipped. */
export const importCommand: Command = {
  name: 'import',
  summary: 'take over results of another workspace, batch or run folder',
  usage: '<folder>',
  flags: [],
  async run({ openSession, output }, { positionals }) {
    const [given, ...more] = positionals;
    if (given === undefined || more.length > 0)
      throw new ExpectedError('usage', 'Name one folder: minibatch import <folder>.');
    const session = await openSession();
    try {
      const report = await session.client.call('archive.import', { folder: resolve(given) });
      output.say(
        `${formatCount(report.imported, 'result')} imported${report.batches.length > 0 ? ` as ${report.batches.join(', ')}` : ''}; ${report.known} known already, ${report.refused.length} refused.`,
      );
      for (const sentence of report.refused) output.complain(sentence);
      output.document(report);
      return report.imported === 0 && report.known === 0 ? EXIT.failed : EXIT.ok;
    } finally {
      await session.close();
    }
  },
};
