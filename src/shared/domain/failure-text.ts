import type { FailureReason } from '../model/run.ts';

/** A failure that the last output of a training program gives away. */
export interface KnownFailure {
  readonly kind: FailureReason['kind'];
  /** What happened and the way out. */
  readonly sentence: string;
}

interface Text {
  readonly pattern: RegExp;
  readonly kind: KnownFailure['kind'];
  readonly sentence: string | ((match: RegExpExecArray) => string);
}

/** The texts that PyTorch, Metal, Python, CUDA and macOS print; the first that fits names the failure. */
const TEXTS: readonly Text[] = [
  {
    pattern:
      /MPS backend out of memory(?: \(MPS allocated: ([\d.]+ [KMGT]i?B).*?max allowed: ([\d.]+ [KMGT]i?B)\))?/,
    kind: 'out-of-memory',
    sentence: ([, used, allowed]) =>
      `The GPU ran out of this run's share of memory${used ? ` (${used} of ${allowed} used)` : ''}. Retry with fewer workers, or on the CPU.`,
  },
  {
    pattern: /kIOGPUCommandBufferCallbackErrorOutOfMemory/,
    kind: 'out-of-memory',
    sentence: 'The GPU ran out of memory. Retry with fewer workers, or on the CPU.',
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
    pattern: /kIOGPUCommandBufferCallbackErrorImpactingInteractivity/,
    kind: 'metal-error',
    sentence:
      'macOS stopped the GPU work because it held up the display. Retry with the display off, with one GPU worker, or on the CPU.',
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
  {
    pattern: /Too many open files|\[Errno 2[34]\]/,
    kind: 'script-error',
    sentence:
      'Too many files were open at once. Retry with fewer workers or fewer inner jobs, or raise the limit ("ulimit -n 4096") before Minibatch is started.',
  },
  {
    // A path of the system or of a person would be as missing without a copy.
    pattern: /FileNotFoundError: \[Errno 2\] No such file or directory: '(?![/~])([^'\n]+)'/,
    kind: 'script-error',
    sentence: ([, path]) =>
      `The script found no file "${path}". It works in a copy of its code: name the data that it reads under "link" of "code" in the suite, then run that.`,
  },
  {
    pattern: /(?:ModuleNotFoundError|ImportError): No module named '?([\w.]+)'?/,
    kind: 'script-error',
    sentence: ([, module]) =>
      `The Python module "${module}" is missing. Install it in the chosen interpreter, or choose another with doctor.`,
  },
  {
    pattern: /Cannot convert a MPS Tensor to float64/,
    kind: 'script-error',
    sentence: 'The script needs 64-bit numbers, which MPS does not have. Run it with the device cpu.',
  },
  {
    pattern: /objc\[\d+\]: .* in progress in another thread when fork\(\) was called/,
    kind: 'script-error',
    sentence:
      'The program forked after it had used the GPU, which macOS does not allow. Let it start its helpers with "spawn", or do without them, then retry.',
  },
  {
    pattern: /xcode-select: note: No developer tools were found/,
    kind: 'start-failed',
    sentence:
      '/usr/bin/python3 is only a placeholder on this Mac. Choose another Python; "minibatch doctor" lists them.',
  },
  {
    // node-pty's words for a helper that may not be executed, and for running out of file descriptors alike.
    pattern: /posix_spawnp failed/,
    kind: 'start-failed',
    sentence:
      'The run could not be started: no terminal could be opened for it (posix_spawnp failed). Restart Minibatch; if it happens again, install it anew.',
  },
];

/** What a program's last output says of its failure; null when nothing known is in it. */
export function knownFailure(output: string): KnownFailure | null {
  for (const { pattern, kind, sentence } of TEXTS) {
    const match = pattern.exec(output);
    if (match) return { kind, sentence: typeof sentence === 'string' ? sentence : sentence(match) };
  }
  return null;
}

/** The last line that says something, without its full stop: to be quoted in a sentence. */
export function lastLine(text: string): string {
  const lines = text
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return (lines.at(-1) ?? '').replace(/\.$/, '');
}
