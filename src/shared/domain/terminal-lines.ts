import { applySgr, parseSpans, plainStyle, plainText, styleSequence, type TerminalStyle } from './ansi.ts';

/**
 * A terminal's raw output as lines that can be shown: carriage returns, backspaces and erased lines are resolved,
 * colours kept. The state is plain data. Directly behind a line break it holds nothing but the colour, so an index
 * may note (byte offset, state) at any line and read on from there.
 */
export interface TerminalState {
  /** Unresolved text of the open line, or a shorter text that resolves to the same. */
  readonly raw: string;
  /** SGR sequence in force where `raw` begins. */
  readonly style: string;
  /** Some of the open line was left out because of the cap. */
  readonly cut: boolean;
}

export const emptyTerminal: TerminalState = { raw: '', style: '', cut: false };

/** Characters of a line that are kept. */
export const MAX_LINE_LENGTH = 16_384;
/** Stands at the end of a line that was longer. */
export const CUT_MARK = ' … (line cut at 16 kB)';
/** An open line is brought into its short form above this, so that a progress bar of many megabytes stays small. */
const COMPACT_ABOVE = 2 * MAX_LINE_LENGTH;
/** A sequence longer than this is no escape sequence but rubbish, and is shown as text. */
const MAX_SEQUENCE = 256;

const ESC = '\\u001b';
const BODY = `[^${ESC}\\u0007]{0,${MAX_SEQUENCE}}`;
/** In order: CSI; OSC and other strings, with their end; charset choices; any two-character sequence. */
const SEQUENCE = new RegExp(
  `${ESC}(?:\\[([0-9:;<=>?]{0,64})[ -/]{0,8}([@-~])|[\\]PX^_]${BODY}(?:\\u0007|${ESC}\\\\)|[ -/]{1,8}[0-~]|[0-OQ-WYZ\\\\\`-~])`,
  'y',
);
/** Longest beginning of a sequence: introducer, body and the first half of its end. */
const LONGEST_OPEN = MAX_SEQUENCE + 3;
/** The beginning of a sequence at the end of what has arrived. */
const OPEN_SEQUENCE = new RegExp(
  `${ESC}(?:\\[[0-9:;<=>?]{0,64}[ -/]{0,8}|[\\]PX^_]${BODY}${ESC}?|[ -/]{0,8})$`,
);
const CONTROL = /\p{Cc}/gu;
const NEEDS_WORK = /[\p{Cc}--\t]/v;

/**
 * Takes decoded text in pieces of any size; where the pieces are cut does not matter. Returns the lines that are now
 * complete, each standing for itself (colours begin and end within the line).
 */
export function feedTerminal(state: TerminalState, text: string): { state: TerminalState; lines: string[] } {
  const lines: string[] = [];
  let { raw, style, cut } = state;
  let from = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', from)) {
    const whole = raw === '' ? text.slice(from, at) : raw + text.slice(from, at);
    from = at + 1;
    if (style === '' && !cut && isPlain(whole)) {
      lines.push(whole.endsWith('\r') ? whole.slice(0, -1) : whole);
    } else {
      const line = coloured({ raw: whole, style, cut }) ?? resolve({ raw: whole, style, cut });
      lines.push(rendered(line));
      style = styleSequence(line.pen);
    }
    raw = '';
    cut = false;
  }
  raw += text.slice(from);
  const next = { raw, style, cut };
  return { state: raw.length > COMPACT_ABOVE ? compacted(next) : next, lines };
}

/** The line still being written, as it looks now; null when nothing has been written since the last line break. */
export function openLine(state: TerminalState): string | null {
  return state.raw === '' ? null : rendered(resolve(state));
}

interface Cell {
  readonly text: string;
  readonly style: TerminalStyle;
}

interface Line {
  readonly cells: Cell[];
  column: number;
  pen: TerminalStyle;
  cut: boolean;
}

const BLANK: Cell = { text: ' ', style: plainStyle };

/** One trailing carriage return is part of the line break. */
function isPlain(raw: string): boolean {
  const length = raw.endsWith('\r') ? raw.length - 1 : raw.length;
  return length <= MAX_LINE_LENGTH && !NEEDS_WORK.test(length === raw.length ? raw : raw.slice(0, length));
}

/** The quick way for a line with colours but no movement: a cell holds a whole stretch. Null = not such a line. */
function coloured({ raw, style, cut }: TerminalState): Line | null {
  const text = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
  if (cut || text.length > MAX_LINE_LENGTH || NEEDS_WORK.test(plainText(text))) return null;
  // A character behind the last sequence makes the style at the end visible as a span.
  const cells = parseSpans(`${style}${text}x`);
  const last = cells.pop() ?? { text: 'x', style: plainStyle };
  if (last.text !== 'x') cells.push({ text: last.text.slice(0, -1), style: last.style });
  return { cells, column: 0, pen: last.style, cut };
}

