import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../../..');
/** Entries of the lists, by the first number. */
const LENGTHS = { 1: 17, 2: 21, 3: 19, 4: 16 } as const;

interface Entry {
  readonly number: string;
  readonly wanted: string;
  readonly here: string;
  readonly tests: string;
}

const entries: readonly Entry[] = readFileSync(join(ROOT, 'docs', 'checklist.md'), 'utf8')
  .split('\n')
  .filter((line) => /^\| F\d/.test(line))
  .map((line) => {
    const [number = '', wanted = '', here = '', tests = '', ...more] = line
      .split(' | ')
      .map((cell) => cell.trim());
    expect(more, line).toEqual([]);
    return { number: number.replace('| ', ''), wanted, here, tests: tests.replace(/ \|$/, '') };
  });

function namedTests({ tests }: Entry): string[] {
  return [...tests.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');
}

describe('the checklist', () => {
  it('has every entry once, in order', () => {
    const expected = Object.entries(LENGTHS).flatMap(([list, length]) =>
      Array.from({ length }, (_, at) => `F${list}.${at + 1}`),
    );
    expect(entries.map(({ number }) => number)).toEqual(expected);
  });

  it.each(entries)('$number says what answers it, and which tests would fail', (entry) => {
    expect(entry.wanted.length).toBeGreaterThan(5);
    expect(entry.here.length).toBeGreaterThan(20);
    const named = namedTests(entry);
    if (named.length === 0)
      expect([entry.tests, entry.here]).toEqual(['–', expect.stringContaining('**Not there**')]);
    for (const path of named) {
      expect(path).toMatch(/^test\/.+(\.test\.ts|\/test_\w+\.py)$/);
      expect(existsSync(join(ROOT, path)), path).toBe(true);
    }
  });
});
