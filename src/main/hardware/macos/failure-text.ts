/** A failure that a training program's last output gives away. */
export interface KnownFailure {
  readonly kind: 'gpu-memory' | 'gpu-error' | 'gpu-watchdog' | 'float64' | 'fork' | 'no-tools' | 'pty';
  /** What happened and the way out. */
  readonly sentence: string;
}

/**
 * Recognises the failures special to Macs in a run's output. A broken command buffer matters even if the
 * program goes on and exits with 0: torch then computes with unfinished data.
 */
export function knownFailure(output: string): KnownFailure | null {
  const memory =
    /MPS backend out of memory \(MPS allocated: ([\d.]+ [KMGT]i?B).*?max allowed: ([\d.]+ [KMGT]i?B)\)/.exec(
      output,
    );
  if (memory) {
    return {
      kind: 'gpu-memory',
      sentence: `The GPU's share of memory for this run was used up (${memory[1]} of ${memory[2]}): use fewer workers, a smaller batch, or the device cpu.`,
    };
  }
  return simple.find(({ pattern }) => pattern.test(output))?.failure ?? null;
}

/**
 * Whether the kernel says that it killed this process for memory: `memorystatus: killing … NAME [PID] N MB`.
 * N is the size before compression, not RAM, and is therefore not told.
 */
export function killedForMemory(log: string, pid: number): boolean {
  return new RegExp(`memorystatus: killing\\b.*\\[${pid}\\]`).test(log);
}

const simple: readonly { pattern: RegExp; failure: KnownFailure }[] = [
  {
    pattern: /kIOGPUCommandBufferCallbackErrorImpactingInteractivity/,
    failure: {
      kind: 'gpu-watchdog',
      sentence:
        'macOS stopped the GPU work because it held up the display: let the display sleep, use one GPU worker, or the device cpu.',
    },
  },
  {
    pattern: /command buffer exited with error status/,
    failure: {
      kind: 'gpu-error',
      sentence:
        'A GPU command failed, so the numbers after it are not to be trusted: run it again, or on the device cpu.',
    },
  },
  {
    pattern: /Cannot convert a MPS Tensor to float64/,
    failure: {
      kind: 'float64',
      sentence: 'The GPU knows no float64: use float32 in the program, or the device cpu.',
    },
  },
  {
    pattern: /objc\[\d+\]: .* in progress in another thread when fork\(\) was called/,
    failure: {
      kind: 'fork',
      sentence:
        'The program forked after the GPU was in use, which macOS does not allow: use "spawn", or no data-loading processes.',
    },
  },
  {
    pattern: /xcode-select: note: No developer tools were found/,
    failure: {
      kind: 'no-tools',
      sentence:
        '/usr/bin/python3 is only a placeholder on this Mac: choose another Python, or run "minibatch doctor".',
    },
  },
  {
    pattern: /posix_spawnp failed/,
    failure: {
      kind: 'pty',
      sentence:
        "A terminal could not be opened: node-pty's spawn-helper is not executable, install Minibatch again.",
    },
  },
];
