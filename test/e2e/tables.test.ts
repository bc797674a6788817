import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ServedApp, serveApp } from '../support/served-app.ts';
import { writeRatesSuite } from '../support/tables-suite.ts';
import { AppWindow } from './pages/app-window.ts';
import { BatchPage } from './pages/batch-page.ts';

const PATIENCE = { timeout: 15_000 };

let folder: string;
let app: ServedApp;
let window: AppWindow;
let batch: BatchPage;
let id: string;

beforeAll(async () => {
  const suite = writeRatesSuite();
  folder = suite.folder;
  app = await serveApp();
  const { output } = await app.commandLine('run', suite.path, '--workers', '2');
  id = /(\d{8}-\d{6}-rates-\w{4}): 15 succeeded, 3 failed/.exec(output)?.[1] ?? '';
  window = await AppWindow.open(app);
  await window.go(`#/batch/${id}`);
  batch = new BatchPage(window.page);
}, 90_000);
afterAll(async () => {
  await window?.close();
  await app?.stop();
  rmSync(folder, { recursive: true, force: true });
});

it('looks as ever to somebody who has arranged nothing', async () => {
  await expect.poll(async () => (await batch.names()).length, PATIENCE).toBe(18);
  expect(await batch.columns()).toEqual('#,Experiment,State,Doing,Progress,Val loss,Peak,Time'.split(','));
});

it('filters by what is known of the experiments, and says what it cannot read', async () => {
  await batch.filter('lr>=0.01 and not state:failed');
  await expect.poll(async () => (await batch.names()).length, PATIENCE).toBe(9);
  await batch.page.getByText('9 of 18').waitFor();
  await batch.filter('lr>=0.01 and lrr=1');
  await expect
    .poll(() => batch.filterProblem(), PATIENCE)
    .toContain('Nothing here is called "lrr". Did you mean "lr"?');
  // What was shown stays.
  expect((await batch.names()).length).toBe(9);
  await batch.page.getByTitle('What a filter can say').click();
  await batch.page.getByRole('button', { name: 'val/loss.best', exact: true }).click();
  await batch.filter('val/loss.best<0.004 and seed in (1, 2)');
  await expect.poll(async () => (await batch.names()).length, PATIENCE).toBe(4);
  await batch.filter('');
});

it('groups the seeds of one configuration, with mean and deviation, and folds and marks them', async () => {
  await batch.groupBy('Same settings');
  await expect
    .poll(async () => (await batch.groups())[0], PATIENCE)
    .toMatch(/^▾ lr 0\.001, optimizer adam 3 3 Val loss 0\.1630 ± 0\.0010 \(n = 3\) Mark 3$/);
  expect((await batch.groups()).length).toBe(6);
  // The head of a group is as wide as its rows.
  const width = async (line: string): Promise<number | undefined> =>
    (await batch.page.locator(`.experiments tbody ${line}`).first().boundingBox())?.width;
  expect(await width('tr[data-group] td')).toBe(await width('tr[data-selectable]'));
  const first = batch.page.locator('.experiments tr[data-group]').first();
  await first.click();
  await expect.poll(async () => (await batch.names()).length, PATIENCE).toBe(15);
  await batch.page.keyboard.press('ArrowRight');
  await expect.poll(async () => (await batch.names()).length, PATIENCE).toBe(18);
  await batch.page.keyboard.press(' ');
  await batch.page.getByText('3 marked').waitFor();
  // From the head of the group the arrows go on to its rows.
  await batch.page.keyboard.press('ArrowDown');
  await expect.poll(() => batch.selected(), PATIENCE).toBe('lr=0.001 optimizer=adam seed=1');
  await batch.sortBy('#');
  await batch.sortBy('#');
  await expect.poll(async () => (await batch.names())[0], PATIENCE).toBe('lr=0.001 optimizer=adam seed=3');
  await batch.sortBy('#');
});

it('shows, orders and keeps columns, and saves what is shown in full precision', async () => {
  await batch.press('Columns');
  for (const title of ['Lr', 'Val loss, best'])
    await batch.page.getByRole('checkbox', { name: title, exact: true }).check();
  for (const title of ['Doing', 'Peak', 'Rate', 'Time'])
    await batch.page.getByRole('checkbox', { name: title, exact: true }).uncheck();
  const best = batch.page.getByRole('checkbox', { name: 'Val loss, best' });
  await best.focus();
  await batch.page.keyboard.press('Alt+ArrowUp');
  await batch.page.keyboard.press('Escape');
  const shown = ['#', 'Experiment', 'State', 'Progress', 'Val loss', 'Val loss, best', 'Lr'];
  await expect.poll(() => batch.columns(), PATIENCE).toEqual(shown);
  await window.reload();
  await expect.poll(() => batch.columns(), PATIENCE).toEqual(shown);
  await batch.groupBy('Not grouped');
  await batch.filter('optimizer=adam and seed=2 and lr<0.1');
  const lines = (await batch.downloadTable()).trim().split('\r\n');
  expect(lines).toEqual([
    'index,name,state,progress,val/loss,val/loss.best,lr',
    '1,lr=0.001 optimizer=adam seed=2,succeeded,1,0.163,0.003,0.001',
    '7,lr=0.01 optimizer=adam seed=2,succeeded,1,0.172,0.012,0.01',
  ]);
  await batch.filter('');
});

it('keeps the pinned columns in sight where the others are scrolled', async () => {
  await window.page.setViewportSize({ width: 1024, height: 700 });
  await batch.press('Columns');
  for (const title of ['Optimizer', 'Started', 'Device', 'Seed', 'Attempts'])
    await batch.page.getByRole('checkbox', { name: title, exact: true }).check();
  await batch.page.keyboard.press('Escape');
  const head = batch.page.getByRole('grid', { name: /^Experiments of/ }).locator('th[data-column="name"]');
  const before = await head.boundingBox();
  await batch.page.locator('.experiments .table-scroll').evaluate((box) => {
    box.scrollLeft = 400;
  });
  const state = batch.page.locator('.experiments th[data-column="state"]');
  await expect.poll(async () => (await state.boundingBox())?.x, PATIENCE).toBeLessThan(before?.x ?? 0);
  expect((await head.boundingBox())?.x).toBe(before?.x);
  expect(await batch.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  await batch.press('Columns');
  await batch.page.getByRole('button', { name: 'Columns as they were at first' }).click();
  await batch.page.keyboard.press('Escape');
  await expect.poll(async () => (await batch.columns())[3], PATIENCE).toBe('Doing');
});

it('reads the same filters on the command line', async () => {
  const status = await app.commandLine('status', id, '--where', 'state=failed and lr>0.01 and seed in (1,3)');
  expect(status.output).toContain('2 of 18 experiments');
  const wrong = await app.commandLine('status', id, '--where', 'lrr>1');
  expect(wrong.code).toBe(2);
  expect(wrong.output).toContain(
    'The filter "lrr>1" cannot be read at character 1: Nothing here is called "lrr". Did you mean "lr"?',
  );
});

it('made no error in the page', () => {
  expect(window.complaints).toEqual([]);
});
