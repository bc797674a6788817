import { open, type FileHandle } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.map': 'application/json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
};

export interface StaticFile {
  readonly handle: FileHandle;
  readonly bytes: number;
  readonly type: string;
  /** Names under `assets/` carry a content hash, so the browser may keep them for good. */
  readonly immutable: boolean;
}

/** Where a URL path points, by name alone; null when it leaves the folder or its type is not served. */
export function locateStaticFile(
  folder: string,
  urlPath: string,
): { path: string; type: string; immutable: boolean } | null {
  const relative = decode(urlPath === '/' ? '/index.html' : urlPath);
  if (relative === null || relative.includes('\0')) return null;
  const path = normalize(join(folder, relative));
  if (!path.startsWith(normalize(folder) + sep)) return null;
  const type = TYPES[extname(path)];
  return type === undefined ? null : { path, type, immutable: relative.startsWith('/assets/') };
}

/**
 * Opens a file of the built renderer for a URL path, or null when there is none. A path can never leave the
 * folder, and a file of an unlisted type is not served. The caller closes the handle.
 */
export async function openStaticFile(folder: string, urlPath: string): Promise<StaticFile | null> {
  const file = locateStaticFile(folder, urlPath);
  if (file === null) return null;
  const handle = await open(file.path, 'r').catch(() => null);
  if (handle === null) return null;
  const facts = await handle.stat();
  if (!facts.isFile()) {
    await handle.close();
    return null;
  }
  return { handle, bytes: facts.size, type: file.type, immutable: file.immutable };
}

function decode(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}
