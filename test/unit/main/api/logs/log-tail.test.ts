import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readLogTail } from '../../../../../src/main/api/logs/log-tail.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'minibatch-tail-'));
  path = join(folder, 'output.log');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the end of a log', () => {
  it('is empty where there is no file', async () => {
    expect(await readLogTail(path, 10)).toEqual({ lines: [], bytes: 0 });
  });

  it('is what a terminal shows, the open line last', async () => {
    writeFileSync(path, 'a\nb\n\rbar 1\rbar 2');
    expect(await readLogTail(path, 2)).toEqual({ lines: ['b', 'bar 2'], bytes: 16 });
  });

  it('begins at a line, however long the log is', async () => {
    const lines = Array.from({ length: 20_000 }, (_, at) => `line ${at} ${'é'.repeat(at % 50)}`);
    writeFileSync(path, `${lines.join('\n')}\n`);
    const { lines: tail } = await readLogTail(path, 2_000);
    expect(tail).toEqual(lines.slice(-tail.length));
    expect(tail.length).toBeGreaterThan(1_000);
  });

  it('cuts a line of many megabytes short', async () => {
    writeFileSync(path, 'x'.repeat(5_000_000));
    const { lines } = await readLogTail(path, 10);
    expect(lines).toHaveLength(1);
    expect(lines[0]?.length).toBeLessThan(20_000);
  });
});
