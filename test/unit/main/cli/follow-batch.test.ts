import { describe, expect, it } from 'vitest';
import { applyChange } from '../../../../src/main/cli/batch-mirror.ts';
import { batchLine, outcomeLine, summaryLines } from '../../../../src/main/cli/batch-text.ts';
import { plain } from '../../../../src/main/cli/output.ts';
import { batchExitCode } from '../../../../src/shared/domain/batch-outcome.ts';
import { countStates } from '../../../../src/shared/domain/counts.ts';
import type { BatchDetail, BatchState } from '../../../../src/shared/model/batch.ts';
import type { ExperimentRecord, ExperimentState } from '../../../../src/shared/model/run.ts';

const ended = { startedAt: 100, endedAt: 112, seconds: 12 };
const succeeded: ExperimentState = { kind: 'succeeded', ...ended };
const interrupted: ExperimentState = { kind: 'interrupted', ...ended, sentence: 'Stopped as asked.' };
const failed: ExperimentState = {
  kind: 'failed',
  ...ended,
  reason: { kind: 'script-error', sentence: 'It broke.', exitCode: 1, signal: null },
};
const skipped: ExperimentState = {
  kind: 'skipped',
  batch: 'older',
  index: 0,
  attempt: 1,
  sentence: 'There is a result.',
};

function experiment(index: number, state: ExperimentState): ExperimentRecord {
  return {
    batch: 'b',
    index,
    order: index,
    name: `[${index}]`,
    identity: '0'.repeat(64),
    seed: 1,
    parameters: {},
    facts: {},
    estimate: { memoryMb: 1, seconds: 1, source: 'formula' },
    phase: 'main',
    queue: 'main',
    state,
    attempt: 1,
    live: null,
    summary: { note: 'text', 'mean ratio': 0.98713 },
  };
}

function detail(states: readonly ExperimentState[], state: BatchState = { kind: 'finished' }): BatchDetail {
  return {
    batch: {
      id: 'b',
      workload: 'steps',
      preset: 'quick',
      title: 'Quick',
      createdAt: 100,
      endedAt: 112,
      state,
      request: {
        workload: 'steps',
        preset: 'quick',
        options: {},
        device: 'auto',
        workers: 0,
        profile: 'aggressive',
        seed: 42,
        forceOverwrite: false,
        startFrom: 0,
        threads: 1,
        retries: 0,
        retryDelaySeconds: 0,
        failFast: false,
      },
      device: 'cpu',
      workers: 2,
      limits: {
        memory: 2,
        cores: 2,
        cap: 6,
        slots: 6,
        asked: null,
        binding: 'cores',
        budgetMb: 1,
        largestMb: 1,
        sentence: '',
      },
      counts: countStates(states),
      progress: {
        fraction: 0.5,
        remainingSeconds: 20,
        remainingSpread: 1,
        workSeconds: 24,
        wallSeconds: 12,
        speedup: 2,
      },
    },
    experiments: states.map((one, index) => experiment(index, one)),
    runs: [],
  };
}

describe('the exit code', () => {
  it.each([
    ['all succeeded or skipped', [succeeded, skipped], 0],
    ['one failed', [succeeded, failed], 1],
    ['one was interrupted', [succeeded, interrupted], 130],
    ['interrupted counts before failed', [failed, interrupted], 130],
  ] as const)('%s', (_, states, code) => {
    expect(batchExitCode(detail(states).batch)).toBe(code);
  });

  it('is 130 for a batch that rests unfinished, and 1 for a damaged one', () => {
    expect(batchExitCode(detail([{ kind: 'queued' }], { kind: 'interrupted', sentence: '' }).batch)).toBe(
      130,
    );
    expect(batchExitCode(detail([], { kind: 'damaged', sentence: '' }).batch)).toBe(1);
    const halted = { kind: 'interrupted', sentence: '', cause: 'failure' } as const;
    expect(batchExitCode(detail([failed, { kind: 'queued' }], halted).batch)).toBe(1);
  });
});

describe('the words', () => {
  it('tells an outcome with the first number of the summary', () => {
    expect(plain(outcomeLine(experiment(0, succeeded)))).toBe('[0] succeeded in 12 s, mean ratio 0.987');
    expect(plain(outcomeLine({ ...experiment(0, succeeded), summary: { 'minimum scale': 10 } }))).toBe(
      '[0] succeeded in 12 s, minimum scale 10',
    );
    expect(plain(outcomeLine(experiment(1, failed)))).toBe('[1] failed after 12 s: It broke.');
  });

  it('ends with the commands that go on', () => {
    expect(summaryLines(detail([succeeded, failed]), ' --workspace /w').map(plain)).toEqual([
      'b: 1 succeeded, 1 failed, 0 skipped.',
      'Work 24 s in 12 s of wall time: measured speed-up 2.0 ×.',
      'Run what did not succeed again with: minibatch retry b --workspace /w',
    ]);
    const resting = detail([interrupted], { kind: 'interrupted', sentence: '' });
    expect(summaryLines(resting, '').at(-1)).toBe('Go on with: minibatch resume b');
    expect(summaryLines(detail([succeeded]), '')).toHaveLength(2);
  });

  it('sums a batch up in a line', () => {
    const running = detail([succeeded, { kind: 'running', since: 1 }, { kind: 'queued' }], {
      kind: 'running',
    });
    expect(plain(batchLine(running.batch))).toBe(
      '██████████░░░░░░░░░░  50 %  1 of 3 done, 1 running, 1 waiting, about 20 s left',
    );
    const long = { ...running.batch, progress: { ...running.batch.progress, remainingSeconds: 7_200 } };
    const evening = new Date(2026, 10, 23, 20, 4).getTime() / 1_000;
    expect(plain(batchLine(long, evening))).toContain('about 2 h left, until about 22:04');
  });
});

describe('the mirror', () => {
  const known = detail([succeeded, { kind: 'queued' }]);

  it('takes whole new values, twice without harm, and ignores other batches', () => {
    const value = experiment(1, failed);
    const once = applyChange(known, { kind: 'experiment', value }, 'b');
    expect(once.experiments[1]?.state.kind).toBe('failed');
    expect(applyChange(once, { kind: 'experiment', value }, 'b')).toEqual(once);
    expect(applyChange(known, { kind: 'experiment', value: { ...value, batch: 'other' } }, 'b')).toBe(known);
  });
});
