import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

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

describe('documents', () => {
  it.each(documents)('%s names only paths that exist', (document) => {
    const missing = namedPaths(document).filter((path) => !existsSync(join(root, path)));
    expect(missing).toEqual([]);
  });

  it('finds paths at all', () => {
    expect(namedPaths('docs/architecture.md').length).toBeGreaterThan(20);
  });
});
