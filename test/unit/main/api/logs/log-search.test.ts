import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { searchLog } from '../../../../../src/main/api/logs/log-search.ts';

const plain = { regex: false, matchCase: false, limit: 1_000 };
let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'minibatch-search-'));
  path = join(folder, 'output.log');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('finds text across colours, in complete and open lines', async () => {
  writeFileSync(path, 'epoch 1\n\u001b[31mlo\u001b[32mss\u001b[0m 0.5\nnothing\nLoss at the end');
  expect(await searchLog(path, { ...plain, pattern: 'loss' })).toEqual({
    matches: [
      { line: 1, text: 'loss 0.5' },
      { line: 3, text: 'Loss at the end' },
    ],
    truncated: false,
  });
  expect((await searchLog(path, { ...plain, matchCase: true, pattern: 'Loss' })).matches).toHaveLength(1);
});

it('takes a plain pattern literally and a regular expression as one', async () => {
  writeFileSync(path, 'a.c\nabc\n');
  expect((await searchLog(path, { ...plain, pattern: 'a.c' })).matches.map((match) => match.line)).toEqual([
    0,
  ]);
  expect(
    (await searchLog(path, { ...plain, regex: true, pattern: 'a.c' })).matches.map((match) => match.line),
  ).toEqual([0, 1]);
});

it('counts lines right across many pieces and says when there are more', async () => {
  writeFileSync(
    path,
    Array.from({ length: 60_000 }, (_, line) =>
      line % 10_000 === 9_999 ? `needle ${line}\n` : `hay ${line}\n`,
    ).join(''),
  );
  const found = await searchLog(path, { ...plain, pattern: 'needle', limit: 5 });
  expect(found.matches.map((match) => match.line)).toEqual([9_999, 19_999, 29_999, 39_999, 49_999]);
  expect(found.truncated).toBe(true);
});

it('searches what a terminal shows, not what was overwritten', async () => {
  const step = (line: number): string =>
    `\r\u001b[33mstep ${line} old\u001b[0m\rstep ${line} new\u001b[K\r\n`;
  writeFileSync(
    path,
    Array.from({ length: 30_000 }, (_, line) => (line % 2 === 0 ? step(line) : `text ${line}\n`)).join(''),
  );
  expect((await searchLog(path, { ...plain, pattern: 'old' })).matches).toEqual([]);
  const found = await searchLog(path, { ...plain, regex: true, pattern: '^(step|text) 2\\d999' });
  expect(found.matches).toEqual(
    [20_999, 21_999, 22_999, 23_999, 24_999, 25_999, 26_999, 27_999, 28_999, 29_999].map((line) => ({
      line,
      text: `text ${line}`,
    })),
  );
});

it('refuses a pattern that is no regular expression', async () => {
  await expect(searchLog(path, { ...plain, regex: true, pattern: '(' })).rejects.toMatchObject({
    code: 'usage',
  });
});

it('gives up on a regular expression that would never end, in words and soon', async () => {
  writeFileSync(path, `${'a'.repeat(60)}!\n`);
  const started = performance.now();
  const search = searchLog(path, { ...plain, regex: true, pattern: '^(a+)+$' });
  await expect(search).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringContaining('takes too long'),
  });
  expect(performance.now() - started).toBeLessThan(5_000);
});

it('has nothing to find in a log that is not there', async () => {
  expect(await searchLog(path, { ...plain, pattern: 'x' })).toEqual({ matches: [], truncated: false });
});
