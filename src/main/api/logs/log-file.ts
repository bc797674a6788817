import {
  emptyTerminal,
  feedTerminal,
  openLine,
  type TerminalState,
} from '../../../shared/domain/terminal-lines.ts';
import { createErrorFinder } from './error-finder.ts';
import { readPieces, sizeOf } from './text-pieces.ts';

/** Lines between two marks of the index. */
const MARK_LINES = 1_000;
/** And bytes, for output that hardly ever breaks a line. */
const MARK_BYTES = 4 * 1024 * 1024;
/** Read at a time while indexing: on a busy machine each read waits its turn, and there are 100 in 200 MB. */
const INDEX_BYTES = 2 * 1024 * 1024;
/** Pieces up to this size are what a growing log brings: their lines are kept, so that a follower reads nothing twice. */
const GROWTH_BYTES = 64 * 1024;
/** Newest lines kept of a growing log. */
const RECENT_LINES = 500;
const NEWLINE = 0x0a;
const ESCAPE = 0x1b;
const RESET = Buffer.from('\u001b[0m');

/** A place from which lines can be made without what lies before it. */
interface Mark {
  readonly line: number;
  readonly offset: number;
  readonly state: TerminalState;
}

export interface LogLines {
  readonly firstLine: number;
  readonly lines: readonly string[];
}

/** `output.log` of one run by line number, while it is written or long afterwards. */
export interface LogFile {
  /** Lines indexed so far; the last one may still be open. */
  readonly totalLines: number;
  /** The last line has no line break yet and may change. */
  readonly lastLineOpen: boolean;
  /** Bytes indexed so far. */
  readonly bytes: number;
  /** Everything that is in the file now is indexed. */
  readonly caughtUp: boolean;
  /** First line that looks like an error, of the indexed part; null = none. */
  readonly firstErrorLine: number | null;
  /** Goes on indexing until the end of the file, `untilLine`, or `milliseconds`. */
  catchUp(limits?: { readonly untilLine?: number; readonly milliseconds?: number }): Promise<void>;
  /** Lines of the indexed part. */
  read(firstLine: number, count: number): Promise<LogLines>;
}

