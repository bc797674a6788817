import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

export interface FolderSize {
  readonly bytes: number;
  /** False: the time was over before everything was seen, and it holds more than this. */
  readonly complete: boolean;
}

/** What the files of a folder take on disk; links are not followed. What cannot be read counts as nothing. */
export async function folderSize(path: string, limitSeconds: number): Promise<FolderSize> {
  const deadline = performance.now() + limitSeconds * 1000;
  const folders = [path];
  let bytes = 0;
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    if (performance.now() > deadline) return { bytes, complete: false };
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    const files: string[] = [];
    for (const entry of entries) {
      if (entry.isDirectory()) folders.push(join(folder, entry.name));
      else if (entry.isFile()) files.push(join(folder, entry.name));
    }
    const found = await Promise.all(files.map((file) => stat(file).catch(() => null)));
    // Blocks, not lengths: a sparse file takes what it fills.
    for (const one of found) bytes += one === null ? 0 : one.blocks * 512;
  }
  return { bytes, complete: true };
}
