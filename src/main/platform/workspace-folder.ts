import { constants, type Stats } from 'node:fs';
import { access, mkdir, open, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ExpectedError } from '../../shared/model/error.ts';

/** Less than this and a run could not even write its log. */
const LEAST_FREE_BYTES = 50 * 1024 * 1024;

export interface WorkspaceState {
  readonly path: string;
  readonly freeBytes: number;
  readonly totalBytes: number;
}

export interface WorkspaceLimits {
  readonly leastFreeBytes?: number;
}

/**
 * Makes sure that a workspace can be used: creates the folder if its parent exists, writes and removes a
 * small file, and looks at the free space.
 * Throws ExpectedError('workspace-unusable') for a missing volume, a file in its place, a folder that may not
 * be written, and ExpectedError('disk-full') when there is no room.
 */
export async function openWorkspaceFolder(
  path: string,
  limits: WorkspaceLimits = {},
): Promise<WorkspaceState> {
  await requireVolume(path);
  try {
    for (const folder of [dirname(path), path, join(path, '.minibatch')]) await ensureDirectory(folder);
    await tryWriting(join(path, '.minibatch'));
  } catch (error) {
    throw await unusable(path, error);
  }
  const state = await workspaceState(path);
  const least = limits.leastFreeBytes ?? LEAST_FREE_BYTES;
  if (state.freeBytes < least) {
    throw new ExpectedError(
      'disk-full',
      `The volume of the workspace ${path} has only ${megabytes(state.freeBytes)} MB free, at least ${megabytes(least)} MB are needed: free some space or choose another workspace with --workspace.`,
    );
  }
  return state;
}

/** Free and total bytes of the volume that holds the folder. */
export async function workspaceState(path: string): Promise<WorkspaceState> {
  const found = await statfs(path);
  return { path, freeBytes: found.bavail * found.bsize, totalBytes: found.blocks * found.bsize };
}

/** What the operating system's error means for a workspace, as a sentence with its way out. */
export async function unusable(path: string, error: unknown): Promise<ExpectedError> {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const sentence = (what: string): ExpectedError =>
    new ExpectedError(code === 'ENOSPC' || code === 'EDQUOT' ? 'disk-full' : 'workspace-unusable', what, {
      cause: error,
    });
  switch (code) {
    case 'EROFS':
      return sentence(`The workspace ${path} is on a read-only volume: choose another one with --workspace.`);
    case 'EACCES':
    case 'EPERM':
      return sentence(
        `The workspace ${path} may not be written to: change its permissions${
          process.platform === 'darwin' ? ', allow Minibatch in System Settings › Privacy & Security,' : ''
        } or choose another one with --workspace.`,
      );
    case 'ENOSPC':
    case 'EDQUOT':
      return sentence(
        `The volume of the workspace ${path} is full: free some space or choose another workspace with --workspace.`,
      );
    case 'ENOTDIR':
    case 'EEXIST':
      return sentence(
        `The workspace ${path} is not a folder, a file is in its way: move the file or choose another workspace with --workspace.`,
      );
    default:
      return sentence(
        `The workspace ${path} cannot be used (${error instanceof Error ? error.message : String(error)}): choose another one with --workspace.`,
      );
  }
}

/**
 * A workspace is created only inside folders that exist, two levels at most: `/Volumes/Data/runs` while that
 * disk is unplugged must not become a folder on the system disk.
 */
async function requireVolume(path: string): Promise<void> {
  if (await kindOf(path)) return;
  const parent = dirname(path);
  const volume = /^(\/Volumes\/[^/]+|\/media\/[^/]+\/[^/]+|\/run\/media\/[^/]+\/[^/]+)(\/|$)/.exec(path)?.[1];
  if (volume && !(await kindOf(volume))) {
    throw new ExpectedError(
      'workspace-unusable',
      `The volume ${volume} of the workspace ${path} is not there: connect the disk or choose another workspace with --workspace.`,
    );
  }
  if ((await kindOf(parent)) || (await kindOf(dirname(parent)))) return;
  throw new ExpectedError(
    'workspace-unusable',
    `The workspace ${path} cannot be created because the folder ${dirname(parent)} does not exist: create it, connect its disk, or choose another workspace with --workspace.`,
  );
}

/** Level by level, because a recursive mkdir never returns where the parent refuses with ENOENT (as /proc does). */
async function ensureDirectory(path: string): Promise<void> {
  if ((await kindOf(path))?.isDirectory()) return;
  await mkdir(path);
}

async function kindOf(path: string): Promise<Stats | null> {
  try {
    return await stat(path);
  } catch {
    return null;
  }
}

async function tryWriting(folder: string): Promise<void> {
  await access(folder, constants.W_OK | constants.X_OK);
  const probe = join(folder, `write-test-${process.pid}.tmp`);
  try {
    const file = await open(probe, 'w');
    try {
      // A full disk often still accepts an empty file.
      await file.write(Buffer.alloc(64 * 1024));
    } finally {
      await file.close();
    }
  } finally {
    await rm(probe, { force: true });
  }
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1e6);
}
