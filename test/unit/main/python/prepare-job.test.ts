import { describe, expect, it, vi } from 'vitest';
import { createPrepareJob, type PrepareJobOptions } from '../../../../src/main/python/prepare-job.ts';
import { ExpectedError } from '../../../../src/shared/model/error.ts';
import type { SetupJob } from '../../../../src/shared/model/setup.ts';

function jobOf(prepare: PrepareJobOptions['prepare']) {
  const kinds: SetupJob['kind'][] = [];
  let now = 0;
  const job = createPrepareJob({
    prepare,
    now: () => (now += 1),
    onChange: () => kinds.push(job.state.kind),
  });
  return { job, kinds };
}

describe('the preparation of a Python', () => {
  it('is told from its beginning to its end, and the bar never falls', async () => {
    const { job, kinds } = jobOf(async ({ progress }) => {
      progress({ line: 'one', fraction: 0.5 });
      progress({ line: 'two', fraction: 0.1 });
      expect(job.state).toMatchObject({ kind: 'running', fraction: 0.5, lines: ['one', 'two'] });
    });
    expect(job.state).toEqual({ kind: 'idle' });
    job.start();
    await job.close();
    expect(job.state).toMatchObject({ kind: 'done', lines: ['one', 'two'] });
    expect([kinds[0], kinds.at(-1)]).toEqual(['running', 'done']);
  });

  it('keeps only the end of an endless output', async () => {
    const { job } = jobOf(async ({ progress }) => {
      for (let index = 0; index < 5_000; index += 1)
        progress({ line: `${index} ${'x'.repeat(9_000)}`, fraction: 0 });
    });
    job.start();
    await job.close();
    const { lines } = job.state as Extract<SetupJob, { kind: 'done' }>;
    expect(lines).toHaveLength(200);
    expect(lines.at(-1)?.startsWith('4999 ')).toBe(true);
    expect(lines.every((line) => line.length <= 400)).toBe(true);
  });

  it('is one at a time, can be cancelled, and begun again', async () => {
    const { job } = jobOf(
      ({ signal }) =>
        new Promise((_, reject) =>
          signal.addEventListener('abort', () => reject(new Error('ended by the signal'))),
        ),
    );
    job.start();
    expect(() => job.start()).toThrow(ExpectedError);
    job.cancel();
    await job.close();
    expect(job.state.kind).toBe('cancelled');
    job.start();
    expect(job.state.kind).toBe('running');
    await job.close();
  });

  it('that fails says why', async () => {
    const { job } = jobOf(async () => {
      throw new ExpectedError('disk-full', 'The disk is full.');
    });
    job.start();
    await vi.waitFor(() => expect(job.state.kind).toBe('failed'));
    await job.close();
    expect(job.state).toMatchObject({ kind: 'failed', sentence: 'The disk is full.' });
  });
});
