import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LaunchPreview } from '../../../src/shared/model/launch-preview.ts';
import { type CommandWorld, createCommandWorld, lastDocument } from '../../support/command-line.ts';
import { findPython } from '../../support/system-python.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const PYTHON = ['--python', findPython()];
const SHOW = `import json, os, sys
print("shown " + json.dumps({"command": [sys.executable, *sys.argv], "environment": dict(os.environ), "folder": os.getcwd()}))
`;

interface Shown {
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly folder: string;
}

let world: CommandWorld;
beforeAll(() => {
  world = createCommandWorld();
  const command = join('resources', 'workloads', 'command');
  cpSync(join(ROOT, command), join(world.root, command), { recursive: true });
});
afterAll(() => world.remove());

it('is told before the start, exactly as it then runs, and nothing is written', async () => {
  const workspace = world.newWorkspace();
  const folder = join(world.root, 'suite');
  mkdirSync(folder);
  writeFileSync(join(folder, 'show.py'), SHOW);
  const suite = join(folder, 'show.minibatch.yaml');
  const text = `command: python show.py --lr {lr} "a b" {seed} {run} {arguments}\nparameters: {word: it's}\nsweep: {grid: {lr: [1.0, 2e-3]}}\nenvironment: {GREETING: "hi {lr}"}\n`;
  writeFileSync(suite, text);

  const planned = await world.run('plan', suite, '--commands', '--json', ...PYTHON);
  expect(planned.code, planned.stderr).toBe(0);
  const { commands } = lastDocument<{ commands: LaunchPreview[] }>(planned);
  expect(commands.map(({ index }) => index).toSorted()).toEqual([0, 1]);
  expect(existsSync(join(workspace, 'batches')) ? readdirSync(join(workspace, 'batches')) : []).toEqual([]);
  const shownText = await world.run('plan', suite, '--commands', ...PYTHON);
  expect(shownText.stdout).toContain(`export GREETING='hi 1.0'`);
  expect(shownText.stdout).toContain(`--lr 1.0 'a b'`);
  expect(shownText.stdout).toContain(`'it'\\''s'`);

  const ended = await world.run('run', suite, ...PYTHON);
  expect(ended.code, ended.stdout + ended.stderr).toBe(0);
  const [batch = ''] = readdirSync(join(workspace, 'batches'));
  for (const preview of commands) {
    const real = JSON.parse(JSON.stringify(preview).replaceAll('<batch>', batch)) as LaunchPreview;
    const log = readFileSync(join(real.folder, 'output.log'), 'utf8');
    const shown = JSON.parse(/^shown (.*)$/m.exec(log)?.[1] ?? '') as Shown;
    expect(shown.command).toEqual(real.command);
    expect(shown.folder).toBe(real.workingFolder);
    expect(shown.environment).toMatchObject(real.environment);
    expect(real.environment.GREETING).toMatch(/^hi /);
  }
});
