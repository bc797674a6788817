import { type FSWatcher, watch } from 'node:fs';

/** Found changes that the file system did not report are at most this old, in milliseconds. */
const POLL_MS = 500;

/**
 * Calls back when something in the folder may have changed, and every half second in any case: notifications
 * get lost on network volumes and when the system is out of watches. Returns how to stop.
 */
export function watchFolder(folder: string, onChange: () => void): () => void {
  let watcher: FSWatcher | null = null;
  try {
    watcher = watch(folder, { persistent: false }, onChange);
    watcher.on('error', () => watcher?.close());
  } catch {
    // Polling alone will do.
  }
  const timer = setInterval(onChange, POLL_MS);
  return () => {
    watcher?.close();
    clearInterval(timer);
  };
}
