import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { oldestPython } from '../../../src/main/python/judge.ts';

const root = resolve(import.meta.dirname, '../../..');
const documents = [
  'README.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];

/** Paths in backticks that begin with a folder of the repository, and relative link targets. */
function namedPaths(document: string): string[] {
  const text = readFileSync(join(root, document), 'utf8').replace(/^```[\s\S]*?^```/gm, '');
  const quoted = [...text.matchAll(/`((?:src|resources|scripts|test|docs|bench)\/[\w./-]*)`/g)].map(
    (m) => m[1] ?? '',
  );
  const linked = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)[^)]*\)/g)].map((m) =>
    join(dirname(document), m[1] ?? ''),
  );
  return [...quoted, ...linked];
}

const folder = join(root, 'src', 'main', 'cli');
const commands = new Set(
  readdirSync(folder).flatMap((name) =>
    [...readFileSync(join(folder, name), 'utf8').matchAll(/\bname: '([a-z]+)',\n\s+summary:/g)].map(
      (match) => match[1] ?? '',
    ),
  ),
);

/** Words behind `minibatch` where a command line begins: in a block of shell, or in backticks. */
function namedCommands(document: string): string[] {
  const text = readFileSync(join(root, document), 'utf8');
  return [...text.matchAll(/(?:^ *|`)minibatch ([a-z]+)\b/gm)].map((match) => match[1] ?? '');
}

describe('documents', () => {
  it.each(documents)('%s names only paths that exist', (document) => {
    const missing = namedPaths(document).filter((path) => !existsSync(join(root, path)));
    expect(missing).toEqual([]);
  });

  it.each(documents)('%s names only commands that exist', (document) => {
    const unknown = namedCommands(document).filter((name) => !commands.has(name));
    expect(unknown).toEqual([]);
  });

  it('say which Python is old enough', () => {
    expect(readFileSync(join(root, 'README.md'), 'utf8')).toContain(`Python ${oldestPython} or newer`);
  });

  it('finds commands at all', () => {
    expect(namedCommands('README.md').length).toBeGreaterThan(15);
    expect(commands.size).toBeGreaterThan(15);
  });

  it('finds paths at all', () => {
    expect(namedPaths('docs/architecture.md').length).toBeGreaterThan(20);
  });
});
