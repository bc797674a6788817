/** A colour of the terminal: one of the 16 (or 256) numbered ones, which a theme may tune, or a fixed `#rrggbb`. */
export type TerminalColor = number | string;

export interface TerminalStyle {
  readonly foreground: TerminalColor | null;
  readonly background: TerminalColor | null;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
  readonly inverse: boolean;
}

export interface TerminalSpan {
  readonly text: string;
  readonly style: TerminalStyle;
}

export const plainStyle: TerminalStyle = {
  foreground: null,
  background: null,
  bold: false,
  dim: false,
  italic: false,
  underline: false,
  inverse: false,
};

const ESC = '\u001b';
const SGR = new RegExp(`${ESC}\\[([0-9;:]*)m`, 'g');

/** The stretches of equal style in a line whose only escape sequences are SGR. No stretch is empty. */
export function parseSpans(line: string): TerminalSpan[] {
  const spans: TerminalSpan[] = [];
  let style = plainStyle;
  let from = 0;
  for (const match of line.matchAll(SGR)) {
    if (match.index > from) spans.push({ text: line.slice(from, match.index), style });
    style = applySgr(style, match[1] ?? '');
    from = match.index + match[0].length;
  }
  if (from < line.length) spans.push({ text: line.slice(from), style });
  return spans;
}

/** The text without its SGR sequences. */
export function plainText(line: string): string {
  return line.includes(ESC) ? line.replace(SGR, '') : line;
}

/** The style after an SGR sequence with these parameters ("1;31"). Unknown codes change nothing. */
export function applySgr(style: TerminalStyle, parameters: string): TerminalStyle {
  const codes = parameters.split(/[;:]/).map((code) => (code === '' ? 0 : Number(code)));
  let next = style;
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at] ?? 0;
    if (code === 38 || code === 48) {
      const extended = extendedColor(codes, at + 1);
      at += extended.used;
      if (extended.color !== null)
        next = { ...next, [code === 38 ? 'foreground' : 'background']: extended.color };
    } else {
      next = { ...next, ...simpleChange(code) };
    }
  }
  return next;
}

/** One SGR sequence that sets exactly this style from a reset terminal; empty for the plain style. */
export function styleSequence(style: TerminalStyle): string {
  const codes: string[] = [];
  if (style.bold) codes.push('1');
  if (style.dim) codes.push('2');
  if (style.italic) codes.push('3');
  if (style.underline) codes.push('4');
  if (style.inverse) codes.push('7');
  if (style.foreground !== null) codes.push(colorCode(style.foreground, 30));
  if (style.background !== null) codes.push(colorCode(style.background, 40));
  return codes.length === 0 ? '' : `${ESC}[${codes.join(';')}m`;
}

function simpleChange(code: number): Partial<TerminalStyle> {
  switch (code) {
    case 0:
      return plainStyle;
    case 1:
      return { bold: true };
    case 2:
      return { dim: true };
    case 3:
      return { italic: true };
    case 4:
      return { underline: true };
    case 7:
      return { inverse: true };
    case 22:
      return { bold: false, dim: false };
    case 23:
      return { italic: false };
    case 24:
      return { underline: false };
    case 27:
      return { inverse: false };
    case 39:
      return { foreground: null };
    case 49:
      return { background: null };
    default:
      if (code >= 30 && code <= 37) return { foreground: code - 30 };
      if (code >= 40 && code <= 47) return { background: code - 40 };
      if (code >= 90 && code <= 97) return { foreground: code - 82 };
      if (code >= 100 && code <= 107) return { background: code - 92 };
      return {};
  }
}

/** The colour behind a 38 or 48: `5;n` or `2;r;g;b`. `used` = how many codes belong to it. */
function extendedColor(codes: readonly number[], at: number): { color: TerminalColor | null; used: number } {
  if (codes[at] === 5) return { color: paletteColor(codes[at + 1] ?? -1), used: 2 };
  if (codes[at] === 2) {
    const channels = [codes[at + 1] ?? 0, codes[at + 2] ?? 0, codes[at + 3] ?? 0];
    return { color: `#${channels.map(hexByte).join('')}`, used: 4 };
  }
  return { color: null, used: 0 };
}

/** The 16 basic colours stay numbers, for the theme; the cube and the greys have fixed values. */
function paletteColor(index: number): TerminalColor | null {
  if (!Number.isInteger(index) || index < 0 || index > 255) return null;
  if (index < 16) return index;
  if (index >= 232) return `#${hexByte(8 + (index - 232) * 10).repeat(3)}`;
  const cube = index - 16;
  const level = (value: number): string => hexByte(value === 0 ? 0 : 55 + value * 40);
  return `#${level(Math.floor(cube / 36))}${level(Math.floor(cube / 6) % 6)}${level(cube % 6)}`;
}

function hexByte(value: number): string {
  return Math.min(255, Math.max(0, value)).toString(16).padStart(2, '0');
}

function colorCode(color: TerminalColor, base: 30 | 40): string {
  if (typeof color === 'number') return String(color < 8 ? base + color : base + 52 + color);
  const channel = (at: number): number => Number.parseInt(color.slice(at, at + 2), 16);
  return `${base + 8};2;${channel(1)};${channel(3)};${channel(5)}`;
}
