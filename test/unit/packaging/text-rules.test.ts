import { describe, expect, it } from 'vitest';
import { deadExports, textProblems } from '../../../scripts/lib/text-rules.mjs';

describe('textProblems', () => {
  it.each([
    ['a path of one machine', 'const folder = "/work/main";'],
    ['the address of a registry', 'https://registry.npmjs.org/x'],
    ['a suppressed check', '// oxlint-disable-next-line'],
    ['a suppressed check', 'x = 1  # type: ignore'],
    ['a merge conflict', '<<<<<<< HEAD'],
  ])('finds %s', (what, line) => {
    expect(textProblems('docs/a.md', `fine\n${line}\n`)).toEqual([`docs/a.md:2: contains ${what}.`]);
  });

  it.each(['src/work/model.ts is fine', 'a/work/flow', '~/work/x', 'framework/root/'])(
    'leaves alone: %s',
    (line) => {
      expect(textProblems('docs/a.md', line)).toEqual([]);
    },
  );

  it('keeps files short, and tests a little longer', () => {
    const lines = (count: number) => 'x\n'.repeat(count);
    expect(textProblems('src/main/a.ts', lines(400))).toEqual([]);
    expect(textProblems('src/main/a.ts', lines(401))).toHaveLength(1);
    expect(textProblems('resources/python/a.py', lines(401))).toHaveLength(1);
    expect(textProblems('test/unit/a.test.ts', lines(450))).toEqual([]);
    expect(textProblems('test/unit/a.test.ts', lines(501))).toHaveLength(1);
    expect(textProblems('docs/a.md', lines(900))).toEqual([]);
  });
});

describe('deadExports', () => {
  it('finds what stands nowhere else', () => {
    const a = 'export function used() {}\nexport const lost = 1;\n';
    const all = { 'a.ts': a, 'b.ts': "import { used } from './a.ts';\nused();\n" };
    expect(deadExports({ 'a.ts': a }, all)).toEqual(['a.ts: nothing uses lost.']);
  });
});
