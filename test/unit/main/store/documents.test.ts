import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findDocuments } from '../../../../src/main/store/documents.ts';

let top: string;
beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'minibatch-documents-'));
});
afterEach(() => rmSync(top, { recursive: true, force: true }));

function write(...paths: readonly string[]): void {
  for (const path of paths) {
    mkdirSync(dirname(join(top, path)), { recursive: true });
    writeFileSync(join(top, path), '');
  }
}

const found = (...patterns: string[]): string[] =>
  findDocuments(top, patterns).map((path) => relative(top, path));

it('finds documents by the pattern of their names, in folders below', () => {
  write(
    'a_tol1_results.json',
    'core/b_tol2_results.json',
    'core/b_tol2_results.json.bak',
    'c.json',
    'xtol_results.json',
  );
  expect(found('*_tol*_results.json')).toEqual(['a_tol1_results.json', 'core/b_tol2_results.json']);
  // A dot is a dot.
  expect(found('c?json', 'cxjson')).toEqual([]);
  expect(found()).toEqual([]);
});

it('leaves out run folders, hidden folders and links', () => {
  write('run/run.json', 'run/artifacts/a.doc', '.hidden/a.doc', 'trash/a.doc', 'kept/a.doc');
  symlinkSync(join(top, 'kept'), join(top, 'link'));
  symlinkSync(join(top, 'kept', 'a.doc'), join(top, 'b.doc'));
  expect(found('*.doc')).toEqual(['kept/a.doc']);
});
