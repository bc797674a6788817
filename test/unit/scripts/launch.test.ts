import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ROOT } from '../../../scripts/lib/paths.mjs';

const LAUNCH = pathToFileURL(join(ROOT, 'scripts/lib/launch.mjs')).href;

/** Counts interrupts, says so, and ends with 130 at "quit" on its own or after the first one plus a pause. */
const PROGRAM = `
let seen = 0;
process.on('SIGINT', () => {
  seen += 1;
  console.log('interrupt ' + seen);
  if (seen === 1) setTimeout(() => process.exit(130), 150);
});
setInterval(() => {}, 1000);
console.log('pid ' + process.pid);
`;

let folder: string;
let starter: ChildProcess | null = null;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'minibatch-launch-'));
});
afterEach(() => {
  starter?.kill('SIGKILL');
  starter = null;
  rmSync(folder, { recursive: true });
});

/** Starts `program` the way `npm start` does; resolves when it has printed its pid. */
async function start(
  program: string,
): Promise<{ child: ChildProcess; output: () => string; pid: number; ended: Promise<unknown[]> }> {
  const file = join(folder, 'program.mjs');
  const outer = join(folder, 'starter.mjs');
  writeFileSync(file, program);
  writeFileSync(
    outer,
    `import { launch, WITH_STARTER } from ${JSON.stringify(LAUNCH)};
     process.exitCode = await launch(process.execPath, ['--import', WITH_STARTER, ${JSON.stringify(file)}], { env: process.env });`,
  );
  const child = spawn(process.execPath, [outer], { stdio: ['ignore', 'pipe', 'inherit'] });
  starter = child;
  const ended = once(child, 'exit');
  let text = '';
  child.stdout.on('data', (bytes: Buffer) => (text += bytes.toString()));
  await vi.waitFor(() => expect(text).toMatch(/pid \d+/), { timeout: 15_000 });
  return { child, output: () => text, pid: Number(/pid (\d+)/.exec(text)?.[1]), ended };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('launch', () => {
  it('passes an interrupt on once, also when it arrives twice, and keeps the exit code', async () => {
    const { child, output, ended } = await start(PROGRAM);
    child.kill('SIGINT');
    child.kill('SIGINT');
    await vi.waitFor(() => expect(output()).toContain('interrupt'));
    child.kill('SIGINT');
    expect(await ended).toEqual([130, null]);
    expect(output()).not.toContain('interrupt 2');
  });

  it('answers 128 + the number of the signal that ended the program', async () => {
    const { ended, pid } = await start(`console.log('pid ' + process.pid); setInterval(() => {}, 1000);`);
    process.kill(pid, 'SIGTERM');
    expect(await ended).toEqual([143, null]);
  });

  it('does not leave the program behind when the starter is killed', async () => {
    const { child, pid } = await start(PROGRAM);
    child.kill('SIGKILL');
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 15_000 });
  });

  it('keeps no program from ending by itself', async () => {
    const { ended } = await start(`console.log('pid ' + process.pid); process.exitCode = 2;`);
    expect(await ended).toEqual([2, null]);
  });
});
