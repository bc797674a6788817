/**
 * Splits a command as a POSIX shell would, without running one: blanks separate, quotes and backslashes protect.
 * Nothing is expanded; `|`, `>` and `$` are plain characters. Null = a quote is not closed.
 */
export function splitWords(text: string): string[] | null {
  const words: string[] = [];
  let word: string | null = null;
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? '';
    if (/\s/.test(char)) {
      if (word !== null) words.push(word);
      word = null;
    } else if (char === "'") {
      const end = text.indexOf("'", at + 1);
      if (end < 0) return null;
      word = (word ?? '') + text.slice(at + 1, end);
      at = end;
    } else if (char === '"') {
      const quoted = doubleQuoted(text, at + 1);
      if (quoted === null) return null;
      word = (word ?? '') + quoted.text;
      at = quoted.end;
    } else if (char === '\\') {
      at += 1;
      if (at >= text.length) return null;
      // A backslash at the end of a line joins it with the next one.
      if (text[at] !== '\n') word = (word ?? '') + (text[at] ?? '');
    } else {
      word = (word ?? '') + char;
    }
  }
  if (word !== null) words.push(word);
  return words;
}

/** Inside double quotes a backslash protects only `"`, `\`, `$` and the backtick. */
function doubleQuoted(text: string, start: number): { text: string; end: number } | null {
  let found = '';
  for (let at = start; at < text.length; at++) {
    const char = text[at] ?? '';
    const next = text[at + 1] ?? '';
    if (char === '"') return { text: found, end: at };
    if (char === '\\' && '"\\$`\n'.includes(next) && next !== '') {
      if (next !== '\n') found += next;
      at += 1;
    } else {
      found += char;
    }
  }
  return null;
}

/** Operators that only a shell understands, standing as words of their own. */
export function shellOperator(words: readonly string[]): string | null {
  return words.find((word) => /^(\|\|?|&&?|;|\d?>>?|<|2>&1)$/.test(word)) ?? null;
}

/** A name in braces, or in double braces, which stand for plain ones. `${HOME}` is a shell's. */
const BRACES = /\{\{([A-Za-z_][\w.-]*)\}\}|(?<!\$)\{([A-Za-z_][\w.-]*)\}/g;

/** Names in braces: `--lr {lr}`. */
export function placeholders(text: string): string[] {
  return [...text.matchAll(BRACES)].flatMap((match) => (match[2] === undefined ? [] : [match[2]]));
}

/** Fills the braces of a text; a name without a value stays as it is. */
export function fillTemplate(text: string, value: (name: string) => string | undefined): string {
  return text.replaceAll(BRACES, (whole, plain: string | undefined, name: string | undefined) =>
    name === undefined ? `{${plain ?? ''}}` : (value(name) ?? whole),
  );
}

/** Words as a POSIX shell reads them back. */
export function shellLine(words: readonly string[]): string {
  return words
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(' ');
}
