import { plainText } from '../../shared/domain/ansi.ts';
import { isLive } from '../../shared/domain/status.ts';
import { ExpectedError } from '../../shared/model/error.ts';
import type { LogPage } from '../../shared/model/log.ts';
import { chooseBatch } from './batch-choice.ts';
import { type Command, type CommandContext, EXIT, type Session } from './command.ts';
import type { FlagSpec, ParsedFlags } from './flags.ts';

const PAGE_LINES = 500;
const FLAGS: readonly FlagSpec[] = [
  { name: 'follow', short: 'f', kind: 'boolean', help: 'go on with what is written from now' },
  { name: 'lines', kind: 'integer', min: 1, max: 1_000_000, help: 'only the last so many lines' },
  { name: 'attempt', kind: 'integer', min: 1, help: 'an earlier attempt than the latest' },
];

interface RunChoice {
  readonly batch: string;
  readonly index: number;
  readonly attempt?: number;
}

/** Prints what a run wrote on its terminal. */
export const logsCommand: Command = {
  name: 'logs',
  summary: 'print the log of a run',
  usage: '[<batch>] [<index>] [-f] [--lines n]',
  flags: FLAGS,
  async run(context, parsed) {
    const session = await context.openSession();
    try {
      const choice = await chooseRun(session, parsed);
      const lines = parsed.values.get('lines');
      const follow = parsed.values.get('follow') === true;
      const first = await firstLine(session, choice, typeof lines === 'number' ? lines : null);
      const printed = await (follow ? followLog : printLog)(context, session, { ...choice, first });
      context.output.document({ batch: choice.batch, index: choice.index, ...printed });
      return EXIT.ok;
    } finally {
      await session.close();
    }
  },
};

/** `logs`, `logs 3`, `logs <batch>`, `logs <batch> 3`: without an index the run that lives, or the only one. */
async function chooseRun({ client }: Session, { positionals, values }: ParsedFlags): Promise<RunChoice> {
  const words = [...positionals];
  const index = /^\d{1,4}$/.test(words.at(-1) ?? '') ? Number(words.pop()) : null;
  const batch = await chooseBatch(client, {
    given: words[0],
    // A batch in which everything was skipped has no log of its own.
    fits: ({ counts }) => counts.skipped + counts.postponed < counts.total,
    otherwise: 'Nothing has been run yet.',
  });
  const { detail } = await client.call('batches.get', { batch: batch.id });
  const skipped = detail.experiments.find((one) => one.index === index)?.state;
  if (skipped?.kind === 'skipped')
    return { batch: skipped.batch, index: skipped.index, attempt: skipped.attempt };
  const started = detail.experiments.filter((one) => one.attempt > 0);
  const live = started.filter((one) => isLive(one.state));
  const candidates =
    index === null ? (live.length > 0 ? live : started) : started.filter((one) => one.index === index);
  const [only, ...others] = candidates.toSorted((a, b) => a.index - b.index);
  if (only === undefined) {
    const what =
      index === null
        ? `Nothing of ${batch.id} has been started yet.`
        : `Experiment ${index} of ${batch.id} has no run.`;
    throw new ExpectedError(index === null ? 'not-possible-now' : 'usage', what);
  }
  if (others.length > 0) {
    const choices = candidates.map((one) => `${one.index} (${one.name})`).join(', ');
    throw new ExpectedError('usage', `${batch.id} has several runs; name one by its index: ${choices}.`);
  }
  const attempt = values.get('attempt');
  return { batch: batch.id, index: only.index, ...(typeof attempt === 'number' ? { attempt } : {}) };
}

async function firstLine({ client }: Session, run: RunChoice, last: number | null): Promise<number> {
  if (last === null) return 0;
  const page = await client.call('logs.page', { ...run, firstLine: -1, count: 1 });
  return Math.max(0, page.totalLines - last);
}

type LogRequest = RunChoice & { readonly first: number };

async function printLog(
  { output }: CommandContext,
  { client }: Session,
  request: LogRequest,
): Promise<{ lines: string[]; totalLines: number }> {
  const { first, ...run } = request;
  const lines: string[] = [];
  const show = output.screen === null ? plainText : (line: string): string => line;
  for (let from = first; ; ) {
    const page = await client.call('logs.page', { ...run, firstLine: from, count: PAGE_LINES });
    for (const line of page.lines) output.raw(`${show(line)}\n`);
    if (output.json) lines.push(...page.lines.map(plainText));
    from = page.firstLine + page.lines.length;
    if (page.lines.length === 0 || from >= page.totalLines) return { lines, totalLines: page.totalLines };
  }
}

/** Follows until the run ends or Ctrl-C. The last line is held back until it is complete, except on a terminal. */
async function followLog(
  { output, onInterrupt }: CommandContext,
  { client }: Session,
  request: LogRequest,
): Promise<{ totalLines: number }> {
  const { first, ...key } = request;
  const ended = Promise.withResolvers<void>();
  let totalLines = 0;
  let open: string | null = null;

  function print(page: LogPage, next: number): void {
    ({ totalLines } = page);
    open = null;
    for (const [at, line] of page.lines.entries()) {
      if (page.firstLine + at >= next) open = line;
      else output.raw(output.screen === null ? `${plainText(line)}\n` : `\r\u001b[K${line}\n`);
    }
    if (open !== null && output.screen !== null) output.raw(`\r\u001b[K${open}`);
  }

  const stop = client.watch('logs.follow', {
    key,
    from: first,
    onItem: print,
    onEnd: (error) => (error === null ? ended.resolve() : ended.reject(error)),
  });
  const release = onInterrupt(ended.resolve);
  try {
    await ended.promise;
  } finally {
    release();
    stop();
  }
  if (open !== null) output.raw(output.screen === null ? `${plainText(open)}\n` : '\n');
  return { totalLines };
}
