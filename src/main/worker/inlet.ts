import {
  closeSync,
  constants,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

/** The named pipes through which live runs can be typed into, one for each, made and removed by its supervisor. */
function inletFolder(workspace: string): string {
  return join(workspace, '.minibatch', 'inlets');
}

export function inletOf(workspace: string, run: { batch: string; index: number; attempt: number }): string {
  return join(inletFolder(workspace), `${run.batch}.${run.index}.${run.attempt}`);
}

/** Makes the folder, and removes the pipes of runs that were killed together with their supervisors. */
export function clearInlets(workspace: string): void {
  const folder = inletFolder(workspace);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const descriptor = openInlet(path);
    if (descriptor === null) rmSync(path, { force: true, recursive: true });
    else closeSync(descriptor);
  }
}

/** False: nobody reads there, or nobody has for so long that the pipe is full. */
export function typeIntoInlet(path: string, text: string): boolean {
  const descriptor = openInlet(path);
  if (descriptor === null) return false;
  try {
    let rest = Buffer.from(text);
    while (rest.length > 0) rest = rest.subarray(writeSync(descriptor, rest));
    return true;
  } catch {
    return false;
  } finally {
    closeSync(descriptor);
  }
}

/** Without a reader, opening for writing fails at once instead of waiting for one. */
function openInlet(path: string): number | null {
  try {
    if (!lstatSync(path).isFIFO()) return null;
    return openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch {
    return null;
  }
}
