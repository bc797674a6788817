import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServedApp, serveApp } from '../support/served-app.ts';
import { AppWindow } from './pages/app-window.ts';
import { BatchPage } from './pages/batch-page.ts';

const PATIENCE = { timeout: 30_000 };

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

describe('a few experiments of a plan', () => {
  it('are started alone when they are marked', async () => {
    const launch = await window.launch();
    await launch.chooseWorkload('Steps');
    await launch.choosePreset('short');
    await launch.fill('Count', '5');
    await expect.poll(async () => (await launch.plan()).length, PATIENCE).toBe(5);
    await window.page.getByRole('row', { name: 'run 1' }).click();
    await window.page.getByRole('button', { name: 'Start only this one' }).waitFor();
    await window.page.getByRole('row', { name: 'run 3' }).click({ modifiers: ['ControlOrMeta'] });
    const batch = await launch.startOnly('Start only these 2');
    await batch.waitForBatch('Finished');
    expect(await batch.row('run').count()).toBe(2);
    await batch.waitForState('run 1', 'Succeeded');
    await batch.waitForState('run 3', 'Succeeded');
  });
});

describe('an experiment that is done', () => {
  it('is run again as a new attempt', async () => {
    const batch = new BatchPage(window.page);
    await batch.select('run 3');
    await window.page.getByRole('button', { name: 'Run again' }).click();
    await window.page.getByLabel('Attempt', { exact: true }).waitFor();
    await batch.waitForBatch('Finished');
    expect(await window.page.getByLabel('Attempt', { exact: true }).innerText()).toContain('Attempt 2 of 2');
  });

  it('is cloned with its parameters only', async () => {
    await window.page.getByRole('button', { name: 'Clone and edit this one' }).click();
    const launch = window.onLaunch();
    await expect.poll(async () => (await launch.plan()).map((row) => row[1]), PATIENCE).toEqual(['run 3']);
    expect(await launch.value('Count')).toBe('5');
    await window.page.getByText('More settings').click();
    expect(await launch.value('Only these indices')).toBe('3');
    await launch.fill('Only these indices', '3, x');
    expect(await launch.problemOf('Only these indices')).toContain('such as 3, 5 or 0-4');
    await launch.fill('Only these indices', '2-3');
    await expect.poll(async () => (await launch.plan()).length, PATIENCE).toBe(2);
  });

  it('of a suite is cloned with one value for each parameter', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'minibatch-single-'));
    try {
      const path = join(folder, 'pair.minibatch.yaml');
      writeFileSync(
        path,
        'command: echo "{lr} {who} {seed}"\nsweep: {grid: {lr: {from: 1, to: 2}, who: [ann, bob]}}\nseeds: 2\n',
      );
      expect((await app.commandLine('run', path)).output).toContain('8 succeeded');
      await window.batches();
      await window.page.getByText('Command pair').first().click();
      await new BatchPage(window.page).select('lr=2 who=bob seed=1');
      await window.page.getByRole('button', { name: 'Clone and edit this one' }).click();
      const launch = window.onLaunch();
      await expect.poll(async () => (await launch.plan()).length, PATIENCE).toBe(1);
      expect([await launch.value('lr'), await launch.value('who'), await launch.value('seed')]).toEqual([
        '2',
        'bob',
        '1',
      ]);
      await launch.fill('who', 'eve');
      const batch = await launch.start(1);
      await batch.waitForBatch('Finished');
      expect(window.complaints).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
