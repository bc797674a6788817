import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startToken } from '../../../src/main/platform/process-identity.ts';
import { readJournal } from '../../../src/main/store/batch-file.ts';
import { batchFolder } from '../../../src/main/store/batch-folder.ts';
import type { Hooks } from '../../../src/shared/model/hooks.ts';
import type { Plan } from '../../../src/shared/model/plan.ts';
import { tinyPlan } from '../../support/plans.ts';
import { type Bench, openBench } from '../../support/scheduler-bench.ts';

let bench: Bench;
let outside: string;
beforeEach(async () => {
  outside = mkdtempSync(join(tmpdir(), 'minibatch-hooks-'));
  bench = await openBench();
});
afterEach(async () => {
  await bench.close();
  rmSync(outside, { recursive: true });
});

function settings(hooks: Hooks): void {
  // JSON is YAML.
  writeFileSync(join(bench.workspace, 'settings.yaml'), JSON.stringify({ hooks }));
}

/** A command that appends variables of its environment as one line. */
function tells(file: string, ...variables: string[]): string[] {
  return ['sh', '-c', `echo "${variables.map((name) => `$${name}`).join(' ')}" >> "${join(outside, file)}"`];
}

function told(file: string): string[] {
  const path = join(outside, file);
  return existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n') : [];
}

async function run(plan: Plan): Promise<string> {
  const batch = await bench.scheduler.start(plan);
  await bench.scheduler.idle();
  await bench.scheduler.hooksSettled(batch);
  return batch;
}

function warnings(batch: string): string[] {
  const { journal } = readJournal(batchFolder(bench.workspace, batch));
  return journal.flatMap((entry) => (entry.kind === 'hook-failed' ? [entry.sentence] : []));
}

function log(batch: string): string {
  return readFileSync(join(batchFolder(bench.workspace, batch), 'hooks.log'), 'utf8');
}

