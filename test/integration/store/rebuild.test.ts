import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tinyPlan } from '../../support/plans.ts';
import { type Bench, openBench } from '../../support/scheduler-bench.ts';

let bench: Bench;
/** A batch with every kind of ending that rests. */
let varied: string;
beforeAll(async () => {
  bench = await openBench();
  const experiments = [
    {},
    { behaviour: 'fail' as const },
    { action: 'skip' as const },
    { action: 'postpone' as const },
    { behaviour: 'fail-once' as const, marker: join(bench.workspace, 'marker') },
    {},
    {},
  ];
  varied = await bench.scheduler.start(tinyPlan({ experiments, workers: 1, retries: 1 }));
  await bench.scheduler.postpone(varied, [5], 'later');
  await bench.scheduler.cancel(varied, [6]);
  await bench.scheduler.idle();
});
afterAll(() => bench.close());

/** All that the index knows, as text. */
function contents(): string {
  const { store } = bench;
  const batches = store.batches().map((batch) => ({ ...store.detail(batch.id) }));
  const results = store
    .results({ workload: 'tiny' })
    .map((result) => ({ ...result, rows: store.rows(result) }));
  return JSON.stringify(
    { batches, results, counts: store.resultCounts(), measurements: store.measurements('tiny') },
    null,
    1,
  );
}

function attempt(batch: string, index: number, file: string): string {
  return join(bench.workspace, 'batches', batch, 'runs', `${index}-tiny-${index}`, 'attempt-1', file);
}

async function freshBatch(): Promise<string> {
  const batch = await bench.scheduler.start(tinyPlan({ experiments: [{ steps: 2 }] }));
  await bench.scheduler.idle();
  return batch;
}

