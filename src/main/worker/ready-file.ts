import { join } from 'node:path';
import { z } from 'zod';
import { readJsonFile } from '../platform/atomic-file.ts';
import { isAlive } from '../platform/process-identity.ts';

const readyFile = z.object({ pid: z.number().int(), start: z.string() });

/** It was ready and is gone, though nobody has said so yet: a run handed to it would fail. */
export function diedReady(folder: string): boolean {
  const read = readJsonFile(join(folder, 'ready.json'));
  const ready = read.kind === 'ok' ? readyFile.safeParse(read.value) : null;
  return ready?.success === true && !isAlive(ready.data.pid, ready.data.start);
}
