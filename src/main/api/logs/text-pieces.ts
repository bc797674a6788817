import { type FileHandle, open, stat } from 'node:fs/promises';

/** Read at a time. Each read is a turn of its own, so a log of any size leaves the event loop free. */
export const PIECE_BYTES = 256 * 1024;

/** Smallest buffer, for files that grow while they are read. */
const SMALLEST = 4 * 1024;

export interface TextPiece {
  /** Offset of the first byte in the file. */
  readonly offset: number;
  /** Ends at a character boundary; reused by the next read. */
  readonly bytes: Buffer;
}

/** The file from `offset` to what is its end now, in pieces. An absent file has none. */
export async function* readPieces(
  path: string,
  offset: number,
  size: number = PIECE_BYTES,
): AsyncGenerator<TextPiece> {
  const file = await openOrNull(path);
  if (file === null) return;
  try {
    // A log that is followed grows by a line at a time; a whole buffer for each would keep the collector busy.
    const left = (await file.stat()).size - offset;
    const length = Math.min(size, Math.max(SMALLEST, left));
    const buffer = Buffer.allocUnsafe(length);
    let position = offset;
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, length, position);
      const whole = wholeCharacters(buffer.subarray(0, bytesRead));
      if (whole === 0) return;
      yield { offset: position, bytes: buffer.subarray(0, whole) };
      position += whole;
    }
  } finally {
    await file.close();
  }
}

/** Size in bytes; 0 for an absent file. */
export async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (isMissing(error)) return 0;
    throw error;
  }
}

async function openOrNull(path: string): Promise<FileHandle | null> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/**
 * Length without a UTF-8 character that is only half there. Bytes that never become one (a lead byte followed
 * by something else) are kept and decode to U+FFFD.
 */
function wholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) break;
    if (byte >= 0xc0) {
      const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return needed > back ? bytes.length - back : bytes.length;
    }
  }
  return bytes.length;
}
