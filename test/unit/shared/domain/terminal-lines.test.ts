import { describe, expect, it } from 'vitest';
import {
  CUT_MARK,
  emptyTerminal,
  feedTerminal,
  MAX_LINE_LENGTH,
  openLine,
  type TerminalState,
} from '../../../../src/shared/domain/terminal-lines.ts';
import { createRandom } from '../../../support/random.ts';

const ESC = '\u001b';
const RED = `${ESC}[31m`;
const RESET = `${ESC}[0m`;

function linesOf(text: string): string[] {
  const { state, lines } = feedTerminal(emptyTerminal, text);
  const open = openLine(state);
  return open === null ? lines : [...lines, open];
}

/** Feeds in pieces cut at random; now and then the state goes through JSON, as an index would store it. */
function linesInPieces(text: string, seed: number): string[] {
  const random = createRandom(seed);
  const lines: string[] = [];
  let state: TerminalState = emptyTerminal;
  let at = 0;
  while (at < text.length) {
    const size = 1 + Math.floor(random() ** 3 * 50);
    const fed = feedTerminal(state, text.slice(at, at + size));
    state = random() < 0.05 ? (JSON.parse(JSON.stringify(fed.state)) as TerminalState) : fed.state;
    lines.push(...fed.lines);
    at += size;
  }
  const open = openLine(state);
  return open === null ? lines : [...lines, open];
}

describe('feedTerminal', () => {
  it.each<[string, string, string[]]>([
    ['plain lines', 'one\ntwo\n', ['one', 'two']],
    ['line ends of a terminal', 'one\r\ntwo\r\r\n\r\n', ['one', 'two', '']],
    ['an open last line', 'one\ntw', ['one', 'tw']],
    ['a progress bar', ' 10%|#   |\r 50%|##  |\r100%|####|\n', ['100%|####|']],
    ['a shorter text over a longer one', 'loading...\rdone\n', ['doneing...']],
    ['an erased rest', 'loading...\rdone\u001b[K\n', ['done']],
    ['an erased line', `loading${ESC}[2K\rok\n`, ['ok']],
    ['an erased beginning', `abcdef${ESC}[3D${ESC}[1K\n`, ['    ef']],
    ['backspaces', 'abc\b\bX\n', ['aXc']],
    ['a backspace at the beginning', '\b\bab\n', ['ab']],
    [
      'cursor movement of a live display',
      `a${ESC}[1A${ESC}[2Kb${ESC}[?25l${ESC}[Hc\n`,
      ['bc'].map((text) => ` ${text}`),
    ],
    ['columns', `ab${ESC}[5Gc${ESC}[2Cd${ESC}[1D!\n`, ['ab  c  !']],
    ['a window title and a link', `${ESC}]0;title\u0007a${ESC}]8;;http://x${ESC}\\b\n`, ['ab']],
    ['charsets, keypad modes and a bell', `${ESC}(Ba${ESC}=b${ESC}7c\u0007\n`, ['abc']],
    ['tabs and wide characters', 'a\tb\u{1F600}é\n', ['a\tb\u{1F600}é']],
    ['a sequence cut off by the line end', `a${ESC}[3\nb\n`, ['a', 'b']],
  ])('resolves %s', (_, text, expected) => expect(linesOf(text)).toEqual(expected));

  it('keeps colours, and each line stands for itself', () => {
    expect(linesOf(`${RED}a\nb${RESET}c\n`)).toEqual([`${RED}a${RESET}`, `${RED}b${RESET}c`]);
    expect(linesOf(`x${ESC}[1;32mok${ESC}[mz`)).toEqual([`x${ESC}[1;32mok${RESET}z`]);
  });

  it('shows an endless string sequence as text instead of swallowing the line', () => {
    const text = `${ESC}]0;${'x'.repeat(1_000)}`;
    expect(linesOf(`${text}\n`)).toEqual([text.slice(1)]);
  });

  it('caps a line and says so, but not once the surplus was erased', () => {
    const long = 'x'.repeat(100_000);
    expect(linesOf(`${long}\n`)).toEqual(['x'.repeat(MAX_LINE_LENGTH) + CUT_MARK]);
    expect(linesOf(`${long}\r${ESC}[Kshort\n`)).toEqual(['short']);
  });

  it('holds a progress bar of many megabytes in a short state', () => {
    let state: TerminalState = emptyTerminal;
    for (let step = 0; step < 2_000; step++) {
      state = feedTerminal(state, `${RED}${'='.repeat(500)} ${step}\r`.repeat(2)).state;
      expect(state.raw.length).toBeLessThan(3 * MAX_LINE_LENGTH);
    }
    expect(openLine(state)).toBe(`${RED}${'='.repeat(500)} 1999${RESET}`);
  });

  it('is only a colour behind a line break, so that reading can begin there', () => {
    const head = `${ESC}[4;91mfirst\rF\n`;
    const { state } = feedTerminal(emptyTerminal, head);
    expect(state).toEqual({ raw: '', style: `${ESC}[4;91m`, cut: false });
    expect(feedTerminal(state, 'second\n').lines).toEqual(linesOf(`${head}second\n`).slice(1));
  });

  it('gives the same lines wherever the pieces are cut', () => {
    const parts = [
      'a',
      'word ',
      '\r',
      '\n',
      '\r\n',
      '\b',
      RED,
      RESET,
      `${ESC}[K`,
      `${ESC}[2K`,
      `${ESC}[38;2;1;20;255m`,
      `${ESC}[5D`,
      `${ESC}[3C`,
      `${ESC}[9G`,
      `${ESC}[1A`,
      `${ESC}]0;t\u0007`,
      `${ESC}P1;2q${ESC}\\`,
      ESC,
      `${ESC}[`,
      `${ESC}]`,
      '\u{1F600}',
      '\t',
      `\r${ESC}[K`,
      '\u0085',
      'y'.repeat(300),
      'z'.repeat(9_000),
    ];
    for (let seed = 1; seed <= 60; seed++) {
      const random = createRandom(seed);
      const text = Array.from({ length: 120 }, () => parts[Math.floor(random() * parts.length)] ?? '').join(
        '',
      );
      expect(linesInPieces(text, seed), `seed ${seed}`).toEqual(linesOf(text));
    }
  });

  it('compacts to a state that goes on the same', () => {
    const parts = [
      'q'.repeat(12_000),
      '\r',
      RED,
      RESET,
      `${ESC}[K`,
      `${ESC}[4000G`,
      `${ESC}[7D`,
      'abc',
      `${ESC}[4m`,
      '\u{1F600}',
      ESC,
      '[1',
      'm',
    ];
    for (let seed = 1; seed <= 40; seed++) {
      const random = createRandom(seed);
      const pieces = Array.from({ length: 40 }, () => parts[Math.floor(random() * parts.length)] ?? '');
      let state: TerminalState = emptyTerminal;
      for (const piece of pieces) state = feedTerminal(state, piece).state;
      const whole = feedTerminal(emptyTerminal, `${pieces.join('')}\nnext\n`).lines;
      expect(feedTerminal(state, '\nnext\n').lines, `seed ${seed}`).toEqual(whole);
    }
  });

  it('reads ten megabytes of plain lines in well under two seconds', () => {
    const text = 'epoch 12  loss 0.12345  ratio 0.98765  time 1.2 s\r\n'.repeat(200_000);
    const start = performance.now();
    expect(feedTerminal(emptyTerminal, text).lines).toHaveLength(200_000);
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});
