import { type FSWatcher, watch } from 'node:fs';
import { join } from 'node:path';
import type { Pulse } from '../platform/pulse.ts';

export interface FolderWatchOptions {
  readonly folder: string;
  readonly onChange: () => void;
  /** A file that is replaced by renaming and must be noticed at once. */
  readonly urgent: string;
  /** Watch the urgent file by itself as soon as it is there, where reports of a whole folder come late. */
  readonly single: boolean;
  /** What grows is looked at this often, and so are changes that the file system did not report. */
  readonly pulse: Pulse;
}

/**
 * Calls back when the urgent file is replaced, and at every beat of the pulse in any case: other files grow line by line, which
 * nobody reads faster, and notifications get lost on network volumes and when the system is out of watches. The folder
 * is watched at first only, because it reports every line of output; then the file by itself is. A Mac gathers the
 * changes of a folder for up to 150 ms, but reports those of a single file at once, hence `single`. Returns how to stop.
 */
export function watchFolder({ folder, onChange, urgent, single, pulse }: FolderWatchOptions): () => void {
  const path = join(folder, urgent);
  let folderWatcher = tryWatch(folder, (name) => {
    if (name !== urgent && name !== null) return;
    if (single) watchFile();
    else soon();
  });
  let fileWatcher: FSWatcher | null = null;
  let next: NodeJS.Immediate | null = null;
  let stopped = false;

  /** Once for all the reports of one turn: replacing a file makes several. */
  function soon(): void {
    if (!stopped) next ??= setImmediate(fire);
  }

  function fire(): void {
    if (next) clearImmediate(next);
    next = null;
    onChange();
  }

  /** A watch stays with the file it was put on, so after each report it is put on the one that is there now. */
  function watchFile(): void {
    fileWatcher?.close();
    fileWatcher = stopped ? null : tryWatch(path, watchFile);
    if (fileWatcher) {
      folderWatcher?.close();
      folderWatcher = null;
    }
    soon();
  }

  function poll(): void {
    if (fileWatcher === null) watchFile();
    fire();
  }

  if (single) watchFile();
  const leave = pulse.join(poll);
  return () => {
    stopped = true;
    if (next) clearImmediate(next);
    folderWatcher?.close();
    fileWatcher?.close();
    leave();
  };
}

/** Null when it cannot be watched, or not yet; polling alone will do. */
function tryWatch(path: string, onChange: (name: string | null) => void): FSWatcher | null {
  try {
    const watcher = watch(path, { persistent: false }, (_event, name) => onChange(name));
    watcher.on('error', () => watcher.close());
    return watcher;
  } catch {
    return null;
  }
}
