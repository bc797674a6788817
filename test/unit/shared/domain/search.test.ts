import { describe, expect, it } from 'vitest';
import { createMatcher } from '../../../../src/shared/domain/search.ts';
import { usageOf } from '../../../support/expected.ts';

describe('createMatcher', () => {
  const line = 'Loss \u001b[31m0.5\u001b[0m (LOSS a.b)';

  it('finds plain text in the text without colours', () => {
    const find = createMatcher({ pattern: 'loss', regex: false, matchCase: false });
    expect(find(line)).toEqual([
      { start: 0, end: 4 },
      { start: 10, end: 14 },
    ]);
    expect(find('nothing')).toEqual([]);
    expect(createMatcher({ pattern: 'loss', regex: false, matchCase: true })(line)).toEqual([]);
  });

  it.each(['.', '(LOSS', 'a.b)', '0.5 ('])('takes %s literally', (pattern) => {
    expect(createMatcher({ pattern, regex: false, matchCase: true })(line).length).toBe(
      pattern === '.' ? 2 : 1,
    );
  });

  it('understands regular expressions and ignores empty matches', () => {
    expect(createMatcher({ pattern: '\\d+\\.\\d', regex: true, matchCase: false })(line)).toEqual([
      { start: 5, end: 8 },
    ]);
    expect(createMatcher({ pattern: 'x*', regex: true, matchCase: false })(line)).toEqual([]);
  });

  it('forgives a needless backslash', () => {
    expect(createMatcher({ pattern: 'a\\-b', regex: true, matchCase: false })('a-b')).toHaveLength(1);
  });

  it('says that a pattern is none', () => {
    expect(usageOf(() => createMatcher({ pattern: '(a', regex: true, matchCase: false }))).toContain(
      '"(a" is not a regular expression',
    );
    expect(
      usageOf(() => createMatcher({ pattern: 'a'.repeat(501), regex: true, matchCase: false })),
    ).toContain('501 characters');
  });
});
