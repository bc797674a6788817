const NEWLINE = 0x0a;

/** The beginning of what people look for first. Needles for a byte search, which costs next to nothing. */
const NEEDLES = [
  'Traceback (most recent call last)',
  'Error: ',
  'Exception: ',
  'Segmentation fault',
  'Fatal Python error',
].map((text) => Buffer.from(text));
/** Bytes kept from one piece to the next, so that a needle across the cut is found. */
const OVERLAP = 64;

/** Finds the first line of a log that looks like an error, while the log is being indexed. */
export interface ErrorFinder {
  /** The next bytes; `line` is the number of the line in which they begin. */
  take(bytes: Buffer, line: number): void;
  readonly line: number | null;
}

export function createErrorFinder(): ErrorFinder {
  let found: number | null = null;
  let carry: Buffer = Buffer.alloc(0);
  return {
    take(bytes, line) {
      if (found !== null) return;
      // The end of the line that is still open goes along, so that a needle across the cut is found. It holds no
      // line break, so the joined bytes begin in the same line as the piece.
      const joined = carry.length === 0 ? bytes : Buffer.concat([carry, bytes]);
      const hit = firstHit(joined);
      if (hit >= 0) found = line + countLines(joined.subarray(0, hit));
      const open = joined.subarray(joined.lastIndexOf(NEWLINE) + 1);
      carry = Buffer.from(open.subarray(-OVERLAP));
    },
    get line() {
      return found;
    },
  };
}

function firstHit(bytes: Buffer): number {
  let first = -1;
  for (const needle of NEEDLES) {
    const at = hitOf(bytes, needle);
    if (at >= 0 && (first < 0 || at < first)) first = at;
  }
  return first;
}

/** "Error: " counts only as the end of a class's name: "val Error: 0.3" is a measurement. */
function hitOf(bytes: Buffer, needle: Buffer): number {
  const isName = needle[0] === 0x45; // E
  for (let at = bytes.indexOf(needle); at >= 0; at = bytes.indexOf(needle, at + 1)) {
    const before = bytes[at - 1] ?? 0;
    if (!isName || (before >= 0x61 && before <= 0x7a)) return at;
  }
  return -1;
}

function countLines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) count += 1;
  return count;
}
