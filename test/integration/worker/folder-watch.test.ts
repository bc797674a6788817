import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { writeFileAtomic } from '../../../src/main/platform/atomic-file.ts';
import { watchFolder } from '../../../src/main/worker/folder-watch.ts';
import { type LeakCheck, watchForLeaks } from '../../support/leaks.ts';

let folder: string;
let leaks: LeakCheck;
beforeEach(() => {
  leaks = watchForLeaks();
  folder = mkdtempSync(join(tmpdir(), 'minibatch-watch-'));
});
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  await leaks.expectNone();
});

const FILES = { urgent: 'status.json', growing: 'events.jsonl', single: true };

describe('watching a folder', () => {
  it('hears of new files, of each replacement of the urgent one, and of nothing after the stop', async () => {
    const onChange = vi.fn();
    const stop = watchFolder({ folder, onChange, ...FILES });
    for (let round = 1; round <= 3; round += 1) {
      const calls = onChange.mock.calls.length;
      writeFileAtomic(join(folder, 'status.json'), String(round));
      await vi.waitFor(() => expect(onChange.mock.calls.length).toBeGreaterThan(calls), { interval: 2 });
    }
    stop();
    const calls = onChange.mock.calls.length;
    writeFileSync(join(folder, 'status.json'), 'later');
    await new Promise((done) => setImmediate(done));
    expect(onChange).toHaveBeenCalledTimes(calls);
  });

  it.each([
    ['a few times a second of a file that grows', 'events.jsonl', 100],
    ['only by its polls of files that are none of its business', 'output.log', 500],
  ])('hears %s', async (_, name, period) => {
    let heard = 0;
    const stop = watchFolder({ folder, onChange: () => (heard += 1), ...FILES });
    const began = performance.now();
    while (performance.now() - began < 700) {
      appendFileSync(join(folder, name), 'x\n');
      await new Promise((done) => setImmediate(done));
    }
    const most = (performance.now() - began) / period + 2;
    stop();
    expect(heard).toBeGreaterThan(0);
    expect(heard).toBeLessThanOrEqual(most);
  });

  it('still polls a folder that has gone', async () => {
    rmSync(folder, { recursive: true });
    const onChange = vi.fn();
    const stop = watchFolder({ folder, onChange, ...FILES });
    await vi.waitFor(() => expect(onChange).toHaveBeenCalled(), { timeout: 15_000 });
    stop();
  });
});
