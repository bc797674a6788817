import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { runEvent } from '../../shared/model/event.ts';

/** Bytes at the end of an event file that are looked through: all of most; what comes early in longer ones is in the run's messages. */
const LOOKED_THROUGH = 512 * 1024;

/** What a run warned of; a bounded read, so that it can be asked of every run of a batch. */
export async function readWarnings(runFolder: string): Promise<string[]> {
  return (await readEnd(join(runFolder, 'events.jsonl')))
    .split('\n')
    .filter((line) => line.includes('"warning"'))
    .flatMap((line) => warningOf(line) ?? []);
}

async function readEnd(path: string): Promise<string> {
  let file: Awaited<ReturnType<typeof open>> | null = null;
  try {
    file = await open(path);
    const { size } = await file.stat();
    const length = Math.min(size, LOOKED_THROUGH);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.toString('utf8', 0, bytesRead);
  } catch (error) {
    // A run that wrote no event, or whose folder is gone, has warned of nothing.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  } finally {
    await file?.close();
  }
}

function warningOf(line: string): string | null {
  try {
    const event = runEvent.safeParse(JSON.parse(line));
    return event.success && event.data.kind === 'message' && event.data.level === 'warning'
      ? event.data.text
      : null;
  } catch {
    // The first line may be the end of one, the last one the beginning.
    return null;
  }
}