/** An index over a log, kept in memory: about 100 bytes for every 1,000 lines. */
export function createLogFile(path: string): LogFile {
  let marks: Mark[] = [{ line: 0, offset: 0, state: emptyTerminal }];
  let state = emptyTerminal;
  let line = 0;
  let offset = 0;
  let caughtUp = false;
  let errors = createErrorFinder();
  /** The whole lines directly before the open one, as far as they are known. */
  let recent: string[] = [];
  let working: Promise<void> = Promise.resolve();

  function reset(): void {
    marks = [{ line: 0, offset: 0, state: emptyTerminal }];
    state = emptyTerminal;
    line = 0;
    offset = 0;
    errors = createErrorFinder();
    recent = [];
  }

  /** The lines of a small piece, made at once. */
  function grow(piece: Buffer): void {
    const fed = feedTerminal(state, piece.toString('utf8'));
    ({ state } = fed);
    line += fed.lines.length;
    offset += piece.length;
    recent = [...recent, ...fed.lines].slice(-RECENT_LINES);
    markIfDue();
  }

  function markIfDue(): void {
    const last = marks.at(-1);
    if (last === undefined || line - last.line >= MARK_LINES || offset - last.offset >= MARK_BYTES) {
      marks.push({ line, offset, state });
    }
  }

  /** Feeds bytes up to a line break or to the end of a piece, and sets a mark where one is due. */
  function advance(bytes: Buffer, lines: number): void {
    state =
      lines > 0 && state.raw === ''
        ? behindLines(state, bytes)
        : feedTerminal(state, bytes.toString('utf8')).state;
    line += lines;
    offset += bytes.length;
    markIfDue();
  }

  function index(piece: Buffer): void {
    if (piece.length <= GROWTH_BYTES) return grow(piece);
    recent = [];
    let start = 0;
    // The open line is closed first, so that what follows begins at a line.
    if (state.raw !== '') {
      const end = piece.indexOf(NEWLINE) + 1;
      if (end === 0) return advance(piece, 0);
      advance(piece.subarray(0, end), 1);
      start = end;
    }
    while (start < piece.length) {
      const room = MARK_LINES - (line - (marks.at(-1)?.line ?? 0));
      const { end, lines } = skipLines({ piece, start, most: Math.max(1, room) });
      if (lines === 0) return advance(piece.subarray(start), 0);
      advance(piece.subarray(start, end), lines);
      start = end;
    }
  }

  async function work(untilLine: number, milliseconds: number): Promise<void> {
    const deadline = performance.now() + milliseconds;
    const size = await sizeOf(path);
    // Only a log that somebody replaced is shorter than before.
    if (size < offset) reset();
    caughtUp = size === offset;
    if (caughtUp) return;
    for await (const piece of readPieces(path, offset, INDEX_BYTES)) {
      errors.take(piece.bytes, line);
      index(piece.bytes);
      if (line > untilLine || performance.now() > deadline) break;
    }
    // A torn character at the end is not waited for.
    caughtUp = offset + 3 >= (await sizeOf(path));
  }

  return {
    get totalLines() {
      return line + (state.raw === '' ? 0 : 1);
    },
    get lastLineOpen() {
      return state.raw !== '';
    },
    get bytes() {
      return offset;
    },
    get firstErrorLine() {
      return errors.line;
    },
    get caughtUp() {
      return caughtUp;
    },
    catchUp({ untilLine = Number.POSITIVE_INFINITY, milliseconds = Number.POSITIVE_INFINITY } = {}) {
      // One pass at a time; a failed one is told to its own caller and does not stop the next.
      const next = working.then(() => work(untilLine, milliseconds));
      working = next.catch(() => {});
      return next;
    },
    async read(firstLine, count) {
      const first = Math.max(0, Math.min(firstLine, line + (state.raw === '' ? 0 : 1)));
      const wanted = Math.max(0, Math.min(count, line - first));
      const lines =
        first >= line - recent.length
          ? recent.slice(first - line + recent.length).slice(0, wanted)
          : await readLines({ path, mark: markFor(marks, first), first, count: wanted });
      // The open line stands in the index itself.
      const open = first + lines.length === line && lines.length < count ? openLine(state) : null;
      return { firstLine: first, lines: open === null ? lines : [...lines, open] };
    },
  };
}

/**
 * The state behind whole lines, which is nothing but their last colour: without an escape sequence it is the
 * same as before, and whatever stands before a reset does not matter.
 */
function behindLines(state: TerminalState, bytes: Buffer): TerminalState {
  if (!bytes.includes(ESCAPE)) return state;
  const reset = bytes.lastIndexOf(RESET);
  const rest = reset < 0 ? bytes : bytes.subarray(reset + RESET.length);
  const before = reset < 0 ? state : emptyTerminal;
  return rest.includes(ESCAPE) ? feedTerminal(before, rest.toString('utf8')).state : before;
}

function skipLines(at: { piece: Buffer; start: number; most: number }): { end: number; lines: number } {
  let end = at.start;
  let lines = 0;
  while (lines < at.most) {
    const newline = at.piece.indexOf(NEWLINE, end);
    if (newline < 0) break;
    end = newline + 1;
    lines += 1;
  }
  return { end, lines };
}

/** The last mark at or before a line. */
function markFor(marks: readonly Mark[], line: number): Mark {
  let low = 0;
  let high = marks.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((marks[middle]?.line ?? 0) <= line) low = middle;
    else high = middle - 1;
  }
  return marks[low] ?? { line: 0, offset: 0, state: emptyTerminal };
}

interface LineSpan {
  readonly path: string;
  readonly mark: Mark;
  readonly first: number;
  readonly count: number;
}

async function readLines({ path, mark, first, count }: LineSpan): Promise<string[]> {
  const found: string[] = [];
  let { state } = mark;
  let line = mark.line;
  for await (const piece of readPieces(path, mark.offset)) {
    const fed = feedTerminal(state, piece.bytes.toString('utf8'));
    ({ state } = fed);
    const from = Math.max(0, first - line);
    if (from < fed.lines.length) found.push(...fed.lines.slice(from, from + count - found.length));
    line += fed.lines.length;
    if (found.length >= count) break;
  }
  return found;
}
