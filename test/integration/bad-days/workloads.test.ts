import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type CommandWorld,
  createCommandWorld,
  lastDocument,
  type RunDocument,
  trainingPython,
} from '../../support/command-line.ts';

let world: CommandWorld;
beforeAll(() => {
  world = createCommandWorld();
});
afterAll(() => world.remove());

function train(code: string): void {
  writeFileSync(join(world.root, 'resources', 'workloads', 'steps', 'train.py'), code);
}

describe.skipIf(trainingPython === undefined)('a long batch of a broken program', () => {
  it('ends within seconds with one sentence, before anything is started, and goes on once it is mended', async () => {
    train('import a_module_that_is_missing\n');
    const ended = await world.run(
      'run',
      'long',
      '--python',
      trainingPython ?? '',
      '--workers',
      '1',
      '--json',
    );
    expect(ended.code).toBe(1);
    const { message } = lastDocument<{ error: { message: string } }>(ended).error;
    expect(message).toMatch(
      /^The smoke run on cpu failed, so nothing was started\. The Python module "a_module_that_is_missing" is missing\. Install it in the chosen interpreter, or choose another with doctor\. Then resume \S+\.$/,
    );
    expect(ended.stderr.split(message)).toHaveLength(2);
    const [batch = ''] = readdirSync(join(world.workspace, 'batches'));
    expect(existsSync(join(world.workspace, 'batches', batch, 'runs', '0-run-0'))).toBe(false);
    expect((await world.run('status')).stdout).toContain('interrupted');

    train('def main(run):\n    run.finish({})\n');
    const resumed = await world.run('resume', '--json');
    expect(resumed.code).toBe(0);
    expect(resumed.stderr).toMatch(/The smoke run on cpu passed in \d+\.\d s\./);
    expect(lastDocument<RunDocument>(resumed)).toMatchObject({ batch, succeeded: 2 });
  });

  it('says that a result is partial, with exit code 1, and runs it again the next time', async () => {
    world.newWorkspace();
    train('def main(run):\n    run.finish({}, partial="Half of the seeds diverged.")\n');
    const argv = ['run', 'quick', '--python', trainingPython ?? '', '--indices', '0', '--json'];
    for (const turn of [1, 2]) {
      const ended = await world.run(...argv);
      expect([turn, ended.code]).toEqual([turn, 1]);
      expect(lastDocument<RunDocument>(ended)).toMatchObject({
        failed: 1,
        skipped: 0,
        runs: [{ state: 'partial' }],
      });
      expect(ended.stderr).toMatch(/run 0 partial after .+: Half of the seeds diverged\./);
    }
  });
});
