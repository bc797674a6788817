import type { ExperimentState, FailureReason } from '../model/run.ts';
import { knownFailure, lastLine } from './failure-text.ts';

/** Everything that is known about how an attempt ended. */
export interface EndFacts {
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly stopReason: 'stop' | 'cancel' | 'timeout' | 'start-failed' | null;
  /** Somebody asked Minibatch to cancel it. Otherwise the system ended it, for example at a logout. */
  readonly cancelAsked: boolean;
  /** The supervisor's own words, for example why the program could not be started. */
  readonly message: string | null;
  readonly timeoutSeconds: number | null;
  readonly device: string;
  /** The end of the terminal output. */
  readonly tail: string;
  /** The worker's last `error` event. */
  readonly error: { readonly class: string; readonly text: string } | null;
  readonly result: ResultCheck;
  readonly checkpoint: boolean;
  /** What the app found out when it saw the end; null for an end that nobody watched. */
  readonly diagnosis: Diagnosis | null;
}

export type ResultCheck =
  | { readonly kind: 'valid' | 'missing' }
  /** Whole as a file, but the workload itself says what is missing in it. */
  | { readonly kind: 'partial'; readonly sentence: string }
  | { readonly kind: 'invalid'; readonly sentence: string };

/** Noted in the run folder by the app, because it cannot be found out later. */
export interface Diagnosis {
  /** The supervisor itself died, so nobody knows how the run ended. */
  readonly supervisorLost: boolean;
  readonly folderMissing: boolean;
  /** The kernel's record of killing this very process (macOS). */
  readonly kernelLine: string | null;
  /** Growth of used swap over the half minute before the end, in bytes. */
  readonly swapGrowthBytes: number | null;
  readonly pressure: 'normal' | 'warning' | 'critical' | null;
}

/** The final part of a state, without its times. */
export type Ending =
  | { readonly kind: 'succeeded' }
  | { readonly kind: 'partial'; readonly sentence: string }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'timed-out'; readonly limitSeconds: number }
  | { readonly kind: 'interrupted'; readonly sentence: string }
  | { readonly kind: 'failed'; readonly reason: FailureReason };

type Failure = FailureReason['kind'];

/**
 * Why an attempt ended, with the way out. The stop that was asked for comes before what the program made of
 * it, except that a run which still finished with a valid result has succeeded.
 */
export function exitReason(end: EndFacts): Ending {
  if (end.diagnosis?.folderMissing) {
    return failed(
      end,
      'folder-missing',
      'The run folder was removed while the run was going on. Retry to run it again.',
    );
  }
  const metal = end.device === 'mps' ? knownFailure(end.tail) : null;
  if (metal?.kind === 'metal-error') return failed(end, metal.kind, metal.sentence);
  if (mayCount(end) && end.result.kind === 'valid') return { kind: 'succeeded' };
  if (mayCount(end) && end.result.kind === 'partial') return end.result;
  switch (end.stopReason) {
    case 'timeout':
      return { kind: 'timed-out', limitSeconds: end.timeoutSeconds ?? 0 };
    case 'cancel':
      return end.cancelAsked ? { kind: 'cancelled' } : { kind: 'interrupted', sentence: endedOutside(end) };
    case 'stop':
      return { kind: 'interrupted', sentence: stoppedSentence(end.checkpoint) };
    case 'start-failed':
      return failed(end, 'start-failed', startSentence(end.message ?? lastLine(end.tail)));
    case null:
      return ownEnd(end);
  }
}

/**
 * The result of a program that failed never counts. One whose end nobody recorded (the supervisor or its status file
 * was lost) does: a result is the last thing that a program writes.
 */
function mayCount({ exitCode, signal, stopReason }: EndFacts): boolean {
  return exitCode === 0 || (exitCode === null && signal === null && stopReason === null);
}

/** The attempt lives no more and nobody saw its end: the machine or the supervisor went away with the app. */
export function lostEnding(checkpoint: boolean): Ending {
  const way = checkpoint ? 'Resume goes on from its last checkpoint.' : 'Resume starts it again.';
  return { kind: 'interrupted', sentence: `The run ended while the app was away. ${way}` };
}

