import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMetricFiles } from '../../../../src/main/api/run-metrics.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'minibatch-metrics-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function lines(from: number, to: number): string {
  let text = '';
  for (let step = from; step < to; step += 1)
    text += `${JSON.stringify({ t: step, kind: 'metric', step, values: { 'loss/train': step, other: 'NaN' } })}\n`;
  return text;
}

const path = (): string => join(folder, 'events.jsonl');

describe('the metrics of a run', () => {
  it('go on where the file has grown, a torn line included', async () => {
    const files = createMetricFiles();
    expect(await files.read(folder, { points: 10 })).toEqual([]);
    const text = lines(0, 3);
    writeFileSync(path(), text.slice(0, -5));
    expect(await files.read(folder, { names: ['loss/train'], points: 10 })).toEqual([
      { name: 'loss/train', steps: [0, 1], times: [0, 1], values: [0, 1], total: 2 },
    ]);
    appendFileSync(path(), text.slice(-5) + lines(3, 5));
    const [loss, other] = await files.read(folder, { points: 10 });
    expect(loss).toEqual({
      name: 'loss/train',
      steps: [0, 1, 2, 3, 4],
      times: [0, 1, 2, 3, 4],
      values: [0, 1, 2, 3, 4],
      total: 5,
    });
    expect(other?.values).toEqual(['NaN', 'NaN', 'NaN', 'NaN', 'NaN']);
  });

  it('are the same for two who ask at the same time', async () => {
    writeFileSync(path(), lines(0, 20_000));
    const files = createMetricFiles();
    const [one, two] = await Promise.all([
      files.read(folder, { points: 50 }),
      files.read(folder, { points: 50 }),
    ]);
    expect(one[0]?.total).toBe(20_000);
    expect(two).toEqual(one);
  });

  it('of a large file leave others their turn', async () => {
    writeFileSync(path(), lines(0, 60_000));
    let turns = 0;
    let reading = true;
    const count = (): void => {
      turns += 1;
      if (reading) setImmediate(count);
    };
    setImmediate(count);
    const [loss] = await createMetricFiles().read(folder, { points: 100 });
    reading = false;
    expect(loss?.total).toBe(60_000);
    // Some 4 MB in pieces of 256 kB.
    expect(turns).toBeGreaterThan(10);
  });
});
