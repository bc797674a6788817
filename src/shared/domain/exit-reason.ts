import type { ExperimentState, FailureReason } from '../model/run.ts';

/** Everything that is known about how an attempt ended. */
export interface EndFacts {
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly stopReason: 'stop' | 'cancel' | 'timeout' | 'start-failed' | null;
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
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'timed-out'; readonly limitSeconds: number }
  | { readonly kind: 'interrupted'; readonly sentence: string }
  | { readonly kind: 'failed'; readonly reason: FailureReason };

type Failure = FailureReason['kind'];

/** The texts that PyTorch, Metal, Python and CUDA print; the first that fits names the failure. */
const TEXTS: readonly { readonly pattern: RegExp; readonly kind: Failure; readonly sentence: string }[] = [
  {
    pattern: /MPS backend out of memory|kIOGPUCommandBufferCallbackErrorOutOfMemory/,
    kind: 'out-of-memory',
    sentence: 'The GPU ran out of its share of memory. Retry with fewer workers, or on the CPU.',
  },
  {
    pattern: /CUDA out of memory|CUDA error: out of memory|OutOfMemoryError/,
    kind: 'out-of-memory',
    sentence: 'The GPU ran out of memory. Retry with fewer workers.',
  },
  {
    pattern: /^\s*(?:numpy\S*)?MemoryError\b|Cannot allocate memory|can't allocate memory|std::bad_alloc/m,
    kind: 'out-of-memory',
    sentence: 'Memory ran out. Retry with fewer workers.',
  },
  {
    pattern:
      /command buffer exited with error status|kIOGPUCommandBufferCallbackError|Command buffer execution failed/,
    kind: 'metal-error',
    sentence:
      'The GPU gave up on a piece of work, so its numbers cannot be trusted. Retry, with the display off or on the CPU.',
  },
  {
    pattern: /No space left on device|Errno 28|Disk quota exceeded/,
    kind: 'disk-full',
    sentence: 'The disk is full. Free some space, then retry.',
  },
];

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
  const metal = end.device === 'mps' ? TEXTS.find((text) => text.kind === 'metal-error') : undefined;
  if (metal?.pattern.test(end.tail)) return failed(end, metal.kind, metal.sentence);
  if (end.exitCode === 0 && end.result.kind === 'valid') return { kind: 'succeeded' };
  switch (end.stopReason) {
    case 'timeout':
      return { kind: 'timed-out', limitSeconds: end.timeoutSeconds ?? 0 };
    case 'cancel':
      return { kind: 'cancelled' };
    case 'stop':
      return { kind: 'interrupted', sentence: stoppedSentence(end.checkpoint) };
    case 'start-failed':
      return failed(end, 'start-failed', startSentence(end.message ?? lastLine(end.tail)));
    case null:
      return ownEnd(end);
  }
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
  const known = TEXTS.find((candidate) => candidate.pattern.test(text));
  if (known) return failed(end, known.kind, known.sentence);
  const module = /(?:ModuleNotFoundError|ImportError): No module named '?([\w.]+)'?/.exec(text)?.[1];
  if (module) {
    return failed(
      end,
      'script-error',
      `The Python module "${module}" is missing. Install it in the chosen interpreter, or choose another with doctor.`,
    );
  }
  if (/Cannot convert a MPS Tensor to float64/.test(text)) {
    return failed(
      end,
      'script-error',
      'The script needs 64-bit numbers, which MPS does not have. Run it with the device cpu.',
    );
  }
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
  // node-pty's words for a helper that may not be executed, and for running out of file descriptors alike.
  if (cause.includes('posix_spawnp failed')) {
    return 'The run could not be started: no terminal could be opened for it (posix_spawnp failed). Restart Minibatch; if it happens again, install it anew.';
  }
  const known = cause.slice(0, 300).trim().replace(/\.+$/, '');
  return `The run could not be started${known ? `: ${known}` : ''}. Check the interpreter with doctor, then retry.`;
}

function stoppedSentence(checkpoint: boolean): string {
  return checkpoint
    ? 'Stopped as asked. Resume goes on from its checkpoint.'
    : 'Stopped as asked, before its first checkpoint. Resume starts it again.';
}

/** Swap that grew by less than a gigabyte says nothing about the cause. */
function swapPhrase(bytes: number | null): string {
  if (bytes === null || bytes < 2 ** 30) return '';
  return `swap grew ${Math.round(bytes / 2 ** 30)} GB in 30 s`;
}

function failed(end: EndFacts, kind: Failure, sentence: string): Ending {
  return { kind: 'failed', reason: { kind, sentence, exitCode: end.exitCode, signal: end.signal } };
}

function lastLine(text: string): string {
  const lines = text
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return (lines.at(-1) ?? '').replace(/\.$/, '');
}

/** The ending with its times: a state of a run and of its experiment. */
export function endState(
  ending: Ending,
  times: { startedAt: number; endedAt: number; seconds: number },
): ExperimentState {
  return { ...ending, ...times };
}
