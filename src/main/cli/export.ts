import { join } from 'node:path';
import { formatBytes } from '../../shared/domain/format.ts';
import { type Command, EXIT } from './command.ts';
import { BATCH_FLAG, chooseResults, suiteLines } from './result-choice.ts';
import { VIEW_FLAGS, viewOf } from './result-view.ts';
import { WHERE_FLAG } from './where.ts';

/** Writes results as files. */
export const exportCommand: Command = {
  name: 'export',
  summary:
    'write results as files (csv, json, every point of every metric, or a format of the workload such as yaml)',
  usage:
    '[<workload>[/<preset or suite>]] [--format csv] [--batch id] [--metric name] [--value name] [--where filter]',
  flags: [
    BATCH_FLAG,
    WHERE_FLAG,
    ...VIEW_FLAGS,
    {
      name: 'format',
      kind: 'string',
      help: 'csv, json, jsonl; points or points-wide (every point of every metric), points-jsonl, points-wide-jsonl; or a format of the workload (csv)',
    },
  ],
  async run({ openSession, output }, parsed) {
    const session = await openSession();
    try {
      const { client } = session;
      const format = String(parsed.values.get('format') ?? 'csv');
      const choice = await chooseResults(client, parsed);
      const exported = await client.call('results.export', { ...choice, ...viewOf(parsed), format });
      const { folder, files } = exported;
      for (const line of suiteLines(choice, exported)) output.say(line);
      const { workspace } = await client.call('app.info', {});
      const written = files.map(({ name, bytes }) => ({ path: join(workspace, folder, name), bytes }));
      for (const { path, bytes } of written) output.say(`${path} (${formatBytes(bytes)})`);
      output.document({ folder: join(workspace, folder), files: written, suite: exported.suite });
      return EXIT.ok;
    } finally {
      await session.close();
    }
  },
};
