import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHardware } from '../../../src/main/hardware/create-hardware.ts';
import type { Hardware } from '../../../src/main/hardware/hardware.ts';
import { systemClock } from '../../../src/main/platform/clock.ts';
import { type RunProgram, runProgram } from '../../../src/main/platform/process-runner.ts';
import type { MachineSample } from '../../../src/shared/model/hardware.ts';

/** Words where figures belong, and bytes that are no text. */
const RUBBISH = `printf 'a, b, c, d\\n\\001\\377, 1, 2, 3\\n'`;
const CARD = 'echo "NVIDIA H200, 64, 20480, 143360"';
/** Seconds; long enough for a program that answers. */
const PATIENCE = 1;

let folder: string;
let hardware: Hardware | undefined;
/** Seconds that the clock of the test is ahead: what has hung is left alone for a minute. */
let later = 0;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'minibatch-sources-'));
});
afterEach(() => {
  hardware?.close();
  hardware = undefined;
  rmSync(folder, { recursive: true, force: true });
});

/** Programs are looked for in the folder of the test first, and answer at once or never. */
const run: RunProgram = (command, args, options) =>
  runProgram(command, args, {
    ...options,
    timeout: PATIENCE,
    env: { ...process.env, PATH: `${folder}${delimiter}${process.env.PATH ?? ''}` },
  });

function nvidiaSmi(script: string): void {
  const path = join(folder, 'nvidia-smi');
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
}

async function machine(): Promise<Hardware> {
  const clock = { now: systemClock.now, monotonic: () => systemClock.monotonic() + later };
  hardware = await createHardware({ clock, workspace: folder, platform: 'linux', run, gpuPatience: 5 });
  return hardware;
}

function expectTheRest(sample: MachineSample): void {
  expect(sample.sources).toMatchObject({ cpu: 'ok', memory: 'ok', disk: 'ok' });
  expect(sample.memory.usedBytes).toBeGreaterThan(0);
}

describe.runIf(process.platform === 'linux')('a program that tells of the GPU', () => {
  it.each([
    ['is missing', null],
    ['prints rubbish', RUBBISH],
    ['prints without end', 'yes rubbish'],
    ['fails', 'echo "NVIDIA-SMI has failed" >&2; exit 9'],
    ['hangs', 'sleep 600'],
    ['hangs with a child that keeps its output open', 'sleep 600 & exec sleep 600'],
  ])('%s from the start: the machine is known without a GPU', async (_, script) => {
    if (script !== null) nvidiaSmi(script);
    const { facts, sample } = await machine();
    // A card of this machine itself counts where nothing of the test's is in its place.
    if (script !== null) expect(facts.gpu).toBeNull();
    const seen = await sample();
    if (script !== null) expect(seen.gpu).toBeNull();
    // What hangs may have a card all the same; it is asked again later.
    const health = script?.includes('sleep') ? `no answer within ${PATIENCE} s` : 'no NVIDIA card was found';
    if (script !== null)
      await expect.poll(async () => (await sample()).sources['gpu'], { timeout: 10_000 }).toBe(health);
    expectTheRest(seen);
  });

  it.each([
    ['prints rubbish', RUBBISH, 'the answer was not understood'],
    ['hangs', 'sleep 600', `no answer within ${PATIENCE} s`],
    ['fails', 'exit 9', 'exit code 9'],
    ['goes away', null, 'not installed'],
  ])('%s later: its figures are unknown and never 0, and come back', async (_, script, health) => {
    nvidiaSmi(CARD);
    const watched = await machine();
    expect(watched.facts.gpu?.name).toBe('NVIDIA H200');
    expect((await watched.sample()).gpu?.percent).toBe(64);
    if (script === null) rmSync(join(folder, 'nvidia-smi'));
    else nvidiaSmi(script);
    // The older figures hold until the program has had its time.
    await expect.poll(async () => (await watched.sample()).sources['gpu'], { timeout: 10_000 }).toBe(health);
    const broken = await watched.sample();
    expect([broken.gpu, broken.sources['gpu']]).toEqual([null, health]);
    expectTheRest(broken);
    nvidiaSmi(CARD);
    later += 61;
    await expect.poll(async () => (await watched.sample()).sources['gpu'], { timeout: 10_000 }).toBe('ok');
    expect(watched.latest()?.gpu?.percent).toBe(64);
  });
});
