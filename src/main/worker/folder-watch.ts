import { type FSWatcher, watch } from 'node:fs';
import { join } from 'node:path';

/** Found changes that the file system did not report are at most this old, in milliseconds. */
const POLL_MS = 500;

export interface FolderWatchOptions {
  readonly folder: string;
  readonly onChange: () => void;
  /** A file that is replaced by renaming and must be noticed at once; see below. */
  readonly urgent: string | null;
}

/**
 * Calls back when something in the folder may have changed, and every half second in any case: notifications
 * get lost on network volumes and when the system is out of watches. A Mac gathers the changes of a folder for
 * up to 150 ms, but reports those of a single file at once, hence the second watch. Returns how to stop.
 */
export function watchFolder({ folder, onChange, urgent }: FolderWatchOptions): () => void {
  const folderWatcher = tryWatch(folder, onChange);
  let fileWatcher: FSWatcher | null = null;
  let stopped = false;

  /** A watch stays with the file it was put on, so after each replacement it is put on the new one. */
  function watchFile(path: string): void {
    fileWatcher?.close();
    fileWatcher = stopped
      ? null
      : tryWatch(path, (event) => {
          if (event === 'rename') watchFile(path);
          onChange();
        });
  }

  function poll(): void {
    if (urgent !== null && fileWatcher === null) watchFile(join(folder, urgent));
    onChange();
  }

  if (urgent !== null) watchFile(join(folder, urgent));
  const timer = setInterval(poll, POLL_MS);
  return () => {
    stopped = true;
    folderWatcher?.close();
    fileWatcher?.close();
    clearInterval(timer);
  };
}

/** Null when it cannot be watched, or not yet; polling alone will do. */
function tryWatch(path: string, onChange: (event: string) => void): FSWatcher | null {
  try {
    const watcher = watch(path, { persistent: false }, onChange);
    watcher.on('error', () => watcher.close());
    return watcher;
  } catch {
    return null;
  }
}
