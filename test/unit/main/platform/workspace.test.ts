import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { writeFileAtomic } from '../../../../src/main/platform/atomic-file.ts';
import { startToken } from '../../../../src/main/platform/process-identity.ts';
import { openWorkspaceFolder, unusable } from '../../../../src/main/platform/workspace-folder.ts';
import { acquireWorkspaceLock, workspaceHolder } from '../../../../src/main/platform/workspace-lock.ts';
import { ExpectedError } from '../../../../src/shared/model/error.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'minibatch-workspace-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function refusal(path: string, leastFreeBytes?: number): Promise<ExpectedError> {
  const error = await openWorkspaceFolder(path, leastFreeBytes === undefined ? {} : { leastFreeBytes }).then(
    () => expect.fail('was opened'),
    (reason: unknown) => reason,
  );
  return error instanceof ExpectedError ? error : expect.fail(String(error));
}

describe('a workspace folder', () => {
  it('is made, can be opened again, and keeps no trace of the test', async () => {
    const path = join(folder, 'work');
    const state = await openWorkspaceFolder(path);
    expect(state.freeBytes).toBeGreaterThan(0);
    expect(state.totalBytes).toBeGreaterThan(state.freeBytes);
    await openWorkspaceFolder(path);
    expect(readdirSync(join(path, '.minibatch'))).toEqual([]);
  });

  it('is not made where its volume is missing', async () => {
    const missing = await refusal(join(folder, 'gone', 'deep', 'work'));
    expect(missing.code).toBe('workspace-unusable');
    expect(missing.message).toContain('does not exist');
    const disk = await refusal('/Volumes/No Such Disk/work');
    expect(disk.message).toContain('The volume /Volumes/No Such Disk');
  });

  it('is refused when a file is in its place', async () => {
    writeFileSync(join(folder, 'file'), '');
    const error = await refusal(join(folder, 'file'));
    expect(error.code).toBe('workspace-unusable');
    expect(error.message).toContain('is not a folder');
  });

  it.runIf(process.platform === 'linux')('is refused at once where the kernel allows no folder', async () => {
    const error = await refusal('/proc/minibatch');
    expect(error.code).toBe('workspace-unusable');
    expect(error.message).toContain('/proc/minibatch');
  });

  it('is refused when there is no room, with both numbers', async () => {
    const error = await refusal(join(folder, 'work'), 1e18);
    expect(error.code).toBe('disk-full');
    expect(error.message).toMatch(/only \d+ MB free, at least 1000000000000 MB/);
  });

  it.skipIf(process.getuid?.() === 0)('is refused when it may not be written', async () => {
    chmodSync(folder, 0o500);
    const error = await refusal(join(folder, 'work'));
    chmodSync(folder, 0o700);
    expect(error.message).toContain('may not be written');
  });

  test.each([
    ['EROFS', 'workspace-unusable', 'read-only volume'],
    ['EACCES', 'workspace-unusable', 'may not be written'],
    ['ENOSPC', 'disk-full', 'is full'],
    ['EIO', 'workspace-unusable', 'cannot be used'],
  ])('%s means %s', async (code, expected, words) => {
    const error = await unusable('/work', Object.assign(new Error('x'), { code }));
    expect([error.code, error.message.includes(words), error.message.includes('/work')]).toEqual([
      expected,
      true,
      true,
    ]);
    expect(error.message).toContain('--workspace');
  });
});

describe('the lock of a workspace', () => {
  const file = () => join(folder, '.minibatch', 'lock.json');
  const write = (holder: object | string) => {
    mkdirSync(join(folder, '.minibatch'), { recursive: true });
    writeFileSync(file(), typeof holder === 'string' ? holder : JSON.stringify(holder));
  };

  it('names its holder and keeps everybody else out', () => {
    const lock = acquireWorkspaceLock(folder, 'http://127.0.0.1:1');
    expect(JSON.parse(readFileSync(file(), 'utf8'))).toEqual({
      version: 1,
      pid: process.pid,
      start: startToken(process.pid),
      address: 'http://127.0.0.1:1',
    });
    expect(() => acquireWorkspaceLock(folder)).toThrow(
      expect.objectContaining({
        code: 'workspace-held',
        message: expect.stringContaining(`process ${process.pid}`),
      }),
    );
    lock.release();
    expect(workspaceHolder(folder)).toBeNull();
    acquireWorkspaceLock(folder).release();
    expect(readdirSync(join(folder, '.minibatch'))).toEqual([]);
  });

  it('tells an address that became known later', () => {
    const lock = acquireWorkspaceLock(folder);
    lock.setAddress('http://127.0.0.1:2');
    expect(workspaceHolder(folder)?.address).toBe('http://127.0.0.1:2');
    lock.release();
  });

  it('of a dead process, of a pid that means another now, or damaged, is taken over', () => {
    const dead = { version: 1, pid: 2 ** 22 + 5, start: 'linux:x:1', address: null };
    const reused = { version: 1, pid: process.pid, start: 'linux:another boot:1', address: null };
    for (const holder of [dead, reused, '{"version": 1, "pi', '']) {
      write(holder);
      const lock = acquireWorkspaceLock(folder);
      expect(workspaceHolder(folder)?.pid).toBe(process.pid);
      lock.release();
    }
  });

  it('is not removed by one who lost it', () => {
    const lock = acquireWorkspaceLock(folder);
    const other = { version: 1, pid: process.ppid, start: startToken(process.ppid), address: null };
    write(other);
    lock.setAddress('x');
    lock.release();
    expect(JSON.parse(readFileSync(file(), 'utf8'))).toEqual(other);
  });
});

describe('an atomic write', () => {
  it('replaces the whole file and leaves nothing beside it', () => {
    const path = join(folder, 'a.json');
    writeFileAtomic(path, 'long text');
    writeFileAtomic(path, 'é');
    expect(readFileSync(path, 'utf8')).toBe('é');
    expect(readdirSync(folder)).toEqual(['a.json']);
  });

  it('leaves the old file when it fails', () => {
    mkdirSync(join(folder, 'taken'));
    writeFileSync(join(folder, 'taken', 'inside'), '');
    expect(() => writeFileAtomic(join(folder, 'taken'), 'x')).toThrow();
    expect(readdirSync(folder)).toEqual(['taken']);
  });
});
