import { open } from 'node:fs/promises';
import { emptyTerminal, feedTerminal, openLine } from '../../../shared/domain/terminal-lines.ts';

/** Read from the end: enough for any screen, and over in a millisecond. */
const TAIL_BYTES = 256 * 1024;

/** The last lines of a log as a terminal shows them; an absent file has none. */
export async function readLogTail(path: string, count: number): Promise<{ lines: string[]; bytes: number }> {
  const file = await open(path, 'r').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  });
  if (file === null) return { lines: [], bytes: 0 };
  try {
    const { size } = await file.stat();
    const from = Math.max(0, size - TAIL_BYTES);
    const buffer = Buffer.allocUnsafe(size - from);
    const { bytesRead } = await file.read(buffer, 0, buffer.length, from);
    const text = buffer.toString('utf8', 0, bytesRead);
    // What stands before the first line break is the end of a line that began before.
    const whole = from === 0 ? text : text.slice(text.indexOf('\n') + 1);
    const { state, lines } = feedTerminal(emptyTerminal, whole);
    const last = openLine(state);
    return { lines: (last === null ? lines : [...lines, last]).slice(-count), bytes: size };
  } finally {
    await file.close();
  }
}
