import { expect, it } from 'vitest';
import { createLiveScreen } from '../../../../src/main/cli/live-screen.ts';

/** What a terminal of `columns` shows after some writes; knows just the sequences that the screen uses. */
function createTerminal(columns: number) {
  const rows: string[] = [''];
  const writes: string[] = [];
  let row = 0;
  return {
    columns,
    writes,
    write(text: string) {
      writes.push(text);
      const parts = text.matchAll(/\u001b\[(\??\d*)([A-Za-z])|(\n)|\r|([^\u001b\n\r]+)/g);
      for (const [, count = '', command, newline, words] of parts) {
        if (command === 'A') row -= Number(count);
        else if (command === 'K') rows[row] = (rows[row] ?? '').trimEnd();
        else if (command === 'J') rows.length = row + 1;
        else if (newline !== undefined) {
          row += 1;
          rows[row] ??= '';
        } else if (words !== undefined) rows[row] = words;
      }
      if (text.includes('\u001b[J')) rows[row] = '';
    },
    shown: () => rows.join('\n').trimEnd(),
  };
}

it('redraws in place with one write a frame, keeps lines above, and leaves nothing behind', () => {
  const terminal = createTerminal(40);
  const screen = createLiveScreen(terminal);
  screen.draw(['batch 0 %', 'worker 1', 'worker 2']);
  screen.draw(['batch 50 %', 'worker 1']);
  expect(terminal.shown()).toBe('batch 50 %\nworker 1');
  screen.print('[1/2] done');
  expect(terminal.shown()).toBe('[1/2] done\nbatch 50 %\nworker 1');
  expect(terminal.writes).toHaveLength(3);
  screen.close();
  expect(terminal.shown()).toBe('[1/2] done');
  expect(terminal.writes.at(-1)).toBe('\u001b[?25h');
});

it('cuts lines at the edge, because a wrapped line would break the redraw', () => {
  const terminal = createTerminal(30);
  createLiveScreen(terminal).draw(['x'.repeat(100)]);
  expect(terminal.shown()).toHaveLength(29);
});
