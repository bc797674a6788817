import { existsSync, mkdirSync, readdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  copiedFiles,
  copyProblem,
  type RemoteFolder,
  rsyncArguments,
} from '../../shared/domain/remote-folder.ts';
import { ExpectedError } from '../../shared/model/error.ts';
import { asDiskFull } from '../platform/atomic-file.ts';
import { sha256 } from '../platform/hash.ts';
import { runProgram } from '../platform/process-runner.ts';

/** Seconds. A copy that is alive but takes longer than this goes on with the next one. */
const LONGEST_COPY = 12 * 3600;
/** rsync: files vanished over there while it looked, as they do where runs go on. */
const VANISHED = 24;

export interface Fetched {
  /** Absolute; null = it was only asked what would come. */
  readonly folder: string | null;
  readonly files: number;
  readonly results: number;
}

export interface FetchOptions {
  readonly workspace: string;
  readonly dryRun: boolean;
  readonly signal: AbortSignal;
}

/**
 * Brings a folder of another machine up to date below the workspace's own folder, where it stays, so that the next time
 * only what is new comes. Throws ExpectedError with the way out; null = interrupted.
 */
export async function fetchFolder(remote: RemoteFolder, options: FetchOptions): Promise<Fetched | null> {
  const { dryRun, signal } = options;
  const folder = join(options.workspace, '.minibatch', 'fetched', nameOf(remote));
  const made = !existsSync(folder);
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw asDiskFull(error, folder);
  }
  const result = await runProgram('rsync', rsyncArguments(remote, folder, dryRun), {
    // Its messages are read here.
    env: { ...process.env, LC_ALL: 'C' },
    timeout: LONGEST_COPY,
    onOutput: () => undefined,
    maxBuffer: 64 * 1024 * 1024,
    signal,
  });
  if (made && readdirSync(folder).length === 0) rmdirSync(folder);
  switch (result.kind) {
    case 'aborted':
      return null;
    case 'not-started':
      throw new ExpectedError(
        'not-possible-now',
        `rsync is ${result.reason} on this machine. Install it (Debian and Ubuntu: apt install rsync), or copy the folder yourself and name the copy.`,
      );
    case 'ended':
      if (result.exitCode === 0 || result.exitCode === VANISHED)
        return { folder: dryRun ? null : folder, ...copiedFiles(result.stdout) };
      throw copyProblem(remote, result);
    default:
      throw copyProblem(remote, { exitCode: null, stderr: result.stderr });
  }
}

/** Told apart by their whole name, and still readable. */
function nameOf({ host, path }: RemoteFolder): string {
  const plain = host.replaceAll(/[^A-Za-z0-9.-]+/g, '-').replaceAll(/^[-.]+|-+$/g, '');
  return `${plain}-${sha256(`${host}:${path}`).slice(0, 8)}`;
}
