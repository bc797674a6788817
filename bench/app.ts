import { createWriteStream, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Browser, type BrowserContext, type CDPSession, chromium, type Page } from 'playwright-core';
import { findChromium } from '../scripts/lib/chromium.mjs';
import { type ServedApp, serveApp } from '../test/support/served-app.ts';
import {
  cpuSeconds,
  heapMegabytes,
  median,
  paintOf,
  processMegabytes,
  seconds,
  sessionOf,
  usualShare,
  workedSeconds,
} from './app_measures/pages.ts';
import { frameWhileScrolling } from './app_measures/scrolling.ts';
import { type SimulatedTime, simulateTime, tickEmptyPage } from './app_measures/simulated-hour.ts';

const LOG_BYTES = 200 * 2 ** 20;
const EMPTY = '<!doctype html><meta charset="utf-8"><title>empty</title><p class="there">.</p>';

/** One figure beside its goal and what an empty page takes in the same run; null = an empty page has none. */
interface Figure {
  readonly what: string;
  readonly unit: string;
  readonly value: number;
  readonly goal: number;
  readonly empty: number | null;
}

/** Six runs of ten metrics a second, for longer than this benchmark looks. */
async function startSix(page: Page): Promise<void> {
  await page.goto(new URL('/#/launch?workload=steps&preset=slow', page.url()).href);
  // The form is made anew for the preset; what was filled in before would be lost.
  await page.locator('[data-preset="slow"][aria-checked="true"]').waitFor();
  for (const [label, text] of [
    ['Count', '6'],
    ['Steps', '900'],
    ['Pause', '0.1'],
    ['Workers', '6'],
  ] as const)
    await page.getByLabel(new RegExp(`^${label}s?$`)).fill(text);
  await page.locator('.plan-body:not([data-stale])').waitFor();
  await page.getByRole('button', { name: 'Start 6 experiments' }).click();
  await page.waitForURL(/#\/batch\//);
  await page.locator('tbody [data-state="Running"]').nth(5).waitFor({ timeout: 60_000 });
}

async function measureRunning(app: ServedApp, page: Page, empty: Page): Promise<Figure[]> {
  const session = await sessionOf(page);
  const emptySession = await sessionOf(empty);
  await startSix(page);
  await page.bringToFront();
  // Standby workers and the first curves are over by then.
  await seconds(5);
  const [core, worked, emptyWorked] = await Promise.all([
    usualShare(8, () => cpuSeconds(app.pid)),
    usualShare(8, () => workedSeconds(session)),
    usualShare(8, () => workedSeconds(emptySession)),
  ]);
  const address = page.url();
  await page.goto('about:blank');
  await seconds(1);
  const alone = await usualShare(8, () => cpuSeconds(app.pid));
  await page.goto(address);
  // What live runs cost a page is measured by now; the ticks that follow are those of the machine alone.
  await page.getByRole('button', { name: 'Stop at checkpoint' }).click();
  await page.locator('[data-state^="Interrupted"]').first().waitFor({ timeout: 60_000 });
  const share = { unit: '% of a core', empty: null };
  return [
    { ...share, what: 'core, 6 workers of 10 metrics a second', value: 100 * core, goal: 3 },
    { ...share, what: 'core, the same while nobody looks', value: 100 * alone, goal: 3 },
    { ...share, what: 'page, the same', value: 100 * worked, goal: 5, empty: 100 * emptyWorked },
  ];
}

/** Milliseconds of the page's thread for a tick, the median over several stretches. */
async function costOfTick(time: SimulatedTime, session: CDPSession): Promise<number> {
  const ticks = 60;
  const costs: number[] = [];
  // The first ones are what the page's engine learns from.
  await time.tick(ticks, 20);
  for (let round = 0; round < 5; round += 1) {
    const before = await workedSeconds(session);
    await time.tick(ticks, 20);
    costs.push(((await workedSeconds(session)) - before) / ticks);
  }
  return 1_000 * median(costs);
}

async function measureGraphs(
  context: BrowserContext,
  browser: Browser,
  addresses: { app: string; empty: string },
): Promise<Figure[]> {
  const page = await context.newPage();
  const time = await simulateTime(page, addresses.app);
  const session = await sessionOf(page);
  await page.goto(`${addresses.app}/#/machine?range=3600`);
  await page.locator('.graph canvas').first().waitFor();
  await seconds(2);
  const perTick = await costOfTick(time, session);
  // An hour of samples on the screen that keeps the most of them.
  await time.tick(3_600, 4);
  const heap = await heapMegabytes(session);
  const size = await processMegabytes(browser);
  const sample = time.sample();
  await page.close();
  time.close();
  if (sample === null) throw new Error('The core has sent no sample.');
  const empty = await context.newPage();
  await empty.goto(addresses.empty);
  const emptySession = await sessionOf(empty);
  const emptyTime = await tickEmptyPage(empty, sample);
  const emptyTick = await costOfTick(emptyTime, emptySession);
  emptyTime.close();
  await empty.close();
  return [
    { what: 'machine graphs of an hour, a tick', unit: 'ms', value: perTick, goal: 4, empty: emptyTick },
    { what: 'page after a simulated hour, heap', unit: 'MB', value: heap, goal: 250, empty: null },
    { what: 'page after a simulated hour, process', unit: 'MB', value: size, goal: 250, empty: null },
  ];
}

/** Writes 200 MB over the log of an ended run. */
async function growLog(app: ServedApp, batch: string): Promise<void> {
  const runs = join(app.workspace, 'batches', batch, 'runs');
  const run = readdirSync(runs).find((name) => name.startsWith('0-')) ?? '';
  const line = `epoch 12345 of 99999  loss 0.123456789  accuracy 0.987654321  ${'.'.repeat(20)}\n`;
  const part = line.repeat(10_000);
  const file = createWriteStream(join(runs, run, 'attempt-1', 'output.log'));
  for (let written = 0; written < LOG_BYTES; written += part.length)
    if (!file.write(part)) await new Promise<void>((resolve) => file.once('drain', () => resolve()));
  await new Promise<void>((resolve) => file.end('the very end\n', () => resolve()));
}

/** Runs in the page: opens the first run's log and waits for its end, first without and then with line numbers. */
function openLog(): Promise<{ shown: number; counted: number }> {
  return new Promise((resolve) => {
    const began = performance.now();
    let shown = Number.NaN;
    function look(): void {
      const list = document.querySelector('.log-lines');
      const there = list?.textContent?.includes('the very end') ?? false;
      if (there && Number.isNaN(shown)) shown = performance.now() - began;
      if (there && list?.classList.contains('log-tail') === false)
        resolve({ shown, counted: performance.now() - began });
      else requestAnimationFrame(look);
    }
    document.querySelector<HTMLElement>('tr[data-key="0"]')?.click();
    requestAnimationFrame(look);
  });
}

/** A page as long as a log of the same height, with nothing but text. */
const LONG = `<!doctype html><meta charset="utf-8"><title>long</title><body>${'<div style="height:18px">.</div>'.repeat(2_000)}`;

/** Number of a line that is on the screen. */
async function lineInSight(page: Page): Promise<number> {
  const text = await page.locator('.log-lines .log-number').first().textContent();
  return Number(text);
}

/** Its end, and backwards from there: the pages that come into sight have to be read and drawn. */
async function measureScrolling(page: Page): Promise<Figure> {
  const box = await page.locator('.log-lines').boundingBox();
  if (box === null) throw new Error('There is no log on the screen.');
  const place = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  const session = await sessionOf(page);
  // The first turn of the wheel leaves the end, where only the last lines are listed.
  await page.mouse.move(place.x, place.y);
  await page.mouse.wheel(0, -100);
  await page.locator('.log-lines:not(.log-end)').waitFor();
  const from = await lineInSight(page);
  const value = await frameWhileScrolling(page, session, place);
  const passed = from - (await lineInSight(page));
  if (passed < 500) throw new Error(`The log was scrolled by ${passed} lines only.`);
  const empty = await page.context().newPage();
  await empty.setContent(LONG);
  await empty.evaluate(() => scrollTo(0, document.body.scrollHeight));
  const alone = await frameWhileScrolling(empty, await sessionOf(empty), { x: 700, y: 450 });
  await empty.close();
  // Of 60 frames a second each has 16.7 ms; the clock of frames is not exact.
  return { what: 'log of 200 MB, 95 % of frames of a scroll', unit: 'ms', value, goal: 17.5, empty: alone };
}

async function measureLog(app: ServedApp, page: Page): Promise<Figure[]> {
  await page.goto(new URL('/#/launch?workload=steps&preset=short', page.url()).href);
  await page.getByRole('button', { name: /^Start 3 experiments/ }).click({ timeout: 60_000 });
  await page.waitForURL(/#\/batch\//);
  await page.locator('[data-state^="Finished"]').first().waitFor({ timeout: 60_000 });
  // Another run is shown while the log grows, so that nobody follows it.
  await page.locator('tr[data-key="1"]').click();
  await page.getByRole('log').getByText('line for step').first().waitFor();
  await growLog(app, /batch\/([^?]+)/.exec(page.url())?.[1] ?? '');
  // A page behind another one gets a frame a second.
  await page.bringToFront();
  const { shown, counted } = await page.evaluate(openLog);
  const scrolling = await measureScrolling(page);
  return [
    scrolling,
    { what: 'log of 200 MB, its end on screen', unit: 'ms', value: shown, goal: 1_000, empty: null },
    { what: 'log of 200 MB, every line counted', unit: 'ms', value: counted, goal: 3_000, empty: null },
  ];
}

async function measure(app: ServedApp, browser: Browser, emptyAddress: string): Promise<Figure[]> {
  // The policy of the page allows its own address alone; simulated samples come from another.
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, bypassCSP: true });
  const page = await context.newPage();
  await page.goto(app.loginUrl);
  await page.locator('.preset').first().waitFor({ timeout: 60_000 });
  const address = new URL(page.url()).origin;
  const paints: number[] = [];
  const empties: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    empties.push(await paintOf(context, emptyAddress, '.there'));
    paints.push(await paintOf(context, `${address}/`, '.preset'));
  }
  const empty = await context.newPage();
  await empty.goto(emptyAddress);
  const paint = {
    what: 'first useful paint',
    unit: 'ms',
    value: median(paints),
    goal: 1_000,
    empty: median(empties),
  };
  const log = await measureLog(app, page);
  const running = await measureRunning(app, page, empty);
  const graphs = await measureGraphs(context, browser, { app: address, empty: emptyAddress });
  return [paint, ...running, ...graphs, ...log];
}

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
const executablePath = findChromium();
if (executablePath === null) throw new Error('No Chromium was found; name one in MINIBATCH_CHROMIUM.');
const emptyServer = createServer((_request, response) =>
  response.writeHead(200, { 'Content-Type': 'text/html' }).end(EMPTY),
);
await new Promise<void>((resolve) => emptyServer.listen(0, '127.0.0.1', resolve));
const app = await serveApp();
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
try {
  const { port } = emptyServer.address() as AddressInfo;
  const figures = await measure(app, browser, `http://127.0.0.1:${port}/`);
  const say = values.json ? console.error : console.log;
  const shown = (value: number | null): string => (value === null ? '–' : value.toFixed(1));
  say(
    `${'figure'.padEnd(42)} ${'value'.padStart(9)} ${'goal'.padStart(8)} ${'empty page'.padStart(11)}  unit`,
  );
  for (const { what, unit, value, goal, empty } of figures) {
    const mark = value <= goal ? ' ' : '!';
    say(
      `${what.padEnd(42)} ${shown(value).padStart(9)} ${`< ${goal}`.padStart(8)} ${shown(empty).padStart(11)}  ${unit} ${mark}`,
    );
  }
  if (values.json) console.log(JSON.stringify({ figures }));
} finally {
  await browser.close();
  await app.stop();
  emptyServer.close();
}
