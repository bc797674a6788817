import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServedApp, serveApp } from '../support/served-app.ts';
import { AppWindow } from './pages/app-window.ts';
import { BatchPage } from './pages/batch-page.ts';

/** Milliseconds that the screen may take on a busy machine; the first plan also looks at every Python there is. */
const PATIENCE = 60_000;

let app: ServedApp;
let window: AppWindow;

beforeAll(async () => {
  app = await serveApp();
  window = await AppWindow.open(app);
});
afterAll(async () => {
  await window?.close();
  await app?.stop();
});

describe('a memorization batch, from the plan to the paper', () => {
  it('plans, trains, compares and exports', async () => {
    const launch = await window.launch();
    await launch.chooseWorkload('Memorization');
    await launch.choosePreset('custom');
    await launch.fill('Architectures', '0, 1');
    await launch.fill('Target ratios', '10');
    await launch.fill('Epochs', '30');
    await launch.fill('N', '1, 5');
    await expect
      .poll(async () => (await launch.plan()).map((row) => row[2]).toSorted(), { timeout: PATIENCE })
      .toEqual(['1,670', '5,382']);
    expect(await launch.arithmetic()).toMatch(/^\d+ workers?: |worker/);

    const batch = await launch.start(2);
    await batch.waitForBatch('Finished');
    expect(await batch.state('[32, 32]')).toBe('Succeeded');
    await batch.select('[32, 32]');
    await expect.poll(() => batch.log().innerText(), { timeout: PATIENCE }).toContain('ratio mean');

    const results = await batch.compare();
    await results.drawn('scatter');
    const table = await results.table();
    expect(table[0]).toEqual(['Experiment', 'Parameters', 'N = 1', 'N = 5']);
    expect(table.slice(1).map((row) => row.slice(0, 2))).toEqual([
      ['[32, 32]', '1,670'],
      ['[64, 64]', '5,382'],
    ]);
    expect((await results.tests()).map((row) => row[0])).toEqual(['1', '5']);

    const csv = await results.export('Statistics as CSV');
    const [head = '', ...rows] = csv.bytes.toString('utf8').trim().split(/\r?\n/);
    const mean = head.split(',').indexOf('mean');
    expect(mean).toBeGreaterThan(0);
    expect(rows).toHaveLength(4);
    // The table on screen and the file say the same of the first experiment at N = 1.
    const shown = Number.parseFloat(table[1]?.[2] ?? '');
    const means = rows.map((row) => Number(row.match(/("[^"]*"|[^,]*)(,|$)/g)?.[mean]?.replace(',', '')));
    expect(means.some((value) => Math.abs(value - shown) < 0.006)).toBe(true);

    const all = await results.export('All rows as CSV');
    expect(all.bytes.toString('utf8').trim().split(/\r?\n/)).toHaveLength(1 + 2 * (10 + 10));

    const png = await results.export('Figure as PNG');
    expect(png.name).toBe('memorization-scatter.png');
    expect(png.bytes.subarray(1, 4).toString()).toBe('PNG');
    expect(png.bytes.readUInt32BE(16)).toBe(2_700);
    expect(png.bytes.length).toBeGreaterThan(20_000);

    const svg = (await results.export('Figure as SVG')).bytes.toString('utf8');
    expect(svg).toMatch(/^<svg/);
    expect(svg).toContain('N = 5');
    // Always on white, whatever the window's theme.
    expect(svg).toContain('rgb(255, 255, 255)');

    for (const [title, kind] of [
      ['Box', 'box'],
      ['Bands', 'bands'],
      ['Convergence', 'curves'],
    ] as const) {
      await results.show(title);
      await results.drawn(kind);
      expect((await results.table()).length).toBeGreaterThan(1);
    }

    await results.groupBy('parameterCount');
    await results.show('Scatter');
    await expect
      .poll(async () => (await results.table())[0], { timeout: PATIENCE })
      .toEqual(['Experiment', 'Parameters', 'parameterCount = 1670', 'parameterCount = 5382']);
    for (const width of [1_024, 2_560, 1_440])
      expect(await results.pickersAt(width)).toEqual({ rows: 1, cut: false });
    const regrouped = (await results.export('Statistics as CSV')).bytes.toString('utf8');
    expect(regrouped.trim().split(/\r?\n/)).toHaveLength(1 + 2);
  });

  it('is not planned a second time', async () => {
    const launch = await window.launch();
    await expect
      .poll(async () => (await launch.plan()).map((row) => row.at(-1)?.split('\n')[0]), { timeout: PATIENCE })
      .toEqual(['Skip', 'Skip']);
  });
});

describe('what a person types', () => {
  it('is told at the field when it cannot be', async () => {
    const launch = await window.launch();
    await launch.chooseWorkload('Steps');
    await launch.fill('Count', '99');
    expect(await launch.problemOf('Count')).toBe('A whole number from 1 to 20.');
    await expect.poll(() => launch.startButton().isDisabled(), { timeout: PATIENCE }).toBe(true);
  });

  it('is told as a sentence when the workload refuses it', async () => {
    const launch = await window.launch();
    await launch.fill('Count', '13');
    expect(await launch.refusal()).toContain('Thirteen experiments bring bad luck');
    await launch.fill('Count', '3');
    await expect.poll(async () => (await launch.plan()).length, { timeout: PATIENCE }).toBe(3);
  });
});

describe('a run', () => {
  it('shows its log with colours and resolved carriage returns, and finds words in it', async () => {
    const launch = await window.launch();
    await launch.choosePreset('short');
    const batch = await launch.start(3);
    await batch.waitForBatch('Finished');
    await batch.select('run 1');
    const green = batch.log().getByText('green words');
    await green.waitFor();
    expect(await green.evaluate((element) => element.style.color)).toBe('var(--ansi-green)');
    expect(await batch.log().innerText()).not.toContain('bar 3');
    const found = await batch.search('line for step');
    await expect.poll(() => found.innerText(), { timeout: PATIENCE }).toBe('1 of 6');
    await batch.page.keyboard.press('Enter');
    expect(await found.innerText()).toBe('2 of 6');
    await batch.press('Regular expression');
    await batch.search('step 1[05]$');
    await expect.poll(() => found.innerText(), { timeout: PATIENCE }).toBe('1 of 2');
  });

  it('hands out its log as the terminal showed it', async () => {
    const batch = new BatchPage(window.page);
    const { name, bytes } = await batch.downloadLog();
    expect(name).toMatch(/^\d{8}-\d{6}-short-[\da-f]{4}-1-run-1\.log$/);
    const id = /batch\/([^?]+)/.exec(window.page.url())?.[1] ?? '';
    const written = readFileSync(
      join(app.workspace, 'batches', id, 'runs', '1-run-1', 'attempt-1', 'output.log'),
      'utf8',
    );
    // A terminal shows what was written last over a line, and no colours as text.
    const shown = written.split('\n').map((line) => line.replace(/\r$/, '').replace(/^.*\r/s, ''));
    expect(bytes.toString('utf8').trimEnd().split('\n')).toEqual(
      stripVTControlCharacters(shown.join('\n')).trimEnd().split('\n'),
    );
  });

  it('can be changed and launched again with its whole batch', async () => {
    const earlier = new BatchPage(window.page);
    await earlier.press('Edit and launch again');
    const launch = window.onLaunch();
    await expect
      .poll(() => launch.card('Short').getAttribute('aria-checked'), { timeout: PATIENCE })
      .toBe('true');
    expect(await launch.value('Count')).toBe('3');
    await expect
      .poll(async () => (await launch.plan()).map((row) => row.at(-1)?.split('\n')[0]), { timeout: PATIENCE })
      .toEqual(['Skip', 'Skip', 'Skip']);
    await launch.fill('Count', '4');
    await expect.poll(async () => (await launch.plan()).length, { timeout: PATIENCE }).toBe(4);
    const batch = await launch.start(1);
    await batch.waitForBatch('Finished');
    expect(await batch.state('run 3')).toBe('Succeeded');
    expect(await batch.state('run 0')).toBe('Skipped');
  });

  it('says how it failed and can be tried again', async () => {
    const launch = await window.launch();
    await launch.choosePreset('broken');
    const batch = await launch.start(2);
    await batch.waitForBatch('Finished');
    expect(await batch.state('run 1')).toBe('Failed');
    expect(await batch.row('run 1').innerText()).toContain('made to fail');
    await batch.select('run 1');
    await batch.press('Retry 1 failed');
    await batch.page.getByLabel('Attempt').waitFor();
    await batch.waitForState('run 1', 'Failed');
  });
});

describe('the connection', () => {
  it('heals after a loss, with every line and the last state', async () => {
    const launch = await window.launch();
    await launch.choosePreset('slow');
    const batch = await launch.start(2);
    await batch.waitForState('run 0', 'Running');
    await batch.select('run 0');
    await expect.poll(() => batch.log().innerText(), { timeout: PATIENCE }).toContain('line for step');
    await window.disconnect();
    await window.page.getByRole('alert').getByText('Not connected.').waitFor();
    await expect.poll(() => batch.row('run 0').isVisible(), { timeout: PATIENCE }).toBe(true);
    window.reconnect();
    await window.page.getByRole('alert').waitFor({ state: 'detached' });
    await batch.waitForBatch('Finished');
    const found = await batch.search('line for step');
    await expect.poll(() => found.innerText(), { timeout: PATIENCE }).toMatch(/of 20$/);
    expect((await batch.figures())[0]).toMatch(/^100/);
  });

  it('is made anew by a reload, on the same screen and run', async () => {
    const batch = new BatchPage(window.page);
    await batch.select('run 1');
    const reloaded = await window.reload();
    await reloaded.waitForState('run 1', 'Succeeded');
    expect(await reloaded.selected()).toBe('run 1');
  });
});

describe('the line between table and run', () => {
  it('moves by the pointer and by keys, stays over a reload, and goes back', async () => {
    const { page } = window;
    const batch = new BatchPage(page);
    await batch.select('run 1');
    const line = page.getByRole('separator', { name: 'Table and run' });
    const share = () => line.getAttribute('aria-valuenow').then(Number);
    const usual = await share();
    const box = await line.boundingBox();
    const panes = await page.locator('.split-panes').boundingBox();
    if (box === null || panes === null) throw new Error('There is no line to move.');
    const to = box.y - 80;
    const dragged = Math.round((100 * (panes.y + panes.height - to)) / panes.height);
    expect(dragged).toBeGreaterThan(usual + 5);
    await page.mouse.move(box.x + 200, box.y + 5);
    await page.mouse.down();
    await page.mouse.move(box.x + 200, to, { steps: 4 });
    await page.mouse.up();
    await expect.poll(share, { timeout: PATIENCE }).toBe(dragged);
    await line.press('ArrowDown');
    await expect.poll(share, { timeout: PATIENCE }).toBe(dragged - 2);
    await window.reload();
    await expect.poll(share, { timeout: PATIENCE }).toBe(dragged - 2);
    await line.dblclick();
    await expect.poll(share, { timeout: PATIENCE }).toBe(usual);
  });
});

describe('the keyboard', () => {
  it('moves through rows, screens and commands', async () => {
    const { page } = window;
    const batch = new BatchPage(page);
    await batch.select('run 0');
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => batch.selected(), { timeout: PATIENCE }).toBe('run 1');
    await page.keyboard.press('/');
    await page.keyboard.type('run 0');
    await expect.poll(() => batch.row('run 1').count(), { timeout: PATIENCE }).toBe(0);
    // A question mark is text in a field, and elsewhere asks for help.
    await page.keyboard.type('?');
    expect(await page.getByRole('dialog').count()).toBe(0);
    await page.keyboard.press('Backspace');
    await batch.select('run 0');
    await page.keyboard.press('?');
    const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await expect.poll(() => help.innerText(), { timeout: PATIENCE }).toContain('Edit and launch again');
    await page.keyboard.press('Escape');
    await help.waitFor({ state: 'detached' });
    await page.keyboard.press('Control+k');
    await page.keyboard.type('dark');
    await page.keyboard.press('Enter');
    await expect.poll(() => window.theme(), { timeout: PATIENCE }).toBe('dark');
    await page.keyboard.press('Control+2');
    await page.getByRole('grid', { name: 'Batches' }).waitFor();
  });

  it('leaves the theme chosen after a reload', async () => {
    await window.page.reload();
    await expect.poll(() => window.theme(), { timeout: PATIENCE }).toBe('dark');
  });
});

describe('every screen', () => {
  it('draws the machine and says what it lacks', async () => {
    const machine = await window.machine();
    await expect.poll(() => machine.value('CPU'), { timeout: PATIENCE }).toMatch(/%$/);
    await expect.poll(() => machine.ink('CPU'), { timeout: PATIENCE }).toBeGreaterThan(3);
    expect(await machine.value('Memory')).toMatch(/[MG]B of .*GB/);
    expect(await machine.value('GPU')).toMatch(/not available|%/);
  });

  it('has a name on everything that can be pressed or read', async () => {
    for (const screen of ['launch', 'batches', 'results', 'machine']) {
      await window.page.evaluate((to) => {
        location.hash = `#/${to}`;
      }, screen);
      await window.page.getByRole('heading', { level: 1 }).waitFor();
      expect(await window.unnamed(), screen).toEqual([]);
    }
  });

  it('made no error and broke no rule of the security policy', () => {
    expect(window.complaints).toEqual([]);
  });
});
