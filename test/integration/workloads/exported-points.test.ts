import { cpSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Comparison } from '../../../src/shared/model/comparison.ts';
import { type CommandWorld, createCommandWorld, lastDocument } from '../../support/command-line.ts';
import { csvRecords } from '../../support/csv-records.ts';
import { findPython } from '../../support/system-python.ts';
import { writeRatesSuite } from '../../support/tables-suite.ts';

const ROOT = resolve(import.meta.dirname, '../../..');

let world: CommandWorld;
let folder: string;
beforeAll(async () => {
  world = createCommandWorld();
  const command = join('resources', 'workloads', 'command');
  cpSync(join(ROOT, command), join(world.root, command), { recursive: true });
  const suite = writeRatesSuite();
  folder = suite.folder;
  const ended = await world.run('run', suite.path, '--python', findPython());
  expect(ended.stdout + ended.stderr).toContain('15 succeeded, 3 failed');
}, 90_000);
afterAll(() => {
  world.remove();
  rmSync(folder, { recursive: true, force: true });
});

async function exported(format: string, ...flags: string[]): Promise<string> {
  const ended = await world.run('export', 'command', '--format', format, '--json', ...flags);
  expect(ended.code, ended.stderr).toBe(0);
  const { files } = lastDocument<{ files: { path: string }[] }>(ended);
  return readFileSync(files[0]?.path ?? '', 'utf8');
}

function jsonLines(text: string): Record<string, unknown>[] {
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

it('writes every point once, and in full, as a line for each value', async () => {
  const points = csvRecords(await exported('points'));
  // 15 runs of 9 steps with two metrics each.
  expect(points).toHaveLength(15 * 9 * 2);
  expect(points.find((point) => point['metric'] === 'val/loss' && point['step'] === '4')).toMatchObject({
    experiment: 'lr=0.001 optimizer=adam seed=1',
    lr: '0.001',
    optimizer: 'adam',
    seed: '1',
    value: '0.002',
  });
  expect(points.filter((point) => point['optimizer'] === 'sgd, plain')).toHaveLength(9 * 9 * 2);
  const lines = jsonLines(await exported('points-jsonl'));
  expect(lines.map(({ metric, step, value, lr }) => `${metric} ${step} ${value} ${lr}`)).toEqual(
    points.map(({ metric, step, value, lr }) => `${metric} ${step} ${value} ${lr}`),
  );
});

it('writes a line for each step, with a column for each metric', async () => {
  const points = csvRecords(await exported('points-wide'));
  expect(points).toHaveLength(15 * 9);
  expect(points[4]).toMatchObject({ step: '4', 'val/loss': '0.002', 'val/accuracy': '0.999' });
  const lines = jsonLines(await exported('points-wide-jsonl'));
  expect(lines).toHaveLength(15 * 9);
  expect(lines[4]).toMatchObject({ step: 4, 'val/loss': 0.002, 'val/accuracy': 0.999, lr: 0.001 });
});

it('exports and compares only what a filter wants', async () => {
  const rows = jsonLines(await exported('jsonl'));
  const few = jsonLines(await exported('jsonl', '--where', 'lr=0.01 and val/loss.best<0.012'));
  expect([rows.length > few.length, new Set(few.map(({ experiment }) => experiment)).size]).toEqual([
    true,
    2,
  ]);
  const compared = await world.run('compare', 'command', '--json', '--where', 'lr<0.1 and optimizer:sgd');
  expect(new Set(lastDocument<Comparison>(compared).rows.map(({ seeds }) => seeds))).toEqual(new Set([3]));
  const none = await world.run('compare', 'command', '--where', 'lr>5');
  expect(none.stderr).toBe('None of 15 results fits "lr>5".\n');
  const wrong = await world.run('export', 'command', '--where', 'seed in (1');
  expect([wrong.code, wrong.stderr]).toEqual([
    2,
    'The filter "seed in (1" cannot be read at character 9: This ( has no ) behind it.\n',
  ]);
  expect((await world.run('status', '--where', 'lr=1')).stderr).toContain('--where needs a batch');
});

it('knows the metrics of runs after the index was made anew', async () => {
  expect((await world.run('reindex')).code).toBe(0);
  const few = jsonLines(await exported('jsonl', '--where', 'val/loss.best<0.004'));
  expect(new Set(few.map(({ experiment }) => experiment)).size).toBe(4);
});
