import type { BatchRecord } from '../model/batch.ts';
import { type HookEvent, type Hooks, hookWords } from '../model/hooks.ts';
import type { ExperimentState } from '../model/run.ts';
import { batchExitCode } from './batch-outcome.ts';

/** Seconds that a command may take where its file says nothing. */
const TIME_LIMIT = 60;

/** Commands of one file or command line, and the folder that they are run in. */
export interface HookSource {
  /** For people: "settings.yaml", "the suite", "--on-end". */
  readonly name: string;
  readonly folder: string;
  readonly hooks: Hooks;
}

export interface PlannedHook {
  readonly event: HookEvent;
  readonly source: string;
  readonly words: readonly string[];
  readonly folder: string;
  readonly seconds: number;
}

/** The commands that these ends call for, in the order of the sources. Pure. */
export function planHooks(sources: readonly HookSource[], events: readonly HookEvent[]): PlannedHook[] {
  return sources.flatMap(({ name, folder, hooks }) =>
    events.flatMap((event) =>
      (hooks[event] ?? []).map((command) => ({
        event,
        source: name,
        words: hookWords(command),
        folder,
        seconds: hooks.timeLimit ?? TIME_LIMIT,
      })),
    ),
  );
}

/** Events that the end of a run means. */
export function eventsOfRun(state: ExperimentState): HookEvent[] {
  return state.kind === 'failed' || state.kind === 'timed-out' ? ['runFailed', 'runEnded'] : ['runEnded'];
}

export interface EndedBatch extends Pick<BatchRecord, 'id' | 'title' | 'state' | 'counts'> {
  /** Absolute folder. */
  readonly folder: string;
}

export interface EndedRun {
  readonly index: number;
  readonly attempt: number;
  readonly name: string;
  readonly state: ExperimentState;
  /** Absolute folder. */
  readonly folder: string;
}

/** What a command is told about an end. */
export function hookVariables(
  event: HookEvent,
  batch: EndedBatch,
  run: EndedRun | null,
): Record<string, string> {
  const { counts } = batch;
  return {
    MINIBATCH_EVENT: event,
    MINIBATCH_BATCH: batch.id,
    MINIBATCH_BATCH_DIR: batch.folder,
    MINIBATCH_TITLE: batch.title,
    MINIBATCH_STATE: run === null ? batch.state.kind : run.state.kind,
    MINIBATCH_TOTAL: String(counts.total),
    MINIBATCH_SUCCEEDED: String(counts.succeeded),
    MINIBATCH_FAILED: String(counts.failed),
    MINIBATCH_SKIPPED: String(counts.skipped),
    MINIBATCH_STOPPED: String(counts.stopped),
    MINIBATCH_POSTPONED: String(counts.postponed),
    ...(run === null ? { MINIBATCH_EXIT_CODE: String(batchExitCode(batch)) } : runVariables(run)),
  };
}

function runVariables({ index, attempt, name, state, folder }: EndedRun): Record<string, string> {
  return {
    MINIBATCH_RUN: String(index),
    MINIBATCH_RUN_NAME: name,
    MINIBATCH_ATTEMPT: String(attempt),
    MINIBATCH_RUN_DIR: folder,
    MINIBATCH_EXIT_REASON: state.kind === 'failed' ? state.reason.kind : state.kind,
  };
}
