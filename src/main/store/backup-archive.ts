import { createHash } from 'node:crypto';
import {
  cpSync,
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ExpectedError } from '../../shared/model/error.ts';
import { codeOf } from '../platform/atomic-file.ts';
import { failureOf, runProgram } from '../platform/process-runner.ts';

/** Seconds; a batch of many gigabytes is packed in minutes. */
const TAR_TIMEOUT = 3_600;
/** Not part of a result: what a run would need to go on, and what can be made again. */
const LEFT_OUT = new Set(['checkpoint', 'exports', '__pycache__']);

export interface Packed {
  readonly results: number;
  readonly files: number;
}

/**
 * Packs a batch's plan, journal and every attempt that has a result into `target` (tar.gz). Attempts that still run are
 * left out, so nothing changes while it is read. Throws ExpectedError when tar fails.
 */
export async function packBatch(options: {
  readonly workspace: string;
  readonly batch: string;
  readonly target: string;
}): Promise<Packed> {
  const { workspace, batch, target } = options;
  const relative = join('batches', batch);
  const attempts = attemptsWithResult(join(workspace, relative)).map((path) => join(relative, path));
  const files = attempts.flatMap((attempt) => filesBelow(workspace, attempt));
  await withStaging(workspace, async (staging) => {
    // The journal grows while a batch runs: a copy holds still.
    mkdirSync(join(staging, relative), { recursive: true });
    const heads = ['batch.json', 'journal.jsonl'].filter((name) =>
      existsSync(join(workspace, relative, name)),
    );
    for (const name of heads) cpSync(join(workspace, relative, name), join(staging, relative, name));
    const list = join(staging, 'files');
    writeFileSync(list, files.map((file) => `${file}\0`).join(''));
    const names = heads.map((name) => join(relative, name));
    await tar(['-czf', target, '-C', staging, ...names, '-C', workspace, '--null', '-T', list]);
  });
  return { results: attempts.length, files: files.length };
}

/** Unpacks into a new folder inside the workspace, hands it over, and removes it afterwards. */
export async function withUnpacked<T>(
  options: { readonly workspace: string; readonly archive: string },
  use: (folder: string) => T,
): Promise<T> {
  return withStaging(options.workspace, async (staging) => {
    await tar(['-xzf', options.archive, '-C', staging]);
    return use(staging);
  });
}

export async function checksum(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** Attempts of a batch that have a result, relative to the batch's folder. */
export function attemptsWithResult(folder: string): string[] {
  return subfolders(join(folder, 'runs')).flatMap((run) =>
    subfolders(join(folder, 'runs', run))
      .filter((name) => /^attempt-\d+$/.test(name))
      .map((name) => join('runs', run, name))
      .filter((path) => existsSync(join(folder, path, 'result.json'))),
  );
}

async function withStaging<T>(workspace: string, use: (folder: string) => Promise<T>): Promise<T> {
  const staging = mkdtempSync(join(workspace, '.minibatch', 'archive-'));
  try {
    return await use(staging);
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

async function tar(args: readonly string[]): Promise<void> {
  const result = await runProgram('tar', args, { timeout: TAR_TIMEOUT });
  const failure = failureOf(result);
  if (failure === null) return;
  const detail = result.stderr.trim().split('\n').at(-1) ?? '';
  const full = /no space left|quota/i.test(result.stderr);
  throw new ExpectedError(
    full ? 'disk-full' : 'not-possible-now',
    `tar failed (${failure}): ${detail || args.join(' ')}`,
  );
}

/** Regular files only: a link could lead out of the workspace. */
function filesBelow(workspace: string, folder: string): string[] {
  return readdirSync(join(workspace, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return LEFT_OUT.has(entry.name) ? [] : filesBelow(workspace, path);
    return entry.isFile() && !entry.name.endsWith('.tmp') ? [path] : [];
  });
}

function subfolders(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}
