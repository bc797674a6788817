import { formatCount, formatMoment, formatMegabytes } from '../../shared/domain/format.ts';
import { suggestion } from '../../shared/domain/nearest.ts';
import type { BackupRecord } from '../../shared/model/archive.ts';
import { ExpectedError } from '../../shared/model/error.ts';
import { chooseBatch } from './batch-choice.ts';
import { type Command, type CommandContext, EXIT, type Session } from './command.ts';
import { textTable } from './text-table.ts';

type Action = (context: CommandContext, session: Session, given: string | undefined) => Promise<void>;

const ACTIONS: Readonly<Record<string, Action>> = { list, create, restore, clean };
const BYTES_PER_MB = 1_048_576;

/** Copies of results: made, listed, put back, and made once more before a batch is cleaned away. */
export const backupCommand: Command = {
  name: 'backup',
  summary: 'make, list or restore copies of results, or clean a batch away after one',
  usage: 'list | create [<batch>] | restore <backup> | clean <batch>',
  flags: [],
  async run(context, { positionals }) {
    const [name = 'list', given, ...more] = positionals;
    const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
    if (action === undefined)
      throw new ExpectedError(
        'usage',
        `There is no "backup ${name}".${suggestion(name, Object.keys(ACTIONS))} It can be ${Object.keys(ACTIONS).join(', ')}.`,
      );
    if (more.length > 0) throw new ExpectedError('usage', `"${more.join(' ')}" is too much.`);
    const session = await context.openSession();
    try {
      await action(context, session, given);
      return EXIT.ok;
    } finally {
      await session.close();
    }
  },
};

async function list({ output }: CommandContext, { client }: Session): Promise<void> {
  const { backups } = await client.call('backups.list', {});
  if (backups.length === 0) output.say('There is no backup yet. Make one with: minibatch backup create');
  else for (const line of backupTable(backups)) output.say(line);
  for (const { problem } of backups) if (problem !== null) output.complain(problem);
  output.document({ backups });
}

async function create(
  { output }: CommandContext,
  session: Session,
  given: string | undefined,
): Promise<void> {
  const batch = await batchOf(session, given ?? 'latest');
  const record = await session.client.call('backups.create', { batch });
  output.say(madeSentence(record));
  output.document(record);
}

async function restore(
  { output }: CommandContext,
  session: Session,
  given: string | undefined,
): Promise<void> {
  const name = required(given, 'restore', 'backup');
  const report = await session.client.call('backups.restore', { name });
  output.say(
    `${formatCount(report.restored, 'result')} of ${report.batch} put back; ${formatCount(report.kept, 'result')} were there and stay.`,
  );
  output.document(report);
}

async function clean({ output }: CommandContext, session: Session, given: string | undefined): Promise<void> {
  const batch = await batchOf(session, required(given, 'clean', 'batch'));
  const record = await session.client.call('backups.clean', { batch });
  output.say(`${madeSentence(record)} The batch ${batch} is in the trash.`);
  output.document(record);
}

function required(given: string | undefined, action: string, what: string): string {
  if (given !== undefined) return given;
  throw new ExpectedError('usage', `Name a ${what}: minibatch backup ${action} <${what}>.`);
}

async function batchOf({ client }: Session, given: string): Promise<string> {
  return (await chooseBatch(client, { given, fits: () => true, otherwise: 'There is no batch yet.' })).id;
}

function madeSentence({ name, file }: BackupRecord): string {
  return `${name}: ${formatCount(file?.results ?? 0, 'result')}, ${formatMegabytes((file?.bytes ?? 0) / BYTES_PER_MB)}.`;
}

function backupTable(backups: readonly BackupRecord[]): string[] {
  return textTable<BackupRecord>(
    [
      { title: 'backup', text: ({ name }) => name },
      { title: 'made', text: ({ file }) => (file === null ? '–' : formatMoment(file.createdAt)) },
      { title: 'results', text: ({ file }) => String(file?.results ?? '–'), right: true },
      {
        title: 'size',
        text: ({ file }) => (file === null ? '–' : formatMegabytes(file.bytes / BYTES_PER_MB)),
        right: true,
      },
      { title: 'why', text: ({ file, problem }) => (problem === null ? (file?.why ?? '') : 'not whole') },
    ],
    backups,
  );
}
