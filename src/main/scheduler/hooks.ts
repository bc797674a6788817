import { dirname } from 'node:path';
import { formatDuration } from '../../shared/domain/format.ts';
import {
  type EndedBatch,
  type EndedRun,
  eventsOfRun,
  type HookSource,
  hookVariables,
  type PlannedHook,
  planHooks,
} from '../../shared/domain/hook-plan.ts';
import { ExpectedError } from '../../shared/model/error.ts';
import type { HookEvent } from '../../shared/model/hooks.ts';
import type { Clock } from '../platform/clock.ts';
import { failureOf, type RunProgram } from '../platform/process-runner.ts';
import { appendJournal, type BatchFile, type JournalEntry } from '../store/batch-file.ts';
import { settingsReader } from '../workloads/settings-file.ts';
import { openHookLog } from './hook-log.ts';

/** Of a batch that something of has ended; `journal` is the scheduler's own copy and is kept in step. */
export interface HookBatch extends EndedBatch {
  readonly file: Pick<BatchFile, 'plan'>;
  readonly journal: JournalEntry[];
}

export interface HookOptions {
  readonly workspace: string;
  readonly clock: Pick<Clock, 'now' | 'monotonic'>;
  /** The app's own environment. */
  readonly base: Readonly<Record<string, string | undefined>>;
  readonly run: RunProgram;
  readonly notice: (level: 'info' | 'warning' | 'error', text: string) => void;
}

/** Runs people's commands when something ends. Nothing that they do changes a batch; what fails becomes its warning. */
export interface HookRunner {
  runEnded(batch: HookBatch, run: EndedRun): void;
  batchEnded(batch: HookBatch): void;
  /** Resolves when no command of this batch is running or about to; without a batch, of any. */
  settled(batch?: string): Promise<void>;
}

/** Which end it is: of an attempt, or of the batch after so many beginnings. */
type EndName = Pick<Extract<JournalEntry, { kind: 'hook' }>, 'index' | 'attempt' | 'end'>;

interface OneEnd {
  readonly events: readonly HookEvent[];
  /** At least one. */
  readonly planned: readonly PlannedHook[];
  /** Null = the batch itself. */
  readonly ended: EndedRun | null;
  readonly end: EndName;
}

/** These begin the work on a batch anew, so that it can end once more. */
const REOPENING: ReadonlySet<JournalEntry['kind']> = new Set(['resume', 'again', 'release']);
/** Of the surroundings of the app, which are no business of a command. */
const UNWANTED = /^(ELECTRON_.*|NODE_OPTIONS|NODE_CHANNEL_.*|npm_.*|MallocNanoZone|__PYVENV_LAUNCHER__)$/;

export function createHookRunner({ workspace, clock, base, run, notice }: HookOptions): HookRunner {
  const environment = Object.fromEntries(Object.entries(base).filter(([name]) => !UNWANTED.test(name)));
  /** By batch: its commands run one after the other, in the order of the ends. */
  const chains = new Map<string, Promise<void>>();
  const settings = settingsReader(workspace);

  function enqueue(batch: HookBatch, events: readonly HookEvent[], ended: EndedRun | null): void {
    const planned = planHooks(sourcesOf(batch), events);
    if (planned.length === 0) return;
    // As it is now: by the time the commands before it are through, the batch may have gone on.
    const then = { ...batch, counts: { ...batch.counts } };
    const end = endName(batch, ended);
    const before = chains.get(batch.id) ?? Promise.resolve();
    const chain = before
      .then(() => perform(then, { events, planned, ended, end }))
      .catch((error: unknown) => warn(then, `A hook could not be run: ${sentenceOf(error)}`));
    chains.set(batch.id, chain);
    void chain.then(() => {
      if (chains.get(batch.id) === chain) chains.delete(batch.id);
    });
  }

  async function perform(batch: HookBatch, { events, planned, ended, end }: OneEnd): Promise<void> {
    for (const event of events) {
      const mine = planned.filter((hook) => hook.event === event);
      if (mine.length === 0 || !claim(batch, event, end)) continue;
      for (const hook of mine) await runHook(batch, hook, ended);
    }
  }

  function sourcesOf(batch: HookBatch): HookSource[] {
    const { request, suite } = batch.file.plan;
    const sources: HookSource[] = [];
    try {
      const { hooks } = settings();
      sources.push({ name: 'settings.yaml', folder: workspace, hooks });
    } catch (error) {
      if (!(error instanceof ExpectedError)) throw error;
      warn(batch, `The hooks of the workspace were not run. ${error.message}`);
    }
    if (suite?.hooks) sources.push({ name: 'the suite', folder: dirname(suite.file), hooks: suite.hooks });
    if (request.onEnd)
      sources.push({
        name: '--on-end',
        folder: request.onEnd.folder,
        hooks: { batchEnded: request.onEnd.commands },
      });
    return sources;
  }

  /** Writes down that an end is dealt with, before anything is run; false = it has been. */
  function claim({ folder, journal }: HookBatch, event: HookEvent, end: EndName): boolean {
    const known = journal.some(
      (entry) =>
        entry.kind === 'hook' &&
        entry.event === event &&
        entry.end === end.end &&
        entry.index === end.index &&
        entry.attempt === end.attempt,
    );
    if (!known) write(folder, journal, { t: clock.now(), kind: 'hook', event, ...end });
    return !known;
  }

  async function runHook(batch: HookBatch, hook: PlannedHook, ended: EndedRun | null): Promise<void> {
    const [command = '', ...args] = hook.words;
    const log = openHookLog(batch.folder, hook, clock.now());
    const began = clock.monotonic();
    const result = await run(command, args, {
      cwd: hook.folder,
      env: { ...environment, ...hookVariables(hook.event, batch, ended) },
      timeout: hook.seconds,
      maxBuffer: 1024,
      onOutput: log.write,
    });
    const failure = result.kind === 'timeout' ? `ended after ${result.seconds} s` : failureOf(result);
    log.end(`${failure ?? 'exit code 0'} after ${formatDuration(clock.monotonic() - began)}`);
    if (failure === null) return;
    const after = ended === null ? 'the end of the batch' : `the end of ${ended.name}`;
    warn(
      batch,
      `The hook "${hook.words.join(' ')}" (${hook.source}) failed after ${after}: ${failure}. Its output is in hooks.log of the batch.`,
    );
  }

  /** Once for each sentence: a file with a mistake is met at every end. */
  function warn({ title, folder, journal }: HookBatch, sentence: string): void {
    if (journal.some((entry) => entry.kind === 'hook-failed' && entry.sentence === sentence)) return;
    notice('warning', `${title}: ${sentence}`);
    try {
      write(folder, journal, { t: clock.now(), kind: 'hook-failed', sentence });
    } catch {
      // Without room for the journal the notice has to do.
    }
  }

  return {
    runEnded: (batch, ended) => enqueue(batch, eventsOfRun(ended.state), ended),
    batchEnded: (batch) => enqueue(batch, ['batchEnded'], null),
    async settled(batch) {
      await Promise.all(batch === undefined ? chains.values() : [chains.get(batch)]);
    },
  };
}

function endName({ journal }: HookBatch, ended: EndedRun | null): EndName {
  if (ended !== null) return { index: ended.index, attempt: ended.attempt };
  return { end: journal.filter(({ kind }) => REOPENING.has(kind)).length };
}

function write(folder: string, journal: JournalEntry[], entry: JournalEntry): void {
  appendJournal(folder, entry);
  journal.push(entry);
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
