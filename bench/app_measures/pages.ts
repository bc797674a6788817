import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core';

/** Clock ticks a second in /proc. */
const TICKS = 100;

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return ((sorted[(sorted.length - 1) >> 1] ?? 0) + (sorted[sorted.length >> 1] ?? 0)) / 2;
}

export function seconds(count: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, count * 1_000));
}

/** Processor seconds that a process has used. */
export function cpuSeconds(pid: number): number {
  if (process.platform === 'linux') {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) / TICKS;
  }
  const text = execFileSync('/bin/ps', ['-o', 'time=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  return text.split(':').reduce((total, part) => total * 60 + Number(part), 0);
}

/** Seconds that the page's main thread has worked. */
export async function workedSeconds(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0;
}

export async function sessionOf(page: Page): Promise<CDPSession> {
  const session = await page.context().newCDPSession(page);
  // Time that the thread really ran: on a busy machine a task takes longer than it works.
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  return session;
}

/** Share of one core that something used while the machine went on for a while. */
export async function shareDuring(span: number, read: () => number | Promise<number>): Promise<number> {
  const before = await read();
  const began = performance.now();
  await seconds(span);
  return ((await read()) - before) / ((performance.now() - began) / 1_000);
}

/** The median over three spans: one in which the machine did something else does not count. */
export async function usualShare(spans: number, read: () => number | Promise<number>): Promise<number> {
  const shares: number[] = [];
  for (let round = 0; round < 3; round += 1) shares.push(await shareDuring(spans, read));
  return median(shares);
}

/** Milliseconds from the start of the navigation until an element is there and a frame was drawn. */
export async function paintOf(context: BrowserContext, address: string, selector: string): Promise<number> {
  const page = await context.newPage();
  try {
    await page.addInitScript((wanted) => {
      const target = globalThis as unknown as { drawnAt?: number };
      function look(): void {
        if (document.querySelector(wanted) === null) requestAnimationFrame(look);
        else requestAnimationFrame(() => setTimeout(() => (target.drawnAt = performance.now())));
      }
      look();
    }, selector);
    await page.goto(address);
    const drawn = await page.waitForFunction(() => (globalThis as unknown as { drawnAt?: number }).drawnAt);
    return (await drawn.jsonValue()) ?? Number.NaN;
  } finally {
    await page.close();
  }
}

/** Megabytes that the page's JavaScript and documents keep after a collection. */
export async function heapMegabytes(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage');
  const { metrics } = await session.send('Performance.getMetrics');
  return (metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? Number.NaN) / 2 ** 20;
}

/** Megabytes of the largest page process, shared pages counted in part; NaN where the system does not tell. */
export async function processMegabytes(browser: Browser): Promise<number> {
  if (process.platform !== 'linux') return Number.NaN;
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const sizes = processInfo
    .filter(({ type }) => type === 'renderer')
    .map(({ id }) => {
      const text = readFileSync(`/proc/${id}/smaps_rollup`, 'utf8');
      return Number(/^Pss:\s+(\d+)/m.exec(text)?.[1] ?? Number.NaN) / 1_024;
    });
  return Math.max(...sizes);
}
