import { type FSWatcher, watch } from 'node:fs';
import { join } from 'node:path';

/** Found changes that the file system did not report are at most this old, in milliseconds. */
const POLL_MS = 500;
/** A file that grows line by line is looked at this often, in milliseconds; nobody reads faster. */
const GROWTH_MS = 100;

export interface FolderWatchOptions {
  readonly folder: string;
  readonly onChange: () => void;
  /** A file that is replaced by renaming and must be noticed at once. */
  readonly urgent: string;
  /** A file that is appended to all the time. Changes of all other files are nobody's business. */
  readonly growing: string;
  /** Watch the urgent file by itself as well; see below. */
  readonly single: boolean;
}

/**
 * Calls back when something in the folder may have changed, and every half second in any case: notifications
 * get lost on network volumes and when the system is out of watches. A Mac gathers the changes of a folder for
 * up to 150 ms, but reports those of a single file at once, hence `single`. Returns how to stop.
 */
export function watchFolder({ folder, onChange, urgent, growing, single }: FolderWatchOptions): () => void {
  const folderWatcher = tryWatch(folder, (_event, name) => {
    if (name === urgent || name === null) soon();
    else if (name === growing) later();
  });
  let fileWatcher: FSWatcher | null = null;
  let next: NodeJS.Immediate | null = null;
  let delayed: NodeJS.Timeout | null = null;
  let stopped = false;

  /** Once for all the reports of one turn: replacing a file makes several. */
  function soon(): void {
    if (!stopped) next ??= setImmediate(fire);
  }

  function later(): void {
    if (!stopped) delayed ??= setTimeout(fire, GROWTH_MS);
  }

  function fire(): void {
    cancel();
    onChange();
  }

  function cancel(): void {
    if (next) clearImmediate(next);
    if (delayed) clearTimeout(delayed);
    next = null;
    delayed = null;
  }

  /** A watch stays with the file it was put on, so after each replacement it is put on the new one. */
  function watchFile(path: string): void {
    fileWatcher?.close();
    fileWatcher = stopped
      ? null
      : tryWatch(path, (event) => {
          if (event === 'rename') watchFile(path);
          soon();
        });
  }

  function poll(): void {
    if (single && fileWatcher === null) watchFile(join(folder, urgent));
    fire();
  }

  if (single) watchFile(join(folder, urgent));
  const timer = setInterval(poll, POLL_MS);
  return () => {
    stopped = true;
    cancel();
    folderWatcher?.close();
    fileWatcher?.close();
    clearInterval(timer);
  };
}

/** Null when it cannot be watched, or not yet; polling alone will do. */
function tryWatch(path: string, onChange: (event: string, name: string | null) => void): FSWatcher | null {
  try {
    const watcher = watch(path, { persistent: false }, onChange);
    watcher.on('error', () => watcher.close());
    return watcher;
  } catch {
    return null;
  }
}
