import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type CommandWorld, createCommandWorld } from '../../support/command-line.ts';
import { findPython } from '../../support/system-python.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const PAGE = readFileSync(join(ROOT, 'docs', 'your-script-in-five-minutes.md'), 'utf8');

let world: CommandWorld;
let studies: string;
beforeAll(() => {
  world = createCommandWorld();
  const command = join('resources', 'workloads', 'command');
  cpSync(join(ROOT, command), join(world.root, command), { recursive: true });
  studies = join(world.root, 'studies');
  cpSync(join(ROOT, 'test', 'fixtures', 'suites', 'classify.py'), join(studies, 'classify.py'));
});
afterAll(() => world.remove());

/** The fenced blocks of a language, in their order. */
function blocks(language: string): string[] {
  return [...PAGE.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(
    (match) => match[1] ?? '',
  );
}

it('does what the tutorial says, command by command', async () => {
  const suite = join(studies, 'classify.minibatch.yaml');
  const [metrics = '', resume = ''] = blocks('yaml');
  const said: string[] = [];
  for (const line of blocks('sh').flatMap((block) => block.trim().split('\n'))) {
    const [program, ...words] = line.split(' ');
    expect(program).toBe('minibatch');
    const args = words.map((word) => (/\.(py|yaml)$/.test(word) ? join(studies, word) : word));
    const choosesPython = ['init', 'plan', 'run'].includes(args[0] ?? '');
    const ended = await world.run(...args, ...(choosesPython ? ['--python', findPython()] : []));
    expect(ended.code, line + ended.stdout + ended.stderr).toBe(0);
    said.push(ended.stdout);
    // What step 3 asks for, once there is a file to edit; step 6 fits the script too.
    if (args[0] === 'plan') {
      const text = readFileSync(suite, 'utf8').replace(/^metrics:\n(?: .*\n)+/m, metrics + resume);
      expect(text).toContain('csv: [log.csv]');
      writeFileSync(suite, text);
    }
  }
  const [init = '', plan = '', run = '', compare = '', again = ''] = said;
  expect(init).toContain('9 parameters from its --help');
  expect(plan).toContain('6 experiments to run');
  expect(run).toMatch(/6 succeeded, 0 failed/);
  expect(run).toMatch(/loss 0\.\d+/);
  expect(compare).toContain('lr=');
  expect(again).toContain('6 skipped');
}, 60_000);
