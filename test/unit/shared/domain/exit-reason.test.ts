import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type EndFacts, exitReason, lostEnding } from '../../../../src/shared/domain/exit-reason.ts';

function fixture(name: string): string {
  return readFileSync(resolve(import.meta.dirname, '../../../fixtures/macos', name), 'utf8');
}

function ending(change: Partial<EndFacts>): ReturnType<typeof exitReason> {
  return exitReason({
    exitCode: 1,
    signal: null,
    stopReason: null,
    cancelAsked: true,
    message: null,
    timeoutSeconds: 60,
    device: 'cpu',
    tail: '',
    error: null,
    result: { kind: 'missing' },
    checkpoint: false,
    diagnosis: null,
    ...change,
  });
}

function failure(change: Partial<EndFacts>): { kind: string; sentence: string } {
  const end = ending(change);
  if (end.kind !== 'failed') throw new Error(`The ending is ${end.kind}.`);
  return end.reason;
}

const quiet = {
  supervisorLost: false,
  folderMissing: false,
  kernelLine: null,
  swapGrowthBytes: null,
  pressure: null,
};
const killed = { exitCode: null, signal: 'SIGKILL' } as const;

describe('exitReason', () => {
  it('calls only a valid result with exit code 0 a success', () => {
    expect(ending({ exitCode: 0, result: { kind: 'valid' } })).toEqual({ kind: 'succeeded' });
    expect(failure({ exitCode: 0 }).kind).toBe('no-result');
    expect(failure({ exitCode: 1, result: { kind: 'valid' } }).kind).toBe('script-error');
    expect(
      failure({ exitCode: 0, result: { kind: 'invalid', sentence: 'The result is torn.' } }),
    ).toMatchObject({
      kind: 'invalid-result',
      sentence: 'The result is torn. Retry to run it again.',
    });
  });

  it('puts what was asked for before what the program made of it', () => {
    expect(ending({ stopReason: 'cancel' })).toEqual({ kind: 'cancelled' });
    expect(ending({ stopReason: 'timeout', signal: 'SIGKILL', exitCode: null })).toEqual({
      kind: 'timed-out',
      limitSeconds: 60,
    });
    expect(ending({ stopReason: 'stop', exitCode: 130, checkpoint: true })).toMatchObject({
      kind: 'interrupted',
      sentence: 'Stopped as asked. Resume goes on from its checkpoint.',
    });
    expect(ending({ stopReason: 'stop', exitCode: 0, result: { kind: 'valid' } })).toEqual({
      kind: 'succeeded',
    });
  });

  it('calls a result partial when the workload says what is missing, unless the program failed', () => {
    const result = { kind: 'partial', sentence: 'Two of three seeds diverged.' } as const;
    expect(ending({ exitCode: 0, result })).toEqual(result);
    expect(failure({ exitCode: 1, result }).kind).toBe('script-error');
  });

  it('keeps a whole result when only the record of the end was lost', () => {
    const lost = { exitCode: null, diagnosis: { ...quiet, supervisorLost: true } } as const;
    expect(ending({ ...lost, result: { kind: 'valid' } })).toEqual({ kind: 'succeeded' });
    expect(failure({ ...lost, result: { kind: 'missing' } }).kind).toBe('supervisor-lost');
    expect(failure({ ...killed, result: { kind: 'valid' } }).kind).toBe('killed-unknown');
  });

  it('takes an end that nobody asked for as an interruption', () => {
    const logout = { stopReason: 'cancel', cancelAsked: false, exitCode: null, signal: 'SIGTERM' } as const;
    expect(ending({ ...logout, checkpoint: true })).toEqual({
      kind: 'interrupted',
      sentence:
        'Ended from outside, for example by a logout or a shutdown. Resume goes on from its checkpoint.',
    });
    expect(ending(logout)).toMatchObject({ sentence: expect.stringContaining('Resume starts it again.') });
  });

  it.each(fixture('mps-oom-errors.txt').trim().split('\n'))('knows the GPU ran out of memory: %s', (line) => {
    expect(failure({ tail: `Traceback\n${line}\n`, device: 'mps' }).kind).toBe('out-of-memory');
  });

  it.each(['metal-watchdog-error-mlx.txt', 'mps-command-buffer-internal-error-m2max.txt'])(
    'knows a Metal error from %s',
    (name) => {
      expect(failure({ tail: fixture(name), device: 'mps' }).kind).toBe('metal-error');
    },
  );

  it('does not trust a result after a Metal error on the GPU, however the program ended', () => {
    const end = {
      exitCode: 0,
      result: { kind: 'valid' },
      tail: fixture('mps-command-buffer-internal-error-m2max.txt'),
    } as const;
    expect(failure({ ...end, device: 'mps' }).kind).toBe('metal-error');
    expect(ending({ ...end, device: 'cpu' }).kind).toBe('succeeded');
  });

  it('names 64-bit numbers on MPS as the cause', () => {
    expect(failure({ tail: fixture('mps-float64-error.txt'), device: 'mps' }).sentence).toContain(
      'with the device cpu',
    );
  });

  it.each([
    ['torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB.', 'out-of-memory'],
    ['MemoryError', 'out-of-memory'],
    ['numpy._core._exceptions._ArrayMemoryError: Unable to allocate 8 GiB', 'out-of-memory'],
    ['OSError: [Errno 28] No space left on device', 'disk-full'],
    ["ModuleNotFoundError: No module named 'torch'", 'script-error'],
    ['objc[83510]: Crashing instead.', 'script-error'],
  ])('reads "%s" as %s', (line, kind) => {
    expect(failure({ tail: `${line}\n` }).kind).toBe(kind);
  });

  it('says what to do about too many open files', () => {
    for (const tail of [
      "OSError: [Errno 24] Too many open files: 'a.csv'\n",
      'sh: fork: Too many open files\n',
    ])
      expect(failure({ tail }).sentence).toMatch(/fewer workers or fewer inner jobs.*"ulimit -n 4096"/);
  });

  it('says where data belong that a copy of the code does not have', () => {
    const missing = (path: string): string =>
      failure({ tail: `FileNotFoundError: [Errno 2] No such file or directory: '${path}'\n` }).sentence;
    expect(missing('../data/digits.pt')).toMatch(
      /^The script found no file "\.\.\/data\/digits\.pt".*"link" of "code"/,
    );
    expect(missing('/data/digits.pt')).toMatch(/^The program ended with exit code 1: FileNotFoundError/);
  });

  it('prefers the error that the worker reported to the last line', () => {
    expect(failure({ error: { class: 'ValueError', text: 'width is 0' }, tail: 'bye\n' }).sentence).toBe(
      'The program ended with exit code 1: ValueError: width is 0. See its output, then retry.',
    );
    expect(failure({ exitCode: null, signal: 'SIGSEGV', tail: 'step 3\n' }).sentence).toContain(
      'was ended by SIGSEGV: step 3',
    );
  });

  it('says how sure it is about a kill', () => {
    const kernelLine = fixture('kernel-log-memorystatus-kill.txt').trim();
    expect(
      failure({ ...killed, diagnosis: { ...quiet, kernelLine, swapGrowthBytes: 9 * 2 ** 30 } }),
    ).toMatchObject({
      kind: 'killed-by-system',
      sentence: 'Ended by the system: memory ran out (swap grew 9 GB in 30 s). Retry with fewer workers.',
    });
    expect(failure({ ...killed, diagnosis: { ...quiet, pressure: 'critical' } })).toMatchObject({
      kind: 'killed-unknown',
      sentence: expect.stringContaining('cause unknown, but memory pressure was critical'),
    });
    expect(failure({ ...killed }).sentence).toContain('cause unknown; often memory ran out');
  });

  it('knows a start that failed, a lost supervisor and a missing folder', () => {
    expect(failure({ stopReason: 'start-failed', message: 'no such file' }).sentence).toContain(
      'could not be started: no such file',
    );
    expect(failure({ exitCode: null, diagnosis: { ...quiet, supervisorLost: true } }).kind).toBe(
      'supervisor-lost',
    );
    expect(failure({ diagnosis: { ...quiet, folderMissing: true } }).kind).toBe('folder-missing');
  });

  it('says in plain words what a start failed of', () => {
    const start = (message: string): string =>
      failure({ exitCode: null, stopReason: 'start-failed', message }).sentence;
    expect(start(fixture('node-pty-posix_spawnp-error.txt'))).toContain('no terminal could be opened');
    expect(start("The command '/x' could not be started: No such file or directory.")).toBe(
      "The run could not be started: The command '/x' could not be started: No such file or directory. Check the interpreter with doctor, then retry.",
    );
  });

  it('leaves no sentence without an end', () => {
    const all = [
      failure({}),
      failure({ exitCode: 0 }),
      failure(killed),
      failure({ tail: 'MemoryError' }),
      lostEnding(true),
      lostEnding(false),
    ];
    for (const { sentence } of all as { sentence: string }[]) expect(sentence).toMatch(/^[A-Z].*\.$/);
  });
});
