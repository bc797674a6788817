import { chmod, copyFile, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ExpectedError } from '../../shared/model/error.ts';
import type { PlanSuite } from '../../shared/model/plan.ts';
import { asDiskFull } from '../platform/atomic-file.ts';
import { type CodeFile, fingerprintOf, git, hashFile, listCode } from './code-files.ts';

/** What `batch.json` says of the code that the batch runs. */
export interface FrozenCode {
  /** Where it was copied from, absolute. */
  readonly root: string;
  readonly fingerprint: string;
  readonly commit: string | null;
  /** File of the batch with what differed from the commit; null = nothing, or no git. */
  readonly diff: string | null;
  readonly files: number;
  readonly bytes: number;
  /** Linked to the original and not copied. */
  readonly linked: readonly string[];
}

/**
 * Copies the code of a suite into `code/` of a batch, read-only. Throws ExpectedError('conflict') when it has changed
 * since the plan was made, and 'disk-full'.
 */
export async function freezeCode(plan: PlanSuite, batchFolder: string): Promise<FrozenCode | null> {
  if (plan.code === null) return null;
  const { root, link } = plan.code;
  const listing = await listCode(plan.code);
  const target = join(batchFolder, 'code');
  try {
    await mkdir(target, { recursive: true });
    const copied = await copyAll(root, target, listing.files);
    if (fingerprintOf(copied) !== plan.code.fingerprint) {
      throw new ExpectedError(
        'conflict',
        `The code in ${root} changed while the batch was started. Start it again.`,
      );
    }
    for (const path of link) {
      await mkdir(dirname(join(target, path)), { recursive: true });
      await symlink(join(root, path), join(target, path));
    }
    const diff =
      listing.git?.changed === true ? await git(root, ['diff', 'HEAD', '--binary', '--', '.']) : null;
    const hasDiff = diff !== null && diff !== '';
    if (hasDiff) await writeFile(join(batchFolder, 'code.diff'), diff);
    return {
      root,
      fingerprint: plan.code.fingerprint,
      commit: listing.git?.commit ?? null,
      diff: hasDiff ? 'code.diff' : null,
      files: copied.length,
      bytes: copied.reduce((sum, file) => sum + file.bytes, 0),
      linked: link,
    };
  } catch (error) {
    throw asDiskFull(error, target);
  }
}

/** Hashes what was copied, not what was listed: that is what will run. */
async function copyAll(root: string, target: string, files: readonly CodeFile[]): Promise<CodeFile[]> {
  const copied: CodeFile[] = [];
  for (const file of files) {
    const to = join(target, file.path);
    await mkdir(dirname(to), { recursive: true });
    await copyFile(join(root, file.path), to).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
      throw new ExpectedError('conflict', `${join(root, file.path)} went away while the batch was started.`);
    });
    copied.push({ ...file, hash: await hashFile(to) });
    await chmod(to, file.executable ? 0o555 : 0o444);
  }
  return copied;
}
