import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CommandWorld, createCommandWorld, lastDocument } from '../../support/command-line.ts';

let world: CommandWorld;
const mounts: string[] = [];
beforeAll(() => {
  world = createCommandWorld();
});
afterAll(() => {
  for (const mount of mounts) execFileSync('umount', ['-l', mount]);
  world.remove();
});

/** A file system of its own in memory; null where that is not allowed. */
function mountTmpfs(name: string, size: string): string | null {
  const folder = join(world.root, name);
  mkdirSync(folder);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    return null;
  }
  mounts.push(folder);
  return folder;
}

/** Every command that opens a workspace says the same one sentence, and ends with 1. */
async function sentenceOf(workspace: string): Promise<string> {
  const sentences = new Set<string>();
  for (const argv of [
    ['run', 'quick', '--json'],
    ['status', '--json'],
    ['reindex', '--json'],
  ]) {
    const ended = await world.run(...argv, '--workspace', workspace);
    expect(ended.code).toBe(1);
    sentences.add(lastDocument<{ error: { message: string } }>(ended).error.message);
    expect(ended.stderr.trimEnd().split('\n')).toHaveLength(1);
  }
  expect([...sentences]).toHaveLength(1);
  return [...sentences][0] ?? '';
}

describe('a workspace that cannot be used', () => {
  it('is read-only', async (test) => {
    const volume = mountTmpfs('read-only', '80m');
    if (volume === null) return test.skip('mounting is not allowed here');
    mkdirSync(join(volume, 'ws'));
    execFileSync('mount', ['-o', 'remount,ro', volume]);
    const expected = `The workspace ${join(volume, 'ws')} is on a read-only volume: choose another one with --workspace.`;
    expect(await sentenceOf(join(volume, 'ws'))).toBe(expected);
    expect(await sentenceOf(join(volume, 'new'))).toContain('is on a read-only volume');
  });

  it('may not be written to', async (test) => {
    if (process.getuid?.() === 0) return test.skip('the superuser may write everywhere');
    const folder = join(world.root, 'locked');
    mkdirSync(folder);
    chmodSync(folder, 0o555);
    expect(await sentenceOf(folder)).toContain('may not be written to: change its permissions');
  });

  it('is full', async (test) => {
    const volume = mountTmpfs('full', '1m');
    if (volume === null) return test.skip('mounting is not allowed here');
    expect(await sentenceOf(join(volume, 'ws'))).toMatch(
      /has only \d MB free, at least 52 MB are needed: free/,
    );
    writeFileSync(join(volume, 'rest'), Buffer.alloc(1_048_576 - 12_288));
    expect(await sentenceOf(join(volume, 'other'))).toMatch(/free some space or choose another workspace/);
  });

  it('lies on a volume that is not there, or in a folder that is not', async () => {
    expect(await sentenceOf('/Volumes/Not There/runs')).toBe(
      'The volume /Volumes/Not There of the workspace /Volumes/Not There/runs is not there: connect the disk or choose another workspace with --workspace.',
    );
    const deep = join(world.root, 'a', 'b', 'c', 'ws');
    expect(await sentenceOf(deep)).toContain('connect its disk');
    expect(existsSync(join(world.root, 'a'))).toBe(false);
  });

  it('is a file', async () => {
    const file = join(world.root, 'a-file');
    writeFileSync(file, 'precious');
    expect(await sentenceOf(file)).toContain('is not a folder, a file is in its way: move the file');
  });

  it('has something in the place of its index that is no index', async () => {
    const workspace = world.newWorkspace();
    mkdirSync(join(workspace, '.minibatch', 'index.sqlite', 'stray'), { recursive: true });
    expect((await world.run('status')).code).toBe(0);
    expect(readdirSync(join(workspace, '.minibatch')).toSorted()).toContain('index.sqlite.damaged-1');
  });
});