function resolve(state: TerminalState): Line {
  const line: Line = { cells: [], column: 0, pen: parseStyle(state.style), cut: state.cut };
  const { raw } = state;
  let at = 0;
  while (at < raw.length) {
    const code = raw.charCodeAt(at);
    if (code === 0x1b) {
      SEQUENCE.lastIndex = at;
      const match = SEQUENCE.exec(raw);
      if (match !== null) {
        if (match[2] !== undefined) control(line, match[2], match[1] ?? '');
        at += match[0].length;
      } else if (raw.length - at <= LONGEST_OPEN && raw.slice(at).search(OPEN_SEQUENCE) === 0) {
        return line;
      } else {
        at += 1;
      }
    } else if (code === 0x0d) {
      line.column = 0;
      at += 1;
    } else if (code === 0x08) {
      line.column = Math.max(0, line.column - 1);
      at += 1;
    } else if ((code < 0x20 && code !== 0x09) || (code >= 0x7f && code <= 0x9f)) {
      at += 1;
    } else {
      const character = String.fromCodePoint(raw.codePointAt(at) ?? code);
      put(line, character);
      at += character.length;
      // Text behind the cap changes nothing, and a line may have 50 MB of it.
      if (line.cut && line.column >= MAX_LINE_LENGTH) at = nextControl(raw, at);
    }
  }
  return line;
}

function nextControl(raw: string, from: number): number {
  CONTROL.lastIndex = from;
  return CONTROL.exec(raw)?.index ?? raw.length;
}

function put(line: Line, text: string): void {
  if (line.column >= MAX_LINE_LENGTH) {
    line.cut = true;
    return;
  }
  while (line.cells.length < line.column) line.cells.push(BLANK);
  line.cells[line.column] = { text, style: line.pen };
  line.column += 1;
}

/** A CSI sequence. What moves within the line is followed; what would leave it (rich, curses) is dropped. */
function control(line: Line, final: string, parameters: string): void {
  if (final === 'm') {
    if (!/[<=>?]/.test(parameters)) line.pen = applySgr(line.pen, parameters);
    return;
  }
  const count = Math.min(MAX_LINE_LENGTH, Math.max(1, Number.parseInt(parameters, 10) || 1));
  switch (final) {
    case 'K':
      erase(line, parameters);
      return;
    case 'C':
      line.column = Math.min(MAX_LINE_LENGTH, line.column + count);
      return;
    case 'D':
      line.column = Math.max(0, line.column - count);
      return;
    case 'G':
      line.column = count - 1;
      return;
    default:
  }
}

function erase(line: Line, parameters: string): void {
  if (parameters === '1') {
    const end = Math.min(line.column + 1, line.cells.length);
    for (let at = 0; at < end; at++) line.cells[at] = BLANK;
    return;
  }
  line.cells.length = parameters === '2' ? 0 : Math.min(line.cells.length, line.column);
  line.cut = false;
}

function rendered(line: Line): string {
  let text = '';
  let current = '';
  let style = plainStyle;
  for (const cell of line.cells) {
    // Neighbours mostly share one style object, which spares writing it out.
    if (cell.style !== style) {
      style = cell.style;
      const wanted = styleSequence(style);
      if (wanted !== current) text += current === '' ? wanted : `\u001b[0m${wanted}`;
      current = wanted;
    }
    text += cell.text;
  }
  if (current !== '') text += '\u001b[0m';
  return line.cut ? text + CUT_MARK : text;
}

/** A state with a short `raw` that resolves to the same cells, cursor and colour. */
function compacted(state: TerminalState): TerminalState {
  const window = state.raw.slice(-LONGEST_OPEN);
  const open = window.search(OPEN_SEQUENCE);
  const lastCode = state.raw.charCodeAt(state.raw.length - 1);
  // The first half of a surrogate pair, or of an escape sequence, waits for the rest.
  const tailLength = open >= 0 ? window.length - open : lastCode >= 0xd800 && lastCode < 0xdc00 ? 1 : 0;
  const head = state.raw.slice(0, state.raw.length - tailLength);
  const line = resolve({ ...state, raw: head });
  const shown = rendered({ ...line, cut: false });
  const cursor =
    line.column >= MAX_LINE_LENGTH ? `\u001b[${MAX_LINE_LENGTH}G\u001b[C` : `\u001b[${line.column + 1}G`;
  return {
    raw: `${shown}${cursor}\u001b[0m${styleSequence(line.pen)}${state.raw.slice(head.length)}`,
    style: '',
    cut: line.cut,
  };
}

function parseStyle(sequence: string): TerminalStyle {
  // A character behind the sequence makes the style visible as a span.
  return sequence === '' ? plainStyle : (parseSpans(`${sequence}x`)[0]?.style ?? plainStyle);
}
