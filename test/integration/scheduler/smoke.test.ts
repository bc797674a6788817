import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { tinyPlan } from '../../support/plans.ts';
import { type Bench, openBench } from '../../support/scheduler-bench.ts';

let bench: Bench;
let folder: string;
const GOOD = 'def main(run):\n    run.finish({})\n';
const long = tinyPlan({ experiments: [{}, { steps: 4 }], wallSeconds: 61 });

beforeEach(async () => {
  bench = await openBench();
  folder = join(bench.workspace, 'workload');
  mkdirSync(folder);
  await bench.reopen({ workload: () => ({ folder, requires: [], gpuLoad: 'light', mainMetric: null }) });
});
afterEach(() => bench.close());

function train(code: string): void {
  writeFileSync(join(folder, 'train.py'), code);
}

describe('the smoke run of a long batch', () => {
  it('computes one step on the device, says so in a line, and lets the batch go on', async () => {
    train(
      `import os\ndef smoke(device):\n    open(${JSON.stringify(join(folder, 'seen'))}, 'w').write(device)\n${GOOD}`,
    );
    const batch = await bench.scheduler.start(long);
    await bench.scheduler.idle();
    expect(bench.store.batch(batch)?.state.kind).toBe('finished');
    expect(readFileSync(join(folder, 'seen'), 'utf8')).toBe('cpu');
    expect(bench.notices).toEqual([
      expect.stringMatching(/^info: The smoke run on cpu passed in \d+\.\d s\.$/),
    ]);
  });

  it.each([
    [
      'an import',
      'import a_module_that_is_missing',
      'The Python module "a_module_that_is_missing" is missing.',
    ],
    [
      'the device',
      `def smoke(device): raise RuntimeError("no kernel image for " + device)\n${GOOD}`,
      'no kernel image for cpu',
    ],
    ['the program text', 'def main(run:', 'SyntaxError'],
  ])(
    'finds what is wrong with %s before anything is started, and goes on once it is mended',
    async (_, code, words) => {
      train(code);
      const batch = await bench.scheduler.start(long);
      await bench.scheduler.idle();
      const state = bench.store.batch(batch)?.state;
      expect(state).toMatchObject({
        kind: 'interrupted',
        cause: 'smoke-run',
        sentence: expect.stringContaining(words),
      });
      expect(bench.store.runs(batch)).toEqual([]);
      expect(bench.notices.at(-1)).toBe('error: Tiny quick was not started: its smoke run failed.');

      await bench.reopen({ workload: () => ({ folder, requires: [], gpuLoad: 'light', mainMetric: null }) });
      expect(bench.store.batch(batch)?.state).toEqual(state);
      train(GOOD);
      await bench.scheduler.resume(batch);
      await bench.scheduler.idle();
      expect(bench.store.batch(batch)?.state.kind).toBe('finished');
      expect(bench.notices.at(-1)).toContain('passed');
    },
  );

  it('is left out where the batch is over sooner', async () => {
    train(`def smoke(device): raise RuntimeError\n${GOOD}`);
    const batch = await bench.scheduler.start(tinyPlan({ experiments: [{}], wallSeconds: 59 }));
    await bench.scheduler.idle();
    expect(bench.store.batch(batch)?.counts.succeeded).toBe(1);
  });

  it('can be stopped, and resumed before it is over', async () => {
    train(
      `import time\ndef smoke(device):\n    open(${JSON.stringify(join(folder, 'began'))}, 'w').close()\n    time.sleep(600)\n${GOOD}`,
    );
    const batch = await bench.scheduler.start(long);
    await vi.waitFor(() => readFileSync(join(folder, 'began')), { timeout: 30_000 });
    await bench.scheduler.stop(batch, 'checkpoint');
    await bench.scheduler.idle();
    expect(bench.store.batch(batch)?.state).toEqual({
      kind: 'interrupted',
      sentence: 'Stopped as asked. Resume goes on from the checkpoints.',
    });
    await bench.scheduler.resume(batch);
    await bench.scheduler.idle();
    expect(bench.store.batch(batch)?.counts.succeeded).toBe(2);
  });
});
