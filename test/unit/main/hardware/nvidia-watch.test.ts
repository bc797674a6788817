import { expect, it } from 'vitest';
import { createHardware } from '../../../../src/main/hardware/create-hardware.ts';
import { watchNvidia } from '../../../../src/main/hardware/linux/nvidia-watch.ts';
import { systemClock } from '../../../../src/main/platform/clock.ts';
import type { ProgramResult, RunProgram } from '../../../../src/main/platform/process-runner.ts';

const card: ProgramResult = {
  kind: 'ended',
  exitCode: 0,
  stdout: 'NVIDIA H200, 37, 1024, 143771\n',
  stderr: '',
};
const missing: ProgramResult = { kind: 'not-started', reason: 'not installed', stdout: '', stderr: '' };
const hanging: ProgramResult = { kind: 'timeout', seconds: 5, stdout: '', stderr: '' };

/** A program that gives these answers one after the other, and the last one for ever. */
function answering(...answers: ProgramResult[]): { run: RunProgram; asked: () => number } {
  let asked = 0;
  return {
    run: async () => answers[Math.min(asked++, answers.length - 1)] ?? missing,
    asked: () => asked,
  };
}

it('a program that hangs holds up neither the start nor a sample, and is taken in when it answers', async () => {
  const answer = Promise.withResolvers<ProgramResult>();
  const hardware = await createHardware({
    clock: systemClock,
    platform: 'linux',
    gpuPatience: 0.01,
    run: () => answer.promise,
  });
  try {
    expect(hardware.facts.gpu).toBeNull();
    expect((await hardware.sample()).gpu).toBeNull();
    answer.resolve(card);
    await expect.poll(() => hardware.facts.gpu?.name).toBe('NVIDIA H200');
    await expect.poll(async () => (await hardware.sample()).gpu?.percent).toBe(37);
  } finally {
    hardware.close();
  }
});

it('a program that has hung is left alone for a minute', async () => {
  let now = 0;
  const program = answering(hanging, card);
  const watch = watchNvidia({ run: program.run, clock: { now: () => now, monotonic: () => now } });
  await watch.first;
  for (now of [0, 1, 59]) await expect(watch.source.read()).rejects.toThrow('no answer within 5 s');
  expect(program.asked()).toBe(1);
  now = 61;
  expect((await watch.source.read()).gpu?.percent).toBe(37);
  expect(watch.gpu?.name).toBe('NVIDIA H200');
});

it('a machine without a card is asked once', async () => {
  const program = answering(missing, card);
  const watch = watchNvidia({ run: program.run, clock: systemClock });
  for (let at = 0; at < 3; at += 1)
    await expect(watch.source.read()).rejects.toThrow('no NVIDIA card was found');
  expect([program.asked(), watch.gpu]).toEqual([1, null]);
});

it('a card that was there once is asked for again after a failure', async () => {
  const program = answering(card, { ...card, exitCode: 9 }, card);
  const watch = watchNvidia({ run: program.run, clock: systemClock });
  expect((await watch.source.read()).gpu?.percent).toBe(37);
  await expect(watch.source.read()).rejects.toThrow('exit code 9');
  expect((await watch.source.read()).gpu?.percent).toBe(37);
});
