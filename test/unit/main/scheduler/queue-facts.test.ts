import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createBatchFolder } from '../../../../src/main/scheduler/batch-place.ts';
import { type BatchWork, loadWork } from '../../../../src/main/scheduler/batch-work.ts';
import { expectedMemoryMb, queueFacts } from '../../../../src/main/scheduler/queue-facts.ts';
import { decideQueue } from '../../../../src/shared/domain/queue.ts';
import type { RunRecord } from '../../../../src/shared/model/run.ts';
import { tinyPlan } from '../../../support/plans.ts';
import { createStillMachine } from '../../../support/still-machine.ts';

const workspace = mkdtempSync(join(tmpdir(), 'minibatch-queue-'));
afterAll(() => rmSync(workspace, { recursive: true, force: true }));

/** A batch under way of which the first `finished` experiments have succeeded, each with twice the memory expected. */
function workOf(count: number, finished: number): BatchWork {
  const phase = (index: number): string => (index < count / 2 ? 'one' : 'two');
  const plan = tinyPlan({
    experiments: Array.from({ length: count }, (_, index) => ({ phase: phase(index) })),
  });
  const hardware = createStillMachine().facts;
  const detail = createBatchFolder(workspace, { plan, python: '/python', createdAt: 0, hardware });
  const succeeded = { kind: 'succeeded', startedAt: 0, endedAt: 1, seconds: 1 } as const;
  const runs = detail.experiments.slice(0, finished).map(
    ({ batch, index, estimate }): RunRecord => ({
      batch,
      index,
      attempt: 1,
      folder: '',
      worker: 1,
      device: 'cpu',
      threads: 1,
      state: succeeded,
      startedAt: 0,
      endedAt: 1,
      startupSeconds: null,
      peakMb: estimate.memoryMb * 2,
      cpuSeconds: null,
      standby: false,
    }),
  );
  const experiments = detail.experiments.map((one) =>
    one.index < finished ? { ...one, state: succeeded } : one,
  );
  const work = loadWork({
    workspace,
    detail: { ...detail, experiments, runs },
    workload: { folder: '', requires: [], gpuLoad: 'light', mainMetric: null },
    python: '/python',
    state: { kind: 'running' },
  });
  if (work === null) throw new Error('The batch cannot be read back.');
  return work;
}

describe('queueFacts', () => {
  it('expects of the others what finished runs have shown', () => {
    const work = workOf(4, 1);
    const [batch] = queueFacts([work], { machine: null, cores: 4, now: 0 }).batches;
    expect(batch?.candidates.map(({ index, memoryMb }) => [index, memoryMb])).toEqual([
      [1, 40],
      [2, 40],
      [3, 40],
    ]);
    const [, second] = work.experiments.values();
    expect(second && expectedMemoryMb(work, second)).toBe(40);
  });

  it('gathers and decides for 5,000 experiments in milliseconds', () => {
    const work = workOf(5_000, 2_500);
    const times = Array.from({ length: 15 }, () => {
      const began = performance.now();
      decideQueue(queueFacts([work], { machine: null, cores: 4, now: 0 }));
      return performance.now() - began;
    });
    const fastest = Math.min(...times);
    // 2 ms on an idle core; looking at every run for every experiment takes some hundred.
    expect(fastest).toBeLessThan(20);
  });
});