describe('the index', () => {
  it('is the same after it was rebuilt from the folders', () => {
    const before = contents();
    const kinds = bench.store.experiments(varied).map(({ state }) => state.kind);
    expect(kinds).toEqual([
      'succeeded',
      'failed',
      'skipped',
      'postponed',
      'succeeded',
      'postponed',
      'cancelled',
    ]);
    const report = bench.store.reindex();
    expect(report).toMatchObject({ batches: 1, runs: 5, problems: [] });
    expect(contents()).toBe(before);
  });

  it('is rebuilt when its file is gone', async () => {
    const before = contents();
    await bench.reopen();
    expect(contents()).toBe(before);
    const index = join(bench.workspace, '.minibatch', 'index.sqlite');
    await bench.scheduler.close();
    bench.store.close();
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${index}${suffix}`, { force: true });
    await bench.reopen();
    expect(contents()).toBe(before);
  });

  it.each([
    ['rubbish', (path: string) => writeFileSync(path, 'this is no database '.repeat(500))],
    ['a damaged page', (path: string) => writeFileSync(path, damagePages(readFileSync(path)))],
    ['a newer version', (path: string) => writeFileSync(path, setVersion(readFileSync(path), 99))],
  ])('is moved aside and rebuilt when it holds %s', async (_, damage) => {
    const before = contents();
    const folder = join(bench.workspace, '.minibatch');
    const kept = (): string[] =>
      readdirSync(folder).filter((name) => /^index\.sqlite\.damaged-\d+$/.test(name));
    const count = kept().length;
    await bench.scheduler.close();
    bench.store.close();
    damage(join(folder, 'index.sqlite'));
    await bench.reopen();
    expect(contents()).toBe(before);
    expect(kept()).toHaveLength(count + 1);
    expect(bench.notices.at(-1)).toContain('has been rebuilt from the run folders');
  });

  it('is filled anew, in its place, when an older version has made it', async () => {
    const before = contents();
    const index = join(bench.workspace, '.minibatch', 'index.sqlite');
    const told = bench.notices.length;
    await bench.scheduler.close();
    bench.store.close();
    writeFileSync(index, setVersion(readFileSync(index), 1));
    await bench.reopen();
    expect(contents()).toBe(before);
    expect(bench.notices).toHaveLength(told);
  });

  it('shows a batch whose plan cannot be read as damaged, and the others as before', async () => {
    const batch = await freshBatch();
    truncateSync(join(bench.workspace, 'batches', batch, 'batch.json'), 300);
    const report = bench.store.reindex();
    expect(report.problems).toHaveLength(1);
    expect(bench.store.batch(batch)?.state).toMatchObject({
      kind: 'damaged',
      sentence: expect.stringContaining('batch.json is not valid JSON'),
    });
    expect(bench.store.batch(varied)?.counts.succeeded).toBe(2);
    await expect(bench.scheduler.resume(batch)).rejects.toMatchObject({ code: 'not-possible-now' });
    rmSync(join(bench.workspace, 'batches', batch), { recursive: true });
    bench.store.reindex();
    expect(bench.store.batch(batch)).toBeNull();
  });

  it('does not count a half-written result, and says so', async () => {
    const batch = await freshBatch();
    const { identity } = bench.experiment(batch, 0);
    truncateSync(attempt(batch, 0, 'result.json'), 40);
    bench.store.reindex();
    expect(bench.experiment(batch, 0).state).toMatchObject({
      kind: 'failed',
      reason: { kind: 'invalid-result' },
    });
    expect(bench.store.findResults([identity]).get(identity)?.batch).not.toBe(batch);
    expect(await bench.scheduler.retry(batch)).toBe(1);
    await bench.scheduler.idle();
    expect(bench.experiment(batch, 0)).toMatchObject({ attempt: 2, state: { kind: 'succeeded' } });
  });

  it('does not count a result of another experiment or with rows missing', async () => {
    const batch = await freshBatch();
    const path = attempt(batch, 0, 'result.json');
    const result = JSON.parse(readFileSync(path, 'utf8')) as object;
    writeFileSync(path, JSON.stringify({ ...result, rows: 99 }));
    bench.store.reindex();
    expect(bench.experiment(batch, 0).state).toMatchObject({
      reason: { kind: 'invalid-result', sentence: expect.stringContaining('99 rows, 2 were written') },
    });
    writeFileSync(path, JSON.stringify({ ...result, identity: '0'.repeat(64) }));
    bench.store.reindex();
    expect(bench.experiment(batch, 0).state).toMatchObject({
      reason: { sentence: expect.stringContaining('another experiment') },
    });
  });

  it('keeps the result of a run whose status is rubbish, and takes it for interrupted without one', async () => {
    const batch = await freshBatch();
    writeFileSync(attempt(batch, 0, 'status.json'), '{"version": 1, "state": "run');
    const report = bench.store.reindex();
    expect(report.problems.join()).toContain('status.json is not valid JSON');
    expect(bench.experiment(batch, 0).state.kind).toBe('succeeded');
    rmSync(attempt(batch, 0, 'result.json'));
    bench.store.reindex();
    expect(bench.experiment(batch, 0).state.kind).toBe('interrupted');
    expect(bench.store.batch(batch)?.state.kind).toBe('interrupted');
  });

  it('reads past lines that are no events', async () => {
    const batch = await freshBatch();
    const long = Buffer.concat([
      Buffer.from('{"t": 1, "kind": "message", "text": "'),
      Buffer.alloc(50 * 2 ** 20, 'x'),
      Buffer.from('"}\n'),
    ]);
    const path = attempt(batch, 0, 'events.jsonl');
    appendFileSync(path, long);
    appendFileSync(path, Buffer.from([0x7b, 0xff, 0xfe, 0x7d, 0x0a]));
    appendFileSync(path, 'no json\n{"t": 1, "kind": "from a later version"}\n{"t": 1, "kind": "progr');
    const report = bench.store.reindex();
    expect(report.problems.join()).toContain('events.jsonl has 3 lines that are no events');
    expect(bench.experiment(batch, 0).state.kind).toBe('succeeded');
  });

  it('is built in spite of folders in the place of files, and files in the place of folders', async () => {
    const [one, two] = [await freshBatch(), await freshBatch()];
    for (const file of ['events.jsonl', 'output.log', 'status.json']) {
      rmSync(attempt(one, 0, file));
      mkdirSync(attempt(one, 0, file));
    }
    const runs = join(bench.workspace, 'batches', two, 'runs', '0-tiny-0');
    rmSync(runs, { recursive: true });
    writeFileSync(runs, '');
    bench.store.reindex();
    expect(bench.experiment(one, 0).state.kind).toBe('interrupted');
    expect(bench.store.batch(two)?.state).toMatchObject({
      kind: 'damaged',
      sentence: expect.stringContaining('ENOTDIR'),
    });
    expect(bench.store.batch(varied)?.counts.succeeded).toBe(2);
  });

  it('leaves out what is damaged in a journal', async () => {
    const batch = await freshBatch();
    appendFileSync(
      join(bench.workspace, 'batches', batch, 'journal.jsonl'),
      'not json\n{"t": 1, "kind": "unheard-of"}\n',
    );
    const report = bench.store.reindex();
    expect(report.problems.join()).toContain('journal.jsonl has 2 damaged lines');
    expect(bench.store.batch(batch)?.state).toEqual({ kind: 'finished' });
  });
});

/** Overwrites the middle of every page but the first, whose header keeps the file looking like a database. */
function damagePages(file: Buffer): Buffer {
  for (let page = 4_096; page + 4_096 <= file.length; page += 4_096) file.fill(0xa5, page, page + 200);
  return file;
}

/** `user_version` stands at offset 60 of the header. */
function setVersion(file: Buffer, version: number): Buffer {
  file.writeUInt32BE(version, 60);
  return file;
}