/** Failures that fewer runs at once may avoid. */
export function isResourceFailure(kind: Failure): boolean {
  return kind === 'out-of-memory' || kind === 'killed-by-system' || kind === 'killed-unknown';
}

function ownEnd(end: EndFacts): Ending {
  if (end.diagnosis?.supervisorLost) {
    const way = end.checkpoint ? 'Retry goes on from its last checkpoint.' : 'Retry to run it again.';
    return failed(
      end,
      'supervisor-lost',
      `The program that watches over the run was killed, and the run with it. ${way}`,
    );
  }
  if (end.signal === 'SIGKILL') return killed(end);
  if (end.exitCode === 0) return withoutResult(end);
  const text = `${end.error ? `${end.error.class}: ${end.error.text}\n` : ''}${end.tail}`;
  const known = knownFailure(text);
  if (known) return failed(end, known.kind, known.sentence);
  return failed(end, 'script-error', scriptSentence(end));
}

function killed(end: EndFacts): Ending {
  const facts = end.diagnosis;
  if (facts?.kernelLine) {
    const swap = swapPhrase(facts.swapGrowthBytes);
    return failed(
      end,
      'killed-by-system',
      `Ended by the system: memory ran out${swap ? ` (${swap})` : ''}. Retry with fewer workers.`,
    );
  }
  const seen = [
    swapPhrase(facts?.swapGrowthBytes ?? null),
    facts?.pressure && facts.pressure !== 'normal' ? `memory pressure was ${facts.pressure}` : '',
  ];
  const phrase = seen.filter(Boolean).join(', ');
  const cause = phrase ? `cause unknown, but ${phrase}` : 'cause unknown; often memory ran out';
  return failed(
    end,
    'killed-unknown',
    `Killed from outside, ${cause}. Retry, with fewer workers if it happens again.`,
  );
}

function withoutResult(end: EndFacts): Ending {
  if (end.result.kind === 'invalid') {
    return failed(end, 'invalid-result', `${end.result.sentence} Retry to run it again.`);
  }
  return failed(
    end,
    'no-result',
    'The program ended without an error and without a result. Look at its output, mend it, then retry.',
  );
}

function scriptSentence(end: EndFacts): string {
  const said = end.error ? `${end.error.class}: ${end.error.text}` : lastLine(end.tail);
  const how = end.signal ? `was ended by ${end.signal}` : `ended with exit code ${end.exitCode ?? 'unknown'}`;
  return `The program ${how}${said ? `: ${said.slice(0, 300)}` : ''}. See its output, then retry.`;
}

function startSentence(cause: string): string {
  const text = knownFailure(cause);
  if (text?.kind === 'start-failed') return text.sentence;
  const known = cause.slice(0, 300).trim().replace(/\.+$/, '');
  return `The run could not be started${known ? `: ${known}` : ''}. Check the interpreter with doctor, then retry.`;
}

function stoppedSentence(checkpoint: boolean): string {
  return checkpoint
    ? 'Stopped as asked. Resume goes on from its checkpoint.'
    : 'Stopped as asked, before its first checkpoint. Resume starts it again.';
}

function endedOutside({ checkpoint }: EndFacts): string {
  const way = checkpoint ? 'Resume goes on from its checkpoint.' : 'Resume starts it again.';
  return `Ended from outside, for example by a logout or a shutdown. ${way}`;
}

/** Swap that grew by less than a gigabyte says nothing about the cause. */
function swapPhrase(bytes: number | null): string {
  if (bytes === null || bytes < 2 ** 30) return '';
  return `swap grew ${Math.round(bytes / 2 ** 30)} GB in 30 s`;
}

function failed(end: EndFacts, kind: Failure, sentence: string): Ending {
  return { kind: 'failed', reason: { kind, sentence, exitCode: end.exitCode, signal: end.signal } };
}

/** The ending with its times: a state of a run and of its experiment. */
export function endState(
  ending: Ending,
  times: { startedAt: number; endedAt: number; seconds: number },
): ExperimentState {
  return { ...ending, ...times };
}
