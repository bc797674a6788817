import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunFile } from '../../../src/main/store/run-file.ts';
import type { PlannedExperiment } from '../../../src/shared/model/plan.ts';
import { tinyPlan } from '../../support/plans.ts';
import { type Bench, openBench } from '../../support/scheduler-bench.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

type Shape = Partial<Pick<PlannedExperiment, 'devices' | 'action' | 'reason'>>;

/** A plan for a machine with GPUs; the tiny program never asks whether they are there. */
function planOn(cards: number, shapes: readonly Shape[], pause = 0.1) {
  const plan = tinyPlan({ experiments: shapes.map(() => ({ steps: 3, pause })), workers: 4 });
  const experiments = plan.experiments.map((one, at) => ({ ...one, ...shapes[at] }));
  return { ...plan, device: 'cuda:0', cards, experiments };
}

function runFileOf(batch: string, index: number): RunFile {
  const run = bench.store.runs(batch).find((one) => one.index === index);
  return JSON.parse(readFileSync(join(bench.workspace, run?.folder ?? '', 'run.json'), 'utf8'));
}

describe('runs of several devices', () => {
  it('are told their cards, see no others, and never begin with half of them', async () => {
    const batch = await bench.scheduler.start(
      planOn(3, [{ devices: 2 }, { devices: 2 }, {}, { devices: 3 }]),
    );
    await bench.scheduler.idle();
    expect(bench.store.experiments(batch).map(({ state }) => state.kind)).toEqual(Array(4).fill('succeeded'));
    const first = runFileOf(batch, 0);
    expect(first).toMatchObject({
      device: 'cuda:0',
      devices: ['cuda:0', 'cuda:1'],
      hostDevice: 'cuda:0+cuda:1',
    });
    expect(first.environment.CUDA_VISIBLE_DEVICES).toBe('0,1');
    expect(runFileOf(batch, 2)).not.toHaveProperty('devices');
    expect(runFileOf(batch, 3).environment.CUDA_VISIBLE_DEVICES).toBe('0,1,2');
    const records = bench.store.runs(batch).map(({ index, device }) => [index, device]);
    expect(records).toContainEqual([3, 'cuda:0+cuda:1+cuda:2']);
    // Of all its processes, which are as large as each other.
    const peaks = new Map(bench.store.runs(batch).map(({ index, peakMb }) => [index, peakMb ?? 0]));
    expect(peaks.get(3)).toBeGreaterThan(2 * (peaks.get(2) ?? 0));
  });

  it('are not released on a machine that lacks them', async () => {
    const lacking: Shape = { devices: 2, action: 'postpone', reason: 'Needs 2 GPUs, this machine has 1.' };
    const batch = await bench.scheduler.start(planOn(1, [{}, lacking], 0.3));
    await expect(bench.scheduler.release(batch, [1])).rejects.toThrow(
      'tiny 1 cannot be released here. Needs 2 GPUs, this machine has 1.',
    );
    await bench.scheduler.idle();
    expect(bench.store.batch(batch)?.state.kind).toBe('finished');
  });
});
