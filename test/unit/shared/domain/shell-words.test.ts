import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { fillTemplate, placeholders, splitWords } from '../../../../src/shared/domain/shell-words.ts';

describe('splitWords', () => {
  it.each([
    'a b  c',
    "a 'b c' d",
    String.raw`a "b \"c\" \\ \x" d`,
    String.raw`a\ b 'it'\''s' "" ''`,
    'a"b"c \'{lr}\' --x="1 2"',
    'first \\\n second',
  ])('splits %j as a shell does', (text) => {
    const printed = execFileSync('/bin/sh', ['-c', `printf '%s\\0' ${text}`]).toString();
    expect(splitWords(text)).toEqual(printed.split('\0').slice(0, -1));
  });

  it('expands nothing', () => {
    expect(splitWords('a $HOME *.py ~ `b`')).toEqual(['a', '$HOME', '*.py', '~', '`b`']);
  });

  it.each(['a "b', "a 'b", 'a \\'])('gives up on %j', (text) => {
    expect(splitWords(text)).toBeNull();
  });
});

describe('placeholders', () => {
  it('are names in braces; a shell keeps its own, and double braces are plain', () => {
    const text = '{lr} ${HOME} {{x}} {print $1} {a.b-c}';
    expect(placeholders(text)).toEqual(['lr', 'a.b-c']);
    expect(fillTemplate(text, (name) => `<${name}>`)).toBe('<lr> ${HOME} {x} {print $1} <a.b-c>');
  });
});
