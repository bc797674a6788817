import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSuiteBook } from '../../../../src/main/api/suite-book.ts';
import type { BatchRecord } from '../../../../src/shared/model/batch.ts';
import { settledRequest } from '../../../../src/shared/model/plan.ts';
import { planCall } from '../../../../src/shared/model/plan-call.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'minibatch-suites-'));
  for (const name of ['a.yaml', 'b.minibatch.YML', 'c.txt']) writeFileSync(join(folder, name), 'command: a');
  mkdirSync(join(folder, 'd.yaml'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function batch(id: string, createdAt: number, suite?: string): BatchRecord {
  return {
    id,
    createdAt,
    request: settledRequest.parse({ workload: 'command', preset: 'a', suite }),
  } as BatchRecord;
}

const request = planCall.parse({ workload: 'command', preset: 'suite' });

describe('the book of suites', () => {
  it('knows what was opened, last first, then what was run, newest first', () => {
    const book = createSuiteBook({
      batches: () => [
        batch('1', 10, '/s/x.yaml'),
        batch('2', 30, '/s/y.yaml'),
        batch('3', 20, '/s/x.yaml'),
        batch('4', 40),
      ],
    });
    const first = book.open(join(folder, 'a.yaml'));
    const second = book.open(join(folder, 'b.minibatch.YML'));
    expect(book.list().map(({ path, batches }) => [path, batches.map((one) => one.batch)])).toEqual([
      [join(folder, 'b.minibatch.YML'), []],
      [join(folder, 'a.yaml'), []],
      ['/s/y.yaml', ['2']],
      ['/s/x.yaml', ['3', '1']],
    ]);
    expect(book.open(join(folder, 'a.yaml'))).toBe(first);
    expect(
      book
        .list()
        .map(({ id }) => id)
        .slice(0, 2),
    ).toEqual([first, second]);
    expect(book.ofBatch('1').path).toBe('/s/x.yaml');
    expect(() => book.ofBatch('4')).toThrow('did not come from a suite file');
  });

  it('gives the path for an id that it gave out, and for no other', () => {
    const book = createSuiteBook({ batches: () => [] });
    const path = join(folder, 'a.yaml');
    const id = book.open(path);
    expect(book.resolve({ ...request, suiteId: id })).toEqual({ ...request, suite: path });
    expect(book.resolve(request)).toEqual(request);
    // The ids of two books for a path are the same, but only one of them has opened it.
    const other = createSuiteBook({ batches: () => [] });
    for (const unknown of [id, path, '../a.yaml', ''])
      expect(() => other.resolve({ ...request, suiteId: unknown })).toThrow('not open any more');
  });

  it.each(['c.txt', 'd.yaml', 'missing.yaml'])('opens no %s', (name) => {
    const book = createSuiteBook({ batches: () => [] });
    expect(() => book.open(join(folder, name))).toThrow(/is no suite/);
    expect(() => book.open('a.yaml')).toThrow(/is no suite/);
    expect(book.list()).toEqual([]);
  });
});
