import { existsSync, globSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { batchFolder } from '../store/batch-folder.ts';

/** An attempt this young may have a supervisor that is only now writing its first status, in seconds. */
const YOUNG_SECONDS = 5;
const PATIENCE_SECONDS = 2;
const LOOK_MS = 20;

/**
 * Waits until attempts that were begun a moment ago, by an app that has just been killed, either have a status
 * or have had the time to write one. Otherwise such a run would be taken for dead and started a second time.
 */
export async function settleStarts(workspace: string, batch: string): Promise<void> {
  const silent = silentStarts(workspace, batch);
  const until = performance.now() + PATIENCE_SECONDS * 1000;
  while (silent.some((folder) => !existsSync(join(folder, 'status.json'))) && performance.now() < until)
    await delay(LOOK_MS);
}

function silentStarts(workspace: string, batch: string): string[] {
  const now = Date.now();
  return globSync('runs/*/attempt-*/run.json', { cwd: batchFolder(workspace, batch) })
    .map((path) => join(batchFolder(workspace, batch), path))
    .filter((path) => !existsSync(join(dirname(path), 'status.json')))
    .filter((path) => Math.abs(now - statSync(path).mtimeMs) < YOUNG_SECONDS * 1000)
    .map(dirname);
}
