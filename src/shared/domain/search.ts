import { ExpectedError } from '../model/error.ts';
import { plainText } from './ansi.ts';

export interface SearchPattern {
  readonly pattern: string;
  readonly regex: boolean;
  readonly matchCase: boolean;
}

/** Longest regular expression accepted; a longer one is a paste by mistake. */
const MAX_PATTERN = 500;

/** A place in a line's text, colour sequences left out. */
export interface MatchRange {
  readonly start: number;
  readonly end: number;
}

/**
 * A function that finds every match in a line, colour sequences ignored. Empty matches are left out.
 * Throws ExpectedError `usage` for a pattern that is no regular expression.
 */
export function createMatcher(search: SearchPattern): (line: string) => MatchRange[] {
  const source = search.regex ? search.pattern : search.pattern.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  const expression = compile(source, search);
  return (line) => {
    const ranges: MatchRange[] = [];
    for (const match of plainText(line).matchAll(expression)) {
      if (match[0] !== '') ranges.push({ start: match.index, end: match.index + match[0].length });
    }
    return ranges;
  };
}

function compile(source: string, search: SearchPattern): RegExp {
  if (search.regex && source.length > MAX_PATTERN) {
    throw new ExpectedError(
      'usage',
      `The regular expression has ${source.length} characters; at most ${MAX_PATTERN} are allowed.`,
    );
  }
  try {
    return new RegExp(source, search.matchCase ? 'g' : 'gi');
  } catch (error) {
    const detail = error instanceof Error ? error.message.replace(/^.*\/[a-z]*: /, '') : '';
    throw new ExpectedError(
      'usage',
      `"${search.pattern}" is not a regular expression: ${detail}. Search for plain text instead.`,
      {
        cause: error,
      },
    );
  }
}
