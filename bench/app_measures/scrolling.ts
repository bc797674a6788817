import type { CDPSession, Page } from 'playwright-core';

/** Pixels, and pixels a second: a hard flick on a trackpad that goes on for some seconds. */
const DISTANCE = 15_000;
const SPEED = 5_000;

interface FrameLog {
  frames?: number[];
}

/**
 * Milliseconds between two frames of the page while something scrolls upwards at the given place, so that nineteen of
 * twenty took no longer. A page that is at rest has 16.7 of them at 60 frames a second.
 */
export async function frameWhileScrolling(
  page: Page,
  session: CDPSession,
  place: { x: number; y: number },
): Promise<number> {
  await page.evaluate(() => {
    const log = globalThis as unknown as FrameLog;
    log.frames = [];
    function frame(time: number): void {
      log.frames?.push(time);
      if (log.frames) requestAnimationFrame(frame);
    }
    requestAnimationFrame(frame);
  });
  await session.send('Input.synthesizeScrollGesture', {
    ...place,
    yDistance: DISTANCE,
    speed: SPEED,
    gestureSourceType: 'mouse',
  });
  const times = await page.evaluate(() => {
    const log = globalThis as unknown as FrameLog;
    const { frames = [] } = log;
    delete log.frames;
    return frames;
  });
  const gaps = times.slice(1).map((time, at) => time - (times[at] ?? time));
  const sorted = gaps.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length * 0.95)] ?? Number.NaN;
}
