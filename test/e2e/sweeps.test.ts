import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServedApp, serveApp } from '../support/served-app.ts';
import { AppWindow } from './pages/app-window.ts';
import { BatchPage } from './pages/batch-page.ts';

const PATIENCE = { timeout: 30_000 };

const SUITE = `name: sweeps
command: echo "{lr} {width} {act} {seed}"
parameters: {width: 8, act: relu}
sweep:
  grid: {lr: {from: 0.001, to: 1, count: 4, scale: log}}
seeds: 2
`;

let folder: string;
let app: ServedApp;
let window: AppWindow;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'minibatch-sweep-'));
  const path = join(folder, 'sweeps.minibatch.yaml');
  writeFileSync(path, SUITE);
  app = await serveApp();
  expect((await app.commandLine('run', path, '--only', '0')).output).toContain('1 succeeded');
  window = await AppWindow.open(app);
  const launch = await window.launch();
  await launch.chooseWorkload('Command');
  await launch.card('sweeps').click();
});
afterAll(async () => {
  await window?.close();
  await app?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function names(): Promise<string[]> {
  return (await window.onLaunch().plan()).map((row) => row[1] ?? '');
}

describe('a sweep built in the form', () => {
  it('shows the range of the file, and counts along while it changes', async () => {
    const launch = window.onLaunch();
    await expect.poll(() => launch.runCount(), PATIENCE).toBe('4 × 2 seeds = 8 runs');
    expect(await launch.wayOf('lr')).toBe('range');
    await launch.setWay('width', 'range');
    await launch.fillAxis('width', { From: '8', To: '24', 'Number of values': '3' });
    expect(await launch.runCount()).toBe('3 × 4 × 2 seeds = 24 runs');
    await expect.poll(async () => (await names()).length, PATIENCE).toBe(24);
    expect(await names()).toContain('lr=0.01 width=16 seed=1');
  });

  it('takes the number of seeds, lists, and choices that go together', async () => {
    const launch = window.onLaunch();
    await launch.setWay('seed', 'seeds');
    await launch.fillAxis('seed', { 'Number of seeds': '1' });
    await launch.setWay('act', 'list');
    await launch.fill('act', '[relu, gelu, tanh]');
    expect(await launch.runCount()).toBe('3 × 3 × 4 × 1 seed = 36 runs');
    await launch.letGoTogether('width');
    await launch.letGoTogether('act');
    expect(await launch.runCount()).toBe('3 together × 4 × 1 seed = 12 runs');
    await expect.poll(async () => (await names()).length, PATIENCE).toBe(12);
    expect(await names()).toContain('lr=1 seed=0 width=24 act=tanh');
    await launch.fill('act', '[relu, gelu]');
    await window.page.getByText('width has 3 values and act 2 values').waitFor();
  });

  it('draws at random, and says when there would be too many', async () => {
    const launch = window.onLaunch();
    await launch.fill('act', '[relu, gelu, tanh]');
    await launch.setWay('lr', 'random');
    await launch.fill('Draws', '5');
    expect(await launch.runCount()).toBe('3 together × 5 draws × 1 seed = 15 runs');
    await expect.poll(async () => (await names()).length, PATIENCE).toBe(15);
    await launch.fill('Draws', '5000');
    await expect
      .poll(() => launch.runCount())
      .toBe(
        '3 together × 5,000 draws × 1 seed = 15,000 runs\nMore than the 10,000 experiments of a batch; make it smaller.',
      );
    expect(await launch.refusal()).toContain('this sweep has 15,000 experiments, more than 10,000');
    await launch.fill('Draws', 'many');
    expect(await launch.problemOf('Draws')).toContain('a whole number');
    await launch.fill('Draws', '2');
  });

  it('is saved as a preset, and comes back with all of it', async () => {
    const launch = window.onLaunch();
    await launch.savePreset('Drawn', 'Two draws.');
    await expect.poll(() => launch.card('Drawn').innerText(), PATIENCE).toContain('6 runs');
    const file = readFileSync(join(app.workspace, 'presets', 'command', 'drawn.yaml'), 'utf8');
    expect(file).toContain(`suite: ${join(folder, 'sweeps.minibatch.yaml')}\n`);
    expect(file).toMatch(/zip: \[ width, act \]\n {2}draws: 2\n/);
    await window.page.reload();
    await expect.poll(() => launch.runCount(), PATIENCE).toBe('3 together × 2 draws × 1 seed = 6 runs');
    expect(await launch.card('Drawn').getAttribute('aria-checked')).toBe('true');
    expect(await launch.changes()).toBe('Drawn as it is');
    const batch = await launch.start(6);
    await batch.waitForBatch('Finished');
    await new BatchPage(window.page).press('Edit and launch again');
    await expect.poll(() => launch.runCount(), PATIENCE).toBe('3 together × 2 draws × 1 seed = 6 runs');
  });
});

describe('a table of experiments', () => {
  it('with a mistake says where, and changes nothing', async () => {
    const launch = window.onLaunch();
    await window.page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => launch.runCount(), PATIENCE).toBe('4 × 2 seeds = 8 runs');
    await launch.importTable('bad.csv', 'lr;widht\n0,1;8\n');
    await window.page
      .getByText('bad.csv, line 1, column "widht": there is no parameter of this name. Did you mean "width"?')
      .waitFor();
    await launch.importTable('big.csv', `lr\n${'1\n'.repeat(1_000_000)}`);
    await window.page.getByText('this table has 1,000,000 rows, more than the 10,000').waitFor();
    expect(await launch.runCount()).toBe('4 × 2 seeds = 8 runs');
  });

  it('stands in the place of the parameters that it has columns for', async () => {
    const launch = window.onLaunch();
    await launch.importTable('runs.csv', '\uFEFFlr;act\r\n0,1;relu\r\n0,2;"a; b"\r\n0,3;🌙\r\n');
    await window.page.getByText('3 experiments from runs.csv: lr, act').waitFor();
    expect(await launch.runCount()).toBe('3 rows × 2 seeds = 6 runs');
    await expect
      .poll(names, PATIENCE)
      .toEqual([
        'lr=0.1 act=relu seed=0',
        'lr=0.1 act=relu seed=1',
        'lr=0.2 act=a; b seed=0',
        'lr=0.2 act=a; b seed=1',
        'lr=0.3 act=🌙 seed=0',
        'lr=0.3 act=🌙 seed=1',
      ]);
  });

  it('can be pasted, and left out again', async () => {
    const launch = window.onLaunch();
    await window.page.getByRole('button', { name: 'Paste a table…' }).click();
    await launch.fill('Table of experiments', 'lr\twidth\n0.5\tx\n');
    await window.page.getByRole('button', { name: 'Use this table instead' }).click();
    await window.page.getByText('Line 2, column "width": "x" is no number').waitFor();
    await launch.fill('Table of experiments', 'lr\twidth\n0.5\t16\n');
    await window.page.getByRole('button', { name: 'Use this table instead' }).click();
    await expect.poll(() => launch.runCount()).toBe('1 row × 2 seeds = 2 runs');
    await window.page.getByRole('button', { name: 'Leave out' }).click();
    expect(await launch.runCount()).toBe('4 × 2 seeds = 8 runs');
    expect(window.complaints).toEqual([]);
  });
});

describe('an option that is a list', () => {
  it('is filled from a range', async () => {
    const launch = await window.onLaunch().chooseWorkload('Memorization');
    await launch.choosePreset('quick');
    await window.page
      .locator('.parameter', { hasText: 'How many scenarios' })
      .getByRole('button', { name: 'Range…' })
      .click();
    const range = window.page.getByRole('group', { name: 'Range for N' });
    await range.getByLabel('To', { exact: true }).fill('1000');
    await range.getByLabel('Number of values').fill('4');
    await range.getByLabel('Spacing').selectOption('log');
    await range.getByRole('button', { name: 'Fill in' }).click();
    expect(await launch.value('N')).toBe('1, 10, 100, 1000');
    await expect.poll(async () => (await launch.plan()).length, PATIENCE).toBe(3);
  });
});
