import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type CommandWorld,
  createCommandWorld,
  lastDocument,
  type RunDocument,
} from '../../support/command-line.ts';

interface PlanDocument {
  readonly experiments: { action: string; reason: string; granted: number; identity: string }[];
  readonly notes: string[];
}

const SCRIPT = `import os, sys
print("processes", sys.argv[1], "cards", repr(os.environ["CUDA_VISIBLE_DEVICES"]))
`;

let world: CommandWorld;
beforeAll(() => {
  world = createCommandWorld();
  const own = 'resources/workloads/command';
  cpSync(resolve(import.meta.dirname, '../../..', own), join(world.root, own), { recursive: true });
});
afterAll(() => world.remove());
beforeEach(() => void world.newWorkspace());

/** A suite whose runs ask for so many devices. */
function suite(name: string, resources: string): string {
  const folder = join(world.root, name);
  mkdirSync(folder);
  writeFileSync(join(folder, 'show.py'), SCRIPT);
  const path = join(folder, 'show.minibatch.yaml');
  writeFileSync(path, `command: python show.py {devices}\nresources: {device: cpu, ${resources}}\n`);
  return path;
}

async function planOf(path: string): Promise<PlanDocument> {
  const planned = await world.run('plan', path, '--json');
  expect(planned.code, planned.stderr).toBe(0);
  return lastDocument<PlanDocument>(planned);
}

describe('a suite whose runs take several devices', () => {
  it.skipIf(availableParallelism() < 2)('hands the command their number', async () => {
    const path = suite('two', 'devices: 2');
    const ended = await world.run('run', path, '--json');
    expect(ended.code, ended.stderr).toBe(0);
    const [run] = lastDocument<RunDocument>(ended).runs;
    expect(readFileSync(join(run?.folder ?? '', 'output.log'), 'utf8')).toContain("processes 2 cards ''");
    expect(JSON.parse(readFileSync(join(run?.folder ?? '', 'run.json'), 'utf8'))).toMatchObject({
      device: 'cpu',
      devices: ['cpu', 'cpu'],
      hostDevice: 'cpu+cpu',
    });
    const commands = await world.run('plan', path, '--commands', '--force-overwrite');
    expect(commands.stdout).toContain('show.py 2');
  });

  it('postpones where the machine has fewer, or runs on one and says so; the experiment is the same', async () => {
    const short = await planOf(suite('many', 'devices: 64'));
    const reason = expect.stringMatching(/^Needs 64 processes, this machine has \d+ cores?\.$/);
    expect(short.experiments[0]).toMatchObject({ action: 'postpone', reason });
    const one = await planOf(suite('one', 'devices: 64, orOne: true'));
    expect(one.experiments[0]).toMatchObject({ action: 'run', granted: 1 });
    expect(one.notes).toContainEqual(
      expect.stringMatching(/^1 experiment meant for 64 processes, .* it runs in a single process\.$/),
    );
    expect(one.experiments[0]?.identity).toBe(short.experiments[0]?.identity);
  });

  it.each([
    ['devices: 0', 'line 2: "resources.devices"'],
    ['devices: 65', 'line 2: "resources.devices"'],
    ['device_count: 2', 'the key "device_count" is not known under "resources"'],
  ])('refuses %s', async (resources, sentence) => {
    const refused = await world.run('plan', suite(resources.replaceAll(/\W/g, ''), resources));
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain(sentence);
  });
});
