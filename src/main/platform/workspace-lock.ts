import {
  constants,
  copyFileSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type ErrorCode, ExpectedError } from '../../shared/model/error.ts';
import { writeFileAtomic } from './atomic-file.ts';
import { isAlive, startToken } from './process-identity.ts';

/** `.minibatch/lock.json`: who holds the workspace. `address` is where its app can be reached, if it serves. */
export const lockHolder = z.object({
  version: z.literal(1),
  pid: z.number().int().positive(),
  start: z.string(),
  address: z.string().nullable(),
});
export type LockHolder = z.infer<typeof lockHolder>;

export interface WorkspaceLock {
  readonly holder: LockHolder;
  /** Tells others where the holder can be reached. */
  setAddress(address: string | null): void;
  /** Idempotent; removes the file only while it is still ours. */
  release(): void;
}

/**
 * Takes the workspace for this process. A lock of a dead process, or a damaged one, is taken over.
 * Throws ExpectedError('workspace-held') naming the holder; other errors of the file system pass through.
 */
export function acquireWorkspaceLock(workspace: string, address: string | null = null): WorkspaceLock {
  mkdirSync(join(workspace, '.minibatch'), { recursive: true });
  return acquireLock(lockPath(workspace), {
    address,
    held: (holder) =>
      `The workspace ${workspace} is in use by another Minibatch (process ${holder.pid}${
        holder.address ? `, ${holder.address}` : ''
      }): use that one, quit it, or choose another workspace with --workspace.`,
  });
}

/** Who holds a workspace now; null = nobody alive. */
export function workspaceHolder(workspace: string): LockHolder | null {
  return liveHolder(lockPath(workspace));
}

/** A lock file for one process at a time. `held` makes the sentence for the one who comes too late. */
export function acquireLock(
  path: string,
  options: { address: string | null; code?: ErrorCode; held: (holder: LockHolder) => string },
): WorkspaceLock {
  const start = startToken(process.pid);
  if (start === null) throw new Error('The start of this process cannot be read.');
  let holder: LockHolder = { version: 1, pid: process.pid, start, address: options.address };
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, `${JSON.stringify(holder)}\n`);
  try {
    // A hard link either appears whole or fails: no other process ever reads half a lock.
    while (!linkIfAbsent(temporary, path)) {
      const other = liveHolder(path);
      if (other) throw new ExpectedError(options.code ?? 'workspace-held', options.held(other));
      setAside(path);
    }
  } finally {
    rmSync(temporary, { force: true });
  }
  return {
    get holder() {
      return holder;
    },
    setAddress(address) {
      holder = { ...holder, address };
      if (isOurs(path, holder)) writeFileAtomic(path, `${JSON.stringify(holder)}\n`);
    },
    release() {
      if (isOurs(path, holder)) rmSync(path, { force: true });
    },
  };
}

function lockPath(workspace: string): string {
  return join(workspace, '.minibatch', 'lock.json');
}

function linkIfAbsent(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EEXIST') return false;
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS') throw error;
  }
  // exFAT and some network volumes know no hard links; an exclusive copy is the next best.
  try {
    copyFileSync(from, to, constants.COPYFILE_EXCL);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Moves a stale lock out of the way. Two processes may see the same stale lock: the slower one could move the
 * faster one's new lock, so what was moved is looked at once more and put back if somebody alive holds it.
 */
function setAside(path: string): void {
  const aside = `${path}.${process.pid}.stale`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  if (liveHolder(aside)) linkIfAbsent(aside, path);
  rmSync(aside, { force: true });
}

function readHolder(path: string): LockHolder | null {
  try {
    const found = lockHolder.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    return found.success ? found.data : null;
  } catch {
    return null;
  }
}

function liveHolder(path: string): LockHolder | null {
  const holder = readHolder(path);
  return holder && isAlive(holder.pid, holder.start) ? holder : null;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function isOurs(path: string, holder: LockHolder): boolean {
  const found = readHolder(path);
  return found?.pid === holder.pid && found.start === holder.start;
}
