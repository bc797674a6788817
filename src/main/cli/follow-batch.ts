import { batchExitCode, batchRests } from '../../shared/domain/batch-outcome.ts';
import { isFinal } from '../../shared/domain/status.ts';
import type { BatchDetail } from '../../shared/model/batch.ts';
import { ExpectedError } from '../../shared/model/error.ts';
import type { ExperimentRecord } from '../../shared/model/run.ts';
import { batchDocument, type OtherRuns, runsOfOthers } from './batch-document.ts';
import { mirrorBatch } from './batch-mirror.ts';
import { liveLines, outcomeLine, summaryLines } from './batch-text.ts';
import { type Warnings, warnedLines, warningsOf } from './batch-warnings.ts';
import type { CommandContext, Session } from './command.ts';
import { createLiveScreen } from './live-screen.ts';

/** A live table is read by people: ten frames a second are more than enough. */
const FRAME_MILLISECONDS = 100;

/**
 * Stays with a batch until it rests, then prints the summary and the document. The first interrupt stops the batch at
 * its checkpoints, the second cancels it. Returns the exit code.
 */
export async function followBatch(context: CommandContext, session: Session, batch: string): Promise<number> {
  const { output } = context;
  const { detail, others, warnings } = await watchToEnd(context, session, batch);
  const { state } = detail.batch;
  if (state.kind === 'interrupted' && state.cause === 'smoke-run')
    throw new ExpectedError('not-possible-now', state.sentence);
  for (const line of summaryLines(detail, context.workspaceFlag)) output.say(line);
  for (const line of warnedLines(warnings, `${batch}${context.workspaceFlag}`)) output.say(line);
  if (session.mode === 'own') await waitForOthers(context, session, batch);
  output.document(batchDocument({ workspace: context.workspace, detail, others, warnings }));
  return batchExitCode(detail.batch);
}

interface Watched {
  readonly detail: BatchDetail;
  readonly others: OtherRuns;
  readonly warnings: Warnings;
}

async function watchToEnd(context: CommandContext, session: Session, batch: string): Promise<Watched> {
  const ended = Promise.withResolvers<void>();
  const report = createReport(context);
  const mirror = await mirrorBatch(session.client, batch, update);

  function update(detail: BatchDetail): void {
    report.show(detail);
    if (batchRests(detail.batch)) ended.resolve();
  }

  // What the core has to say while it works; another process says it to its own screen.
  const stopNotices =
    session.mode === 'own' ? session.client.subscribe('notice', ({ text }) => report.print(text)) : () => {};
  const stopClose = session.client.onClose((reason) => {
    ended.reject(
      new ExpectedError('disconnected', `${reason} The runs go on; look with "minibatch status".`),
    );
  });
  const stopInterrupt = context.onInterrupt(
    stopAtInterrupt({ context, session, batch, print: report.print }),
  );
  try {
    update(mirror.detail);
    let others = await runsOfOthers(session.client, mirror.detail);
    await ended.promise;
    // Experiments that were skipped on the way point at runs that began only then.
    if (session.mode === 'own') others = await runsOfOthers(session.client, mirror.detail);
    return { detail: mirror.detail, others, warnings: await warningsOf(session.client, batch) };
  } finally {
    stopNotices();
    stopInterrupt();
    stopClose();
    mirror.close();
    report.close();
  }
}

interface Interrupted {
  readonly context: CommandContext;
  readonly session: Session;
  readonly batch: string;
  readonly print: (line: string) => void;
}

function stopAtInterrupt({ session, batch, print, context }: Interrupted): () => void {
  let count = 0;
  return () => {
    count += 1;
    if (count > 2) return;
    const mode = count === 1 ? 'checkpoint' : 'cancel';
    print(
      mode === 'checkpoint'
        ? 'Stopping at the next checkpoint, so that the batch can go on later. Press Ctrl-C again to cancel the runs at once.'
        : 'Cancelling the runs.',
    );
    session.client.call('batches.stop', { batch, mode }).catch((error: unknown) => {
      // It may have ended by itself in this moment; anything else is worth a line.
      context.output.complain(error instanceof Error ? error.message : String(error));
    });
  };
}

/** `worker 2: `, as the lanes of the batch screen count them; empty for what did not run here. */
function workerOf({ runs }: BatchDetail, { index, attempt, state }: ExperimentRecord): string {
  if (state.kind === 'skipped' || state.kind === 'postponed') return '';
  const run = runs.find((one) => one.index === index && one.attempt === attempt);
  return run === undefined ? '' : `worker ${run.worker}: `;
}

interface Report {
  show(detail: BatchDetail): void;
  print(line: string): void;
  close(): void;
}

/** A live table on a terminal, plain lines elsewhere; finished experiments get their line in both. */
function createReport({ output }: CommandContext): Report {
  const screen = output.screen === null ? null : createLiveScreen(output.screen);
  const print = (line: string): void => (screen === null ? output.say(line) : screen.print(line));
  const told = new Set<number>();
  let newest: BatchDetail | null = null;
  let timer: NodeJS.Timeout | null = null;

  function draw(): void {
    timer = null;
    if (newest !== null) screen?.draw(liveLines(newest));
  }

  return {
    print,
    show(detail) {
      newest = detail;
      for (const experiment of detail.experiments) {
        if (!isFinal(experiment.state)) told.delete(experiment.index);
        else if (!told.has(experiment.index)) {
          told.add(experiment.index);
          print(
            `[${told.size}/${detail.batch.counts.total}] ${workerOf(detail, experiment)}${outcomeLine(experiment)}`,
          );
        }
      }
      if (screen !== null) timer ??= setTimeout(draw, FRAME_MILLISECONDS);
    },
    close() {
      if (timer !== null) clearTimeout(timer);
      screen?.close();
    },
  };
}

/** Another command may have handed its batch to this process, which must not leave it half done. */
async function waitForOthers(
  { output, onInterrupt }: CommandContext,
  session: Session,
  own: string,
): Promise<void> {
  const { batches } = await session.client.call('batches.list', {});
  const others = batches.filter(
    ({ id, state }) => id !== own && ['running', 'stopping'].includes(state.kind),
  );
  if (others.length === 0) return;
  output.say(
    `Still working on ${others.map((batch) => batch.id).join(', ')}, which another command handed over. Ctrl-C stops it.`,
  );
  const stop = onInterrupt(() => {
    for (const { id } of others)
      session.client.call('batches.stop', { batch: id, mode: 'checkpoint' }).catch(() => {});
  });
  await session.idle();
  stop();
}
