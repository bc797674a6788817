import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { formatCount } from '../../shared/domain/format.ts';
import { type RemoteFolder, remoteFolder } from '../../shared/domain/remote-folder.ts';
import type { ImportReport } from '../../shared/model/archive.ts';
import { ExpectedError } from '../../shared/model/error.ts';
import { type Command, type CommandContext, EXIT } from './command.ts';
import { fetchFolder } from './fetch-folder.ts';

/** Takes over results of earlier runs or of another machine, so that equal experiments are skipped. */
export const importCommand: Command = {
  name: 'import',
  summary: 'take over results of another workspace, batch or run folder, also of another machine',
  usage: '<folder> | <user@host:folder>',
  flags: [{ name: 'dry-run', kind: 'boolean', help: 'tell what would come, and take over nothing' }],
  async run(context, { positionals, values }) {
    const [given, ...more] = positionals;
    if (given === undefined || more.length > 0)
      throw new ExpectedError('usage', 'Name one folder: minibatch import <folder>, or <user@host:folder>.');
    const dryRun = values.get('dry-run') === true;
    const remote = existsSync(given) ? null : remoteFolder(given);
    if (remote === null) return await takeOver(context, resolve(given), dryRun);
    const fetched = await fetchFrom(context, remote, dryRun);
    if (fetched === null) return EXIT.interrupted;
    if (fetched.folder === null) {
      context.output.document({ files: fetched.files, results: fetched.results });
      return EXIT.ok;
    }
    return await takeOver(context, fetched.folder, false);
  },
};

async function fetchFrom(context: CommandContext, remote: RemoteFolder, dryRun: boolean) {
  const { output, workspace } = context;
  const from = `${remote.host}:${remote.path}`;
  // Opened once so that a workspace that cannot be used is told of first, and let go of while the copy takes its time.
  await (await context.openSession()).close();
  const abort = new AbortController();
  const letGo = context.onInterrupt(() => abort.abort());
  try {
    output.say(`${dryRun ? 'Asking' : 'Fetching from'} ${from}`);
    const fetched = await fetchFolder(remote, { workspace, dryRun, signal: abort.signal });
    if (fetched === null) {
      output.complain('Interrupted. What was fetched stays: the same command goes on from there.');
      return null;
    }
    const { files, results } = fetched;
    const amount = `${formatCount(files, 'file')}, ${formatCount(results, 'result')} among them`;
    if (!dryRun) output.say(files === 0 ? 'Nothing new there.' : `${amount}, fetched.`);
    else output.say(files === 0 ? 'Nothing new there.' : `${amount}, would be fetched and checked.`);
    return fetched;
  } finally {
    letGo();
  }
}

async function takeOver(context: CommandContext, folder: string, dryRun: boolean): Promise<number> {
  const { output } = context;
  const session = await context.openSession();
  try {
    const report = await session.client.call('archive.import', { folder, dryRun });
    output.say(sentenceOf(report, dryRun));
    for (const sentence of report.refused) output.complain(sentence);
    output.document(report);
    return report.imported === 0 && report.known === 0 ? EXIT.failed : EXIT.ok;
  } finally {
    await session.close();
  }
}

function sentenceOf({ imported, known, refused, batches }: ImportReport, dryRun: boolean): string {
  const taken = `${formatCount(imported, 'result')} ${dryRun ? 'would be imported' : 'imported'}`;
  const into = batches.length > 0 ? ` as ${batches.join(', ')}` : '';
  return `${taken}${into}; ${known} known already, ${refused.length} refused.`;
}
