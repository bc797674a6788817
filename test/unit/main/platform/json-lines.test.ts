import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createJsonLinesReader, MAX_LINE_BYTES } from '../../../../src/main/platform/json-lines.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'minibatch-lines-'));
  path = join(folder, 'events.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a reader of JSON lines', () => {
  it('gives each line once, as it is written', () => {
    const reader = createJsonLinesReader(path);
    expect(reader.read()).toEqual({ values: [], bad: 0, more: false });
    writeFileSync(path, '{"a":1}\n[2]\n');
    expect(reader.read().values).toEqual([{ a: 1 }, [2]]);
    appendFileSync(path, '3\n');
    expect(reader.read().values).toEqual([3]);
    expect(reader.read().values).toEqual([]);
  });

  it('waits for the rest of a torn line, even in the middle of a letter', () => {
    const bytes = Buffer.from('{"word":"größe"}\n');
    const reader = createJsonLinesReader(path);
    const cut = bytes.indexOf(0xc3) + 1;
    writeFileSync(path, bytes.subarray(0, cut));
    expect(reader.read().values).toEqual([]);
    expect(reader.offset).toBe(0);
    appendFileSync(path, bytes.subarray(cut));
    expect(reader.read().values).toEqual([{ word: 'größe' }]);
    expect(reader.offset).toBe(bytes.length);
  });

  it('counts what is no JSON and no UTF-8, and passes over empty lines', () => {
    writeFileSync(
      path,
      Buffer.concat([
        Buffer.from('{"a":1}\n\nnope\n'),
        Buffer.from([0x22, 0xff, 0x22, 0x0a]),
        Buffer.from('{"b":2}\n'),
      ]),
    );
    expect(createJsonLinesReader(path).read()).toEqual({ values: [{ a: 1 }, { b: 2 }], bad: 2, more: false });
  });

  it('takes a line of the longest allowed length and skips one byte more', () => {
    const fits = JSON.stringify('x'.repeat(MAX_LINE_BYTES - 2));
    writeFileSync(path, `${fits}\n${fits.slice(0, -1)}x"\n7\n`);
    const read = createJsonLinesReader(path).read();
    expect(read.values).toHaveLength(2);
    expect(read.values[1]).toBe(7);
    expect(read.bad).toBe(1);
  });

  it('skips a line of 50 MB without holding it in memory', () => {
    writeFileSync(path, '1\n');
    const piece = Buffer.alloc(5 * 2 ** 20, 'x');
    for (let count = 0; count < 10; count += 1) appendFileSync(path, piece);
    const reader = createJsonLinesReader(path);
    const before = process.memoryUsage().arrayBuffers;
    expect(reader.read(60 * 2 ** 20).values).toEqual([1]);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(5 * 2 ** 20);
    expect(reader.offset).toBe(2);
    appendFileSync(path, '\n2\n');
    expect(reader.read()).toMatchObject({ values: [2], bad: 1 });
  });

  it('stops at the limit and says that there is more', () => {
    writeFileSync(path, '1\n2\n3\n');
    const reader = createJsonLinesReader(path);
    expect(reader.read(3)).toEqual({ values: [1], bad: 0, more: true });
    expect(reader.read()).toEqual({ values: [2, 3], bad: 0, more: false });
  });

  it('resumes from the offset of another reader', () => {
    writeFileSync(path, '1\n2\n');
    const first = createJsonLinesReader(path);
    first.read(2);
    expect(createJsonLinesReader(path, first.offset).read().values).toEqual([2]);
  });

  it('gives nothing for a file that has become shorter', () => {
    writeFileSync(path, '1\n2\n');
    const reader = createJsonLinesReader(path);
    reader.read();
    writeFileSync(path, '9\n');
    expect(reader.read()).toEqual({ values: [], bad: 0, more: false });
  });
});
