import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLogFile } from '../../../../../src/main/api/logs/log-file.ts';
import { emptyTerminal, feedTerminal, openLine } from '../../../../../src/shared/domain/terminal-lines.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'minibatch-log-'));
  path = join(folder, 'output.log');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What the terminal would show, made in one go. */
function reference(text: string): string[] {
  const { state, lines } = feedTerminal(emptyTerminal, text);
  const open = openLine(state);
  return open === null ? lines : [...lines, open];
}

describe('the log index', () => {
  it('knows an absent file as empty', async () => {
    const log = createLogFile(path);
    await log.catchUp();
    expect([log.totalLines, log.caughtUp, await log.read(0, 10)]).toEqual([
      0,
      true,
      { firstLine: 0, lines: [] },
    ]);
  });

  it.each([
    ['plain', (line: number) => `line ${line} ${'x'.repeat(line % 80)}\n`],
    ['coloured', (line: number) => `\u001b[3${line % 8}mline ${line}\u001b[0m tail\n`],
    [
      'with a colour that spans thousands of lines',
      (line: number) => (line % 2_500 === 0 ? '\u001b[32mgreen\n' : `line ${line}\n`),
    ],
    ['with progress bars', (line: number) => `\r10 %\r50 % ${line}\u001b[K\r100 % ${line}\r\n`],
    ['of many bytes a character', (line: number) => `épreuve ${line} 🧪 ${'日'.repeat(line % 40)}\n`],
  ])('gives any page of a log %s as if read in one go', async (_, makeLine) => {
    const text = Array.from({ length: 12_345 }, (__, line) => makeLine(line)).join('') + 'still open';
    writeFileSync(path, text);
    const lines = reference(text);
    const log = createLogFile(path);
    await log.catchUp();
    expect([log.totalLines, log.lastLineOpen, log.bytes]).toEqual([
      lines.length,
      true,
      Buffer.byteLength(text),
    ]);
    for (const first of [0, 1, 999, 1_000, 1_001, 7_777, 12_000, 12_344, 12_345]) {
      const page = await log.read(first, 500);
      expect(page).toEqual({ firstLine: first, lines: lines.slice(first, first + 500) });
    }
  });

  it('follows a file that grows in the middle of characters, sequences and lines', async () => {
    const text = Array.from({ length: 60 }, (_, line) => `\u001b[31mé🧪 ${line}\u001b[0m\r\n`).join('');
    const bytes = Buffer.from(text);
    const log = createLogFile(path);
    writeFileSync(path, '');
    for (let at = 0; at < bytes.length; at += 7) {
      appendFileSync(path, bytes.subarray(at, at + 7));
      await log.catchUp();
    }
    expect(log.totalLines).toBe(60);
    expect((await log.read(0, 100)).lines).toEqual(reference(text));
  });

  it('keeps a progress line of many megabytes short and can page behind it', async () => {
    const bar = Array.from({ length: 400_000 }, (_, step) => `\r${step} of 400000 steps`).join('');
    writeFileSync(path, `before\n${bar}\nafter\n`);
    const log = createLogFile(path);
    await log.catchUp();
    expect((await log.read(0, 10)).lines).toEqual(['before', '399999 of 400000 steps', 'after']);
  });

  it('survives bytes that are not UTF-8', async () => {
    writeFileSync(
      path,
      Buffer.concat([Buffer.from('good\n'), Buffer.from([0xff, 0xfe, 0xc3, 0x0a]), Buffer.from('end\n')]),
    );
    const log = createLogFile(path);
    await log.catchUp();
    expect((await log.read(0, 10)).lines).toEqual(['good', '\ufffd\ufffd\ufffd', 'end']);
  });

  it('begins again when the file was replaced by a shorter one', async () => {
    writeFileSync(path, 'one\ntwo\nthree\n');
    const log = createLogFile(path);
    await log.catchUp();
    writeFileSync(path, 'new\n');
    await log.catchUp();
    expect((await log.read(0, 10)).lines).toEqual(['new']);
  });

  it('lets the event loop run while it indexes', async () => {
    writeFileSync(path, 'a line of some length, over and over again\n'.repeat(400_000));
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
    }, 1);
    await createLogFile(path).catchUp();
    clearInterval(timer);
    expect(turns).toBeGreaterThan(3);
  });
});
