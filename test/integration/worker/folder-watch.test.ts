import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { writeFileAtomic } from '../../../src/main/platform/atomic-file.ts';
import { createPulse } from '../../../src/main/platform/pulse.ts';
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

describe.each([
  { when: 'with the file by itself from the start', single: true },
  { when: 'with the file by itself later', single: false },
])('watching a folder, $when', ({ single }) => {
  const file = { urgent: 'status.json', single, pulse: createPulse(500) };

  it('hears of each replacement of the urgent file at once, and of nothing after the stop', async () => {
    const onChange = vi.fn();
    const stop = watchFolder({ folder, onChange, ...file });
    let rounds = 0;
    // Long enough for the watch to pass from the folder to the file.
    const until = performance.now() + 700;
    for (let round = 1; performance.now() < until; round += 1) {
      const calls = onChange.mock.calls.length;
      writeFileAtomic(join(folder, 'status.json'), String(round), false);
      await vi.waitFor(() => expect(onChange.mock.calls.length).toBeGreaterThan(calls), { interval: 2 });
      rounds = round;
    }
    stop();
    // The polls alone would have made two of them.
    expect(rounds).toBeGreaterThan(4);
    const calls = onChange.mock.calls.length;
    writeFileSync(join(folder, 'status.json'), 'later');
    await new Promise((done) => setImmediate(done));
    expect(onChange).toHaveBeenCalledTimes(calls);
  });

  it('hears only by its polls of a file that grows', async () => {
    writeFileSync(join(folder, 'status.json'), '{}');
    let heard = 0;
    const stop = watchFolder({ folder, onChange: () => (heard += 1), ...file });
    const began = performance.now();
    while (performance.now() - began < 700) {
      appendFileSync(join(folder, 'output.log'), 'x\n');
      await new Promise((done) => setImmediate(done));
    }
    const most = (performance.now() - began) / 500 + 2;
    stop();
    expect(heard).toBeGreaterThan(0);
    expect(heard).toBeLessThanOrEqual(most);
  });

  it('still polls a folder that has gone', async () => {
    rmSync(folder, { recursive: true });
    const onChange = vi.fn();
    const stop = watchFolder({ folder, onChange, ...file });
    await vi.waitFor(() => expect(onChange).toHaveBeenCalled(), { timeout: 15_000 });
    stop();
  });
});
