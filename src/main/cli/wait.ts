import { batchExitCode, batchRests } from '../../shared/domain/batch-outcome.ts';
import type { BatchDetail } from '../../shared/model/batch.ts';
import { ExpectedError } from '../../shared/model/error.ts';
import { chooseBatch, isActive } from './batch-choice.ts';
import { batchDocument, runsOfOthers } from './batch-document.ts';
import { mirrorBatch } from './batch-mirror.ts';
import { summaryLines } from './batch-text.ts';
import { warnedLines, warningsOf } from './batch-warnings.ts';
import { type Command, type CommandContext, EXIT, type Session } from './command.ts';

/** What `timeout` of the system says as well. */
const TIMED_OUT = 124;

type Wait =
  | { readonly kind: 'ended'; readonly detail: BatchDetail }
  /** The process that held the workspace is gone; the batch may have ended with it. */
  | { readonly kind: 'alone' }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'interrupt' };

/** Waits for the end of a batch, whoever runs it, and exits as it ended. Ctrl-C ends the waiting alone. */
export const waitCommand: Command = {
  name: 'wait',
  summary: 'wait for the end of a batch and exit with its code (the newest that runs, if none is named)',
  usage: '[<batch>] [--timeout seconds]',
  flags: [
    {
      name: 'timeout',
      kind: 'number',
      above: 0,
      max: 31_536_000,
      placeholder: 'seconds',
      help: 'stop waiting after this long, with exit code 124; the batch goes on',
    },
  ],
  async run(context, { positionals, values }) {
    if (positionals.length > 1)
      throw new ExpectedError(
        'usage',
        `"${positionals.slice(1).join(' ')}" is too much: one batch at a time.`,
      );
    const timeout = values.get('timeout');
    const patience = createPatience(context, typeof timeout === 'number' ? timeout : null);
    let session = await context.openSession();
    try {
      const { id } = await chooseBatch(session.client, {
        given: positionals[0],
        fits: isActive,
        otherwise: 'No batch is running.',
      });
      for (;;) {
        const waited = await untilEnd(context, session, { batch: id, patience });
        if (waited.kind === 'ended') return await tellEnd(context, session, waited.detail);
        if (waited.kind !== 'alone') return giveUp(context, id, waited.kind);
        await session.close();
        session = await context.openSession();
      }
    } finally {
      patience.close();
      await session.close();
    }
  },
};

async function untilEnd(
  { output }: CommandContext,
  { client }: Session,
  { batch, patience }: { batch: string; patience: Patience },
): Promise<Wait> {
  const outcome = Promise.withResolvers<Wait>();
  let told = '';
  const stopClose = client.onClose(() => outcome.resolve({ kind: 'alone' }));
  try {
    const mirror = await mirrorBatch(client, batch, look);
    look(mirror.detail);
    const waited = await Promise.race([outcome.promise, patience.over]);
    mirror.close();
    return waited;
  } catch (error) {
    if (error instanceof ExpectedError && error.code === 'disconnected') return { kind: 'alone' };
    throw error;
  } finally {
    stopClose();
  }

  function look(detail: BatchDetail): void {
    const { state, counts } = detail.batch;
    if (batchRests(detail.batch)) return outcome.resolve({ kind: 'ended', detail });
    if (told === state.kind) return;
    told = state.kind;
    const done = counts.total - counts.live - counts.queued;
    output.say(`Waiting for ${batch}: ${state.kind}, ${done} of ${counts.total} done`);
  }
}

async function tellEnd(context: CommandContext, { client }: Session, detail: BatchDetail): Promise<number> {
  const { output, workspace, workspaceFlag } = context;
  const { id } = detail.batch;
  // Asked for while the process that ran it may be ending.
  const others = await runsOfOthers(client, detail).catch(() => new Map());
  const warnings = await warningsOf(client, id);
  for (const line of summaryLines(detail, workspaceFlag)) output.say(line);
  for (const line of warnedLines(warnings, `${id}${workspaceFlag}`)) output.say(line);
  output.document(batchDocument({ workspace, detail, others, warnings }));
  return batchExitCode(detail.batch);
}

function giveUp(
  { output, workspaceFlag }: CommandContext,
  batch: string,
  why: 'timeout' | 'interrupt',
): number {
  const sentence =
    why === 'timeout'
      ? `The time is over and ${batch} has not ended; it goes on.`
      : `Not waiting any longer; ${batch} goes on.`;
  output.say(`${sentence} Look with: minibatch status ${batch}${workspaceFlag}`);
  output.document({ batch, ended: false, why });
  return why === 'timeout' ? TIMED_OUT : EXIT.interrupted;
}

/** How long a person waits: over after the time that they gave, or at Ctrl-C. */
interface Patience {
  readonly over: Promise<Wait>;
  close(): void;
}

function createPatience({ onInterrupt }: CommandContext, seconds: number | null): Patience {
  const over = Promise.withResolvers<Wait>();
  const timer = seconds === null ? null : waitFor(seconds, () => over.resolve({ kind: 'timeout' }));
  const stop = onInterrupt(() => over.resolve({ kind: 'interrupt' }));
  return {
    over: over.promise,
    close() {
      timer?.();
      stop();
    },
  };
}

/** A timer counts no further than 24 days. */
function waitFor(seconds: number, done: () => void): () => void {
  const longest = 2_000_000;
  let timer: NodeJS.Timeout;
  function next(left: number): void {
    const part = Math.min(left, longest);
    timer = setTimeout(() => (left > part ? next(left - part) : done()), part * 1000);
  }
  next(seconds);
  return () => clearTimeout(timer);
}
