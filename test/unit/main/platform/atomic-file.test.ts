import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  appendLine,
  asDiskFull,
  readJsonFile,
  writeFileAtomic,
} from '../../../../src/main/platform/atomic-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'minibatch-atomic-'));
});
afterEach(() => {
  chmodSync(folder, 0o755);
  rmSync(folder, { recursive: true, force: true });
});

describe('atomic files', () => {
  it('replaces the whole text and leaves no temporary behind', () => {
    const path = join(folder, 'a.json');
    writeFileAtomic(path, 'a long first text');
    writeFileAtomic(path, 'short', false);
    expect(readFileSync(path, 'utf8')).toBe('short');
    expect(readdirSync(folder)).toEqual(['a.json']);
  });

  it('keeps the old text, and no temporary, when it cannot write', () => {
    mkdirSync(join(folder, 'a.json'));
    expect(() => writeFileAtomic(join(folder, 'a.json'), 'x')).toThrow(/EISDIR/);
    expect(readdirSync(folder)).toEqual(['a.json']);
  });

  it('appends whole lines', () => {
    const path = join(folder, 'journal.jsonl');
    appendLine(path, '1');
    appendLine(path, '2');
    expect(readFileSync(path, 'utf8')).toBe('1\n2\n');
  });

  it('tells missing from rubbish', () => {
    const path = join(folder, 'a.json');
    expect(readJsonFile(path)).toEqual({ kind: 'missing' });
    expect(readJsonFile(join(path, 'below'))).toEqual({ kind: 'missing' });
    writeFileSync(path, '{"half":');
    expect(readJsonFile(path)).toEqual({ kind: 'rubbish', sentence: `${path} is not valid JSON.` });
    expect(readJsonFile(folder)).toMatchObject({
      kind: 'rubbish',
      sentence: expect.stringContaining('EISDIR'),
    });
    writeFileSync(path, '{"whole": 1}');
    expect(readJsonFile(path)).toEqual({ kind: 'ok', value: { whole: 1 } });
  });

  it('names a full disk as what it is, and nothing else', () => {
    const full = Object.assign(new Error('x'), { code: 'ENOSPC' });
    expect(asDiskFull(full, '/w/a')).toMatchObject({
      code: 'disk-full',
      message: expect.stringContaining('/w/a'),
    });
    const other = Object.assign(new Error('x'), { code: 'EIO' });
    expect(asDiskFull(other, '/w/a')).toBe(other);
  });
});
