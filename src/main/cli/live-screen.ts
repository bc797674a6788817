import { plain, type TextStream } from './output.ts';

const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';
const CLEAR_LINE = '\u001b[K';
const CLEAR_BELOW = '\u001b[J';

/** A table that is redrawn in place at the bottom of a terminal, with lines printed above it. */
export interface LiveScreen {
  draw(lines: readonly string[]): void;
  /** A line that stays, above the table. */
  print(line: string): void;
  /** Takes the table away and gives the cursor back. */
  close(): void;
}

export function createLiveScreen(stream: TextStream): LiveScreen {
  let shown: readonly string[] = [];

  /** Everything goes out in one write, and each line is overwritten before its rest is cleared: nothing flickers. */
  function paint(above: readonly string[], lines: readonly string[]): void {
    const width = Math.max(20, stream.columns ?? 80);
    const up = shown.length === 0 ? '' : `\u001b[${shown.length}A`;
    const cut = lines.map((line) => [...plain(line)].slice(0, width - 1).join(''));
    const text = [...above.map(plain), ...cut].map((line) => `${line}${CLEAR_LINE}\n`).join('');
    stream.write(`${HIDE_CURSOR}${up}\r${text}${CLEAR_BELOW}`);
    shown = cut;
  }

  return {
    draw: (lines) => paint([], lines),
    print: (line) => paint([line], shown),
    close() {
      paint([], []);
      stream.write(SHOW_CURSOR);
    },
  };
}
