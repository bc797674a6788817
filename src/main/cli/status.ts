import { experimentFacts, experimentFields, experimentRows } from '../../shared/domain/experiment-fields.ts';
import { rowsWhere } from '../../shared/domain/field.ts';
import { formatCount, formatDuration, formatMegabytes } from '../../shared/domain/format.ts';
import { stateLabel, stateSentence } from '../../shared/domain/status.ts';
import type { QueueStanding } from '../../shared/model/archive.ts';
import type { BatchDetail } from '../../shared/model/batch.ts';
import { ExpectedError } from '../../shared/model/error.ts';
import type { ExperimentRecord } from '../../shared/model/run.ts';
import { queueStandings } from '../../shared/domain/standing.ts';
import { chooseBatch, isActive } from './batch-choice.ts';
import { warningLines, warningsOf } from './batch-warnings.ts';
import { batchLine } from './batch-text.ts';
import { type Command, type CommandContext, EXIT, type Session } from './command.ts';
import { batchFacts, batchTable } from './list.ts';
import { byIndex } from './plan-text.ts';
import { textTable } from './text-table.ts';
import { WHERE_FLAG, whereOf } from './where.ts';

const SHOWN_BATCHES = 10;

/** How things stand: the live batches in full, the newest others in a line each. */
export const statusCommand: Command = {
  name: 'status',
  summary: 'show how the batches stand, or one of them in full',
  usage: '[<batch>] [--where filter]',
  flags: [WHERE_FLAG],
  async run(context, { positionals, values }) {
    const [given] = positionals;
    const where = whereOf(values);
    if (given === undefined && where !== null)
      throw new ExpectedError(
        'usage',
        '--where needs a batch: minibatch status <batch> --where "state=failed".',
      );
    const session = await context.openSession();
    try {
      return given === undefined
        ? await showAll(context, session)
        : await showOne(context, session, { given, where });
    } finally {
      await session.close();
    }
  },
};

async function showAll({ output }: CommandContext, { client }: Session): Promise<number> {
  const { batches } = await client.call('batches.list', {});
  if (batches.length === 0) output.say('There is no batch yet. Start one with: minibatch run quick');
  else for (const line of batchTable(batches.slice(0, SHOWN_BATCHES))) output.say(line);
  if (batches.length > SHOWN_BATCHES)
    output.say(`and ${batches.length - SHOWN_BATCHES} older ones ("minibatch list")`);
  for (const { id } of batches.filter(isActive)) {
    const { detail } = await client.call('batches.get', { batch: id });
    output.say('');
    for (const line of detailLines(detail)) output.say(line);
  }
  output.document({ batches: batches.map(batchFacts) });
  return EXIT.ok;
}

interface StatusChoice {
  readonly given: string;
  /** Null = every experiment. */
  readonly where: string | null;
}

async function showOne(
  { output }: CommandContext,
  { client }: Session,
  { given, where }: StatusChoice,
): Promise<number> {
  const { id } = await chooseBatch(client, { given, fits: () => true, otherwise: 'There is no batch yet.' });
  const whole = (await client.call('batches.get', { batch: id })).detail;
  const detail = where === null ? whole : detailWhere(whole, where);
  const warnings = await warningsOf(client, id);
  for (const line of [...detailLines(detail), ...warningLines(warnings, detail)]) output.say(line);
  if (where !== null)
    output.say(`${detail.experiments.length} of ${formatCount(whole.experiments.length, 'experiment')}`);
  output.document({
    ...batchFacts(detail.batch),
    warnings: warnings.batch,
    queues: queueStandings(detail.experiments),
    experiments: byIndex(detail.experiments).map(({ index, name, state, attempt, live, summary }) => ({
      index,
      name,
      state: state.kind,
      sentence: stateSentence(state),
      attempt,
      live,
      summary,
      warnings: warnings.runs.get(index) ?? [],
    })),
  });
  return EXIT.ok;
}

/** The batch with only those experiments that fit. */
function detailWhere(detail: BatchDetail, where: string): BatchDetail {
  const rows = experimentRows(detail.experiments, detail.runs);
  const { name = null, better = null } = detail.batch.mainMetric ?? {};
  const fields = experimentFields(rows, name === null ? null : { name, better });
  const found = rowsWhere(rows, where, experimentFacts(fields));
  return { ...detail, experiments: found.map(({ experiment }) => experiment) };
}

function detailLines({ batch, experiments }: BatchDetail): string[] {
  const { sentence } = { sentence: undefined, ...batch.state };
  return [
    `${batch.id}: ${batchLine(batch)}`,
    ...(sentence === undefined ? [] : [sentence]),
    ...queueTable(experiments),
    ...experimentTable(byIndex(experiments)),
  ];
}

/** Only of a batch with several queues: with one, the batch's own line says it all. */
function queueTable(experiments: readonly ExperimentRecord[]): string[] {
  const queues = queueStandings(experiments);
  if (queues.length < 2) return [];
  const lines = textTable<QueueStanding>(
    [
      { title: 'queue', text: ({ queue }) => queue },
      { title: 'device', text: ({ device }) => device ?? '–' },
      { title: 'done', text: ({ done, total }) => `${done}/${total}`, right: true },
      { title: 'running', text: ({ running }) => String(running), right: true },
      { title: 'remaining', text: ({ queued }) => String(queued), right: true },
      { title: 'postponed', text: ({ postponed }) => String(postponed), right: true },
      { title: 'unsuccessful', text: ({ unsuccessful }) => String(unsuccessful), right: true },
      {
        title: 'work left',
        text: ({ workSeconds }) => (workSeconds > 0 ? formatDuration(workSeconds) : '–'),
        right: true,
      },
      { title: 'now', text: ({ now }) => now.join(', ') },
    ],
    queues,
  );
  return [...lines, ''];
}

function experimentTable(experiments: readonly ExperimentRecord[]): string[] {
  return textTable<ExperimentRecord>(
    [
      { title: 'index', text: (row) => String(row.index), right: true },
      { title: 'experiment', text: (row) => row.name },
      { title: 'state', text: (row) => stateLabel(row.state.kind) },
      { title: 'attempt', text: (row) => (row.attempt === 0 ? '–' : String(row.attempt)), right: true },
      { title: 'progress', text: progressText, right: true },
      {
        title: 'memory',
        text: ({ live }) => (live?.memoryMb ? formatMegabytes(live.memoryMb) : '–'),
        right: true,
      },
      {
        title: 'time',
        text: ({ state }) => ('seconds' in state ? formatDuration(state.seconds) : '–'),
        right: true,
      },
    ],
    experiments,
  );
}

function progressText({ live }: ExperimentRecord): string {
  const progress = live?.progress;
  return progress && progress.total > 0 ? `${Math.floor((100 * progress.done) / progress.total)} %` : '–';
}
