import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { App } from '../../../src/main/app.ts';
import { connectInProcess } from '../../../src/main/doors/in-process.ts';
import type { Client } from '../../../src/shared/client.ts';
import type { RunEvent } from '../../../src/shared/model/event.ts';
import {
  type CommandWorld,
  createCommandWorld,
  lastDocument,
  trainingPython,
} from '../../support/command-line.ts';

interface RunDocument {
  readonly batch: string;
  readonly runs: { readonly index: number; readonly folder: string }[];
}

/** Calls on a workspace with one finished batch, whose answers are checked against the contract on the way. */
describe.skipIf(trainingPython === undefined)('the calls of the core', () => {
  let world: CommandWorld;
  let app: App;
  let client: Client;
  let batch: string;
  let folder: string;

  beforeAll(async () => {
    world = createCommandWorld();
    const python = trainingPython ?? '';
    const ended = await world.run(
      'run',
      'quick',
      '--python',
      python,
      '--failing',
      '1',
      '--step-count',
      '40',
      '--json',
    );
    const document = lastDocument<RunDocument>(ended);
    ({ batch } = document);
    folder = document.runs[0]?.folder ?? '';
    app = await world.openCore();
    client = connectInProcess(app.connect);
  });
  afterAll(async () => {
    client.close();
    await app.close();
    world.remove();
  });

  it('tells what a run was started with and what it said', async () => {
    const run = await client.call('runs.get', { batch, index: 0 });
    expect(run).toMatchObject({
      parameters: { number: 0, steps: 40 },
      folder,
      command: [trainingPython, expect.any(String), folder],
    });
    const failed = await client.call('runs.get', { batch, index: 1 });
    expect(failed.messages.at(-1)).toMatchObject({
      level: 'error',
      text: expect.stringContaining('ValueError'),
    });
  });

  it('gives metrics, thinned and whole, by name', async () => {
    const whole = await client.call('runs.metrics', { batch, index: 0 });
    expect(whole.series.map(({ name, total }) => [name, total])).toEqual([['loss/train', 40]]);
    expect(whole.series[0]?.values[3]).toBeCloseTo(0.25, 12);
    const thinned = await client.call('runs.metrics', { batch, index: 0, points: 10 });
    expect(thinned.series[0]?.steps.length).toBeLessThanOrEqual(10);
    expect(thinned.series[0]?.total).toBe(40);
    expect((await client.call('runs.metrics', { batch, index: 0, names: ['other'] })).series).toEqual([]);
  });

  it('gives rows by page', async () => {
    const page = await client.call('runs.rows', { batch, index: 0, offset: 38, limit: 10 });
    expect([page.total, page.rows.map((row) => row.step)]).toEqual([40, [38, 39]]);
  });

  it('gives, searches and follows a log', async () => {
    const text = Array.from({ length: 3_000 }, (_, line) => `line ${line}\n`).join('');
    const path = join(folder, 'output.log');
    const kept = readFileSync(path);
    writeFileSync(path, text);
    const page = await client.call('logs.page', { batch, index: 0, firstLine: -3, count: 10 });
    expect(page).toMatchObject({
      firstLine: 2_997,
      lines: ['line 2997', 'line 2998', 'line 2999'],
      totalLines: 3_000,
      complete: true,
    });
    const found = await client.call('logs.search', {
      batch,
      index: 0,
      pattern: 'LINE 29[0-9]7',
      regex: true,
    });
    expect(found.matches.map((match) => match.line)).toEqual([
      2907, 2917, 2927, 2937, 2947, 2957, 2967, 2977, 2987, 2997,
    ]);
    const lines: string[] = [];
    await new Promise((resolve) => {
      const onItem = (item: { lines: readonly string[] }): void => void lines.push(...item.lines);
      client.watch('logs.follow', { key: { batch, index: 0 }, from: 100, onItem, onEnd: resolve });
    });
    expect([lines.length, lines[0], lines.at(-1)]).toEqual([2_900, 'line 100', 'line 2999']);
    writeFileSync(path, kept);
  });

  it('follows the events of a run to its end, counting what cannot be read', async () => {
    const path = join(folder, 'events.jsonl');
    const kept = readFileSync(path);
    writeFileSync(
      path,
      Buffer.concat([kept, Buffer.from([0xff, 0xfe, 0x0a]), Buffer.from('{"kind":"row"}\n')]),
    );
    const events: RunEvent[] = [];
    let bad = 0;
    const end = await new Promise((resolve) => {
      client.watch('runs.events', {
        key: { batch, index: 0 },
        from: 0,
        onItem: (item) => {
          events.push(...item.events);
          bad += item.bad;
        },
        onEnd: resolve,
      });
    });
    expect([end, bad, events.filter((event) => event.kind === 'row').length]).toEqual([null, 2, 40]);
    writeFileSync(path, kept);
  });

  it('ends a watch of a run that is not there', async () => {
    const end = new Promise((resolve) => {
      client.watch('logs.follow', { key: { batch, index: 7 }, from: 0, onItem: () => {}, onEnd: resolve });
    });
    expect(await end).toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('has not been started'),
    });
    const attempt = client.call('runs.get', { batch, index: 0, attempt: 5 });
    await expect(attempt).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('no attempt 5'),
    });
    await expect(client.call('runs.get', { batch: 'nope', index: 0 })).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  it('refuses commands about a batch that is not there', async () => {
    for (const name of ['batches.pause', 'batches.resume', 'batches.stop', 'batches.remove'] as const) {
      await expect(client.call(name, { batch: 'nope' })).rejects.toMatchObject({ code: 'not-found' });
    }
  });

  it('gives the machine as facts, history, processes and samples', async () => {
    expect((await client.call('machine.facts', {})).cores).toBeGreaterThan(0);
    const sample = await new Promise((resolve) => {
      client.subscribe('machine', resolve);
    });
    expect(sample).toMatchObject({ memory: { totalBytes: expect.any(Number) } });
    expect((await client.call('machine.history', { seconds: 60 })).samples.length).toBeGreaterThan(0);
    expect(await client.call('machine.processes', {})).toEqual({ runs: [] });
  });

  it('gives tables of results as text', async () => {
    const rows = await client.call('results.table', { workload: 'steps', table: 'rows' });
    expect(rows.csv.split('\r\n')[0]).toBe('experiment,index,batch,device,step,value');
    const statistics = await client.call('results.table', {
      workload: 'steps',
      batches: [batch],
      table: 'statistics',
    });
    expect(statistics.name).toBe('steps-statistics.csv');
    expect(await client.call('results.summary', {})).toEqual({
      workloads: [{ workload: 'steps', title: 'Steps', results: 2, batches: 1 }],
    });
    await expect(
      client.call('results.table', { workload: 'steps', batches: ['nope'], table: 'rows' }),
    ).rejects.toMatchObject({ code: 'not-found' });
    const compared = await client.call('results.compare', { workload: 'steps' });
    expect(compared.curves.map((curve) => [curve.index, curve.metric, curve.steps.length])).toEqual([
      [0, 'loss/train', 40],
      [2, 'loss/train', 40],
    ]);
  });

  it('exports one batch into its own folder and names what it wrote', async () => {
    const request = { workload: 'steps', batches: [batch], format: 'json' };
    const exported = await client.call('results.export', request);
    expect(exported).toMatchObject({
      folder: join('batches', batch, 'exports', 'json'),
      files: [{ name: 'steps.json' }],
    });
    const path = join(app.workspace, exported.folder, 'steps.json');
    const document = JSON.parse(readFileSync(path, 'utf8')) as { rows: unknown[]; statistics: unknown[] };
    expect([document.rows.length, document.statistics.length]).toEqual([80, 80]);
    expect((await client.call('results.export', request)).files).toHaveLength(1);
  });

  it('says which export script failed and how', async () => {
    const script = join(world.root, 'resources', 'workloads', 'steps', 'analyze.py');
    renameSync(script, `${script}.kept`);
    writeFileSync(script, 'raise SystemExit("no pen")\n');
    const failed = client.call('results.export', { workload: 'steps', format: 'text' });
    await expect(failed).rejects.toMatchObject({
      code: 'workload-invalid',
      message: expect.stringContaining('no pen'),
    });
    renameSync(`${script}.kept`, script);
  });

  it('names a workload folder that cannot be used, and goes on', async () => {
    const broken = join(world.root, 'resources', 'workloads', 'broken');
    mkdirSync(broken);
    writeFileSync(join(broken, 'manifest.yaml'), 'name: [');
    const list = await client.call('workloads.list', {});
    expect([list.workloads.map((one) => one.name), list.broken.length]).toEqual([['steps'], 1]);
    rmSync(broken, { recursive: true });
  });

  it('checks a suite that is given as text', async () => {
    const text = 'command: python a.py {arguments}\nsweep: {grid: {lr: [0.1, 0.2]}}';
    expect(await client.call('suites.check', { text })).toMatchObject({
      known: null,
      check: {
        kind: 'ok',
        count: 2,
        experiments: [{ label: 'lr=0.1', phase: 'main', queue: 'main' }, { label: 'lr=0.2' }],
        parameters: [{ name: 'lr', text: '[0.1, 0.2]', hint: '2 values', varies: true }],
      },
    });
    expect(await client.call('suites.check', { text: text.replace('grid', 'gird') })).toEqual({
      known: null,
      check: {
        kind: 'problem',
        sentence: 'The key "gird" is not known under "sweep". Did you mean "grid"?',
        line: 2,
        key: 'sweep.gird',
      },
    });
  });

  it('opens a suite file and tells what is wrong with it on this machine', async () => {
    const path = join(world.root, 'mine.minibatch.yaml');
    const text = 'command: python a.py {arguments}\nparameters: {lr: 1}\n';
    writeFileSync(path, text);
    const { suite } = await client.call('suites.open', { path });
    expect((await client.call('suites.check', { text })).known).toBe(suite);
    expect((await client.call('suites.list', {})).suites).toMatchObject([
      { id: suite, path, name: 'mine', latest: null, batches: 0, check: { kind: 'ok', count: 1 } },
    ]);
    const missing = { kind: 'problem', line: 1, key: 'command' };
    expect(await client.call('suites.get', { suite })).toMatchObject({ text, check: missing });
    writeFileSync(join(world.root, 'a.py'), '');
    expect(await client.call('suites.get', { suite })).toMatchObject({
      text,
      check: { kind: 'ok', count: 1 },
    });
    rmSync(path);
    expect(await client.call('suites.get', { suite })).toMatchObject({
      text: '',
      check: { kind: 'problem', line: null, key: null },
    });
    await expect(client.call('suites.get', { suite: 'f00' })).rejects.toMatchObject({ code: 'not-found' });
    await expect(client.call('suites.get', { batch })).rejects.toMatchObject({ code: 'not-found' });
  });

  it('rebuilds its index from the folders', async () => {
    expect(await client.call('app.reindex', {})).toEqual({ batches: 1, runs: 3, problems: [] });
    expect((await client.call('batches.get', { batch })).detail.batch.counts).toMatchObject({
      succeeded: 2,
      failed: 1,
    });
  });

  it('is held by one process at a time', async () => {
    await expect(world.openCore()).rejects.toMatchObject({ code: 'workspace-held' });
  });
});