describe('hooks', () => {
  it('are run for every end, with its facts in their environment', async () => {
    settings({
      runEnded: [
        tells('runs', 'MINIBATCH_RUN', 'MINIBATCH_STATE', 'MINIBATCH_EXIT_REASON', 'MINIBATCH_RUN_DIR'),
      ],
      runFailed: [tells('failures', 'MINIBATCH_RUN_NAME', 'MINIBATCH_EXIT_REASON')],
      batchEnded: [
        tells('batches', 'MINIBATCH_BATCH', 'MINIBATCH_STATE', 'MINIBATCH_SUCCEEDED', 'MINIBATCH_FAILED'),
        tells('batches', 'MINIBATCH_BATCH_DIR', 'MINIBATCH_EXIT_CODE', 'MINIBATCH_TOTAL'),
      ],
    });
    const batch = await run(tinyPlan({ experiments: [{}, { behaviour: 'fail' }] }));
    const folder = (index: number): string =>
      join(bench.workspace, bench.store.runs(batch).find((one) => one.index === index)?.folder ?? '');
    expect(told('runs').toSorted()).toEqual([
      `0 succeeded succeeded ${folder(0)}`,
      `1 failed script-error ${folder(1)}`,
    ]);
    expect(told('failures')).toEqual([`${bench.experiment(batch, 1).name} script-error`]);
    expect(told('batches')).toEqual([`${batch} finished 1 1`, `${batchFolder(bench.workspace, batch)} 1 2`]);
    expect(warnings(batch)).toEqual([]);
    expect(log(batch)).toContain('batchEnded (settings.yaml): sh -c');
  });

  it('are told where to come from: workspace, suite and command line, each in its own folder', async () => {
    settings({ batchEnded: ['pwd'] });
    const plan = tinyPlan({ experiments: [{}] });
    const batch = await run({
      ...plan,
      request: { ...plan.request, onEnd: { commands: ["sh -c 'echo here: $(pwd)'"], folder: outside } },
    });
    expect(log(batch)).toContain(`\n${bench.workspace}\n`);
    expect(log(batch)).toContain(`\nhere: ${outside}\n`);
  });

  it('are run once for each end of a batch, and again when it ends again', async () => {
    settings({ batchEnded: [tells('ends', 'MINIBATCH_STATE', 'MINIBATCH_EXIT_CODE')] });
    const marker = join(outside, 'marker');
    const batch = await run(tinyPlan({ experiments: [{ behaviour: 'fail-once', marker }] }));
    await bench.reopen();
    expect(told('ends')).toEqual(['finished 1']);
    await bench.scheduler.retry(batch);
    await bench.scheduler.idle();
    await bench.scheduler.hooksSettled(batch);
    expect(told('ends')).toEqual(['finished 1', 'finished 0']);
  });

  it('hear at the next start of what ended while no app was there', async () => {
    settings({
      batchEnded: [tells('ends', 'MINIBATCH_STATE')],
      runEnded: [tells('runs', 'MINIBATCH_STATE')],
    });
    const batch = await bench.scheduler.start(
      tinyPlan({ experiments: [{ behaviour: 'succeed', steps: 20, pause: 0.05 }] }),
    );
    await bench.until(batch, 0, ['running']);
    const folder = join(bench.workspace, bench.store.runs(batch)[0]?.folder ?? '');
    await bench.whileClosed(() =>
      vi.waitFor(() => expect(readFileSync(join(folder, 'status.json'), 'utf8')).toContain('"exited"'), {
        timeout: 15_000,
      }),
    );
    await bench.scheduler.hooksSettled(batch);
    expect([told('runs'), told('ends')]).toEqual([['succeeded'], ['finished']]);
    await bench.reopen();
    expect([told('runs'), told('ends')]).toEqual([['succeeded'], ['finished']]);
  });

  it('that fail are a warning of the batch and change nothing', async () => {
    settings({
      batchEnded: [
        ['sh', '-c', 'echo why it broke >&2; exit 3'],
        'a-program-that-is-missing now',
        tells('after'),
      ],
    });
    const batch = await run(tinyPlan({ experiments: [{}] }));
    expect(bench.store.batch(batch)).toMatchObject({ state: { kind: 'finished' }, counts: { succeeded: 1 } });
    expect(warnings(batch)).toEqual([
      expect.stringContaining('(settings.yaml) failed after the end of the batch: exit code 3.'),
      expect.stringContaining(
        'The hook "a-program-that-is-missing now" (settings.yaml) failed after the end of the batch: not installed.',
      ),
    ]);
    expect(bench.notices.filter((text) => text.startsWith('warning: Tiny quick: The hook'))).toHaveLength(2);
    expect(log(batch)).toContain('why it broke');
    expect(told('after')).toHaveLength(1);
  });

  it('that hang are ended with all that they started', async () => {
    const child = join(outside, 'child');
    settings({ batchEnded: [['sh', '-c', `sleep 600 & echo $! > "${child}"; wait`]], timeLimit: 0.5 });
    const batch = await run(tinyPlan({ experiments: [{}] }));
    expect(warnings(batch)).toEqual([expect.stringContaining('ended after 0.5 s')]);
    const pid = Number(readFileSync(child, 'utf8'));
    await vi.waitFor(() => expect(startToken(pid)).toBeNull());
  });

  it('may print without end: what is kept is little, and it is said', async () => {
    settings({ batchEnded: [['sh', '-c', 'yes flood | head -c 20000000; echo done >&2']] });
    const batch = await run(tinyPlan({ experiments: [{}] }));
    expect(warnings(batch)).toEqual([]);
    expect(statSync(join(batchFolder(bench.workspace, batch), 'hooks.log')).size).toBeLessThan(300_000);
    expect(log(batch)).toContain('[more than 256 kB: the rest was dropped]');
    expect(log(batch)).toMatch(/--- exit code 0 after .*\n$/);
  });

  it('of a file with a mistake are not run, and file, line and key are named once', async () => {
    writeFileSync(join(bench.workspace, 'settings.yaml'), 'hooks:\n  batchEnd: [pwd]\n');
    const batch = await run(tinyPlan({ experiments: [{}, {}] }));
    expect(warnings(batch)).toEqual([
      `The hooks of the workspace were not run. ${join(bench.workspace, 'settings.yaml')}, line 2: the key "hooks.batchEnd" is not known. Did you mean "batchEnded"?`,
    ]);
    expect(existsSync(join(batchFolder(bench.workspace, batch), 'hooks.log'))).toBe(false);
  });
});
