import { chmodSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServedApp, serveApp } from '../support/served-app.ts';
import { AppWindow } from './pages/app-window.ts';
import { BatchPage } from './pages/batch-page.ts';
import { MachinePage } from './pages/machine-page.ts';

const PATIENCE = { timeout: 30_000 };

/** Two cards as the program of NVIDIA's driver lists them; the second cannot tell its use. */
const NVIDIA = `#!/bin/sh
echo "NVIDIA H200, 64, 20480, 143360"
echo "NVIDIA H200, [N/A], 1024, 143360"
`;

let folder: string;
let app: ServedApp;
let window: AppWindow;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'minibatch-nvidia-'));
  writeFileSync(join(folder, 'nvidia-smi'), NVIDIA);
  chmodSync(join(folder, 'nvidia-smi'), 0o755);
  app = await serveApp({ env: { PATH: `${folder}${delimiter}${process.env.PATH ?? ''}` } });
  window = await AppWindow.open(app);
});
afterAll(async () => {
  await window?.close();
  await app?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A test that acts on live runs takes many steps, and ends them itself: a busy machine gives it the time it needs. */
async function startSlow(seed: string, steps = '100'): Promise<BatchPage> {
  const launch = await window.launch();
  await launch.chooseWorkload('Steps');
  await launch.choosePreset('slow');
  await launch.fill('Seed', seed);
  await launch.fill('Steps', steps);
  await launch.fill('Workers', '2');
  await launch.plan();
  return launch.start(2);
}

/** Everything of a batch that lies in its folder, as one path. */
function batchFolder(batch: BatchPage): string {
  const id = /batch\/([^?]+)/.exec(batch.page.url())?.[1] ?? '';
  return join(app.workspace, 'batches', id);
}

describe('a card of NVIDIA', () => {
  it('is shown with its use and memory', async () => {
    const machine = await window.machine();
    await expect.poll(() => machine.value('GPU'), PATIENCE).toMatch(/^64/);
    expect(await machine.value('GPU memory')).toMatch(/^21.*280/);
    await expect.poll(() => machine.ink('GPU memory'), PATIENCE).toBeGreaterThan(3);
    expect(await window.page.getByText('Thermal state').locator('..').innerText()).toContain('not available');
  });
});

describe('the machine', () => {
  it('shows ranges from a minute to the whole batch, and the processes of each run', async () => {
    const batch = await startSlow('1', '5000');
    await batch.waitForState('run 1', 'Running');
    const { page } = window;
    const address = page.url();
    await window.machine();
    const processes = page.getByRole('grid', { name: 'Processes of live runs' });
    await expect.poll(() => processes.innerText(), PATIENCE).toContain('run 0');
    const machine = new MachinePage(page);
    for (const range of ['1 min', '1 h', 'Whole batch']) {
      await page
        .getByRole('radio', { name: range.replace(' ', '\u2009') })
        .or(page.getByRole('radio', { name: range }))
        .first()
        .click();
      await expect.poll(() => machine.ink('CPU'), PATIENCE).toBeGreaterThan(3);
    }
    await page.goto(address);
    await batch.press('Stop at checkpoint');
    await batch.waitForBatch('Interrupted');
  });
});

describe('two windows on one batch', () => {
  it('show the same, whoever asks', async () => {
    const batch = await startSlow('2', '5000');
    await batch.waitForState('run 0', 'Running');
    const second = await AppWindow.open(app, { dark: true, width: 1024, height: 700 });
    try {
      await second.page.goto(batch.page.url());
      const other = new BatchPage(second.page);
      await other.waitForState('run 0', 'Running');
      await other.press('Pause');
      await batch.waitForBatch('Paused');
      await batch.press('Resume');
      await other.waitForBatch('Running');
      await other.press('Stop at checkpoint');
      await other.waitForBatch('Interrupted');
      await batch.waitForBatch('Interrupted');
      expect(await other.figures()).toEqual(await batch.figures());
      expect(second.complaints).toEqual([]);
    } finally {
      await second.close();
    }
  });
});

describe('a folder that goes away', () => {
  it('is told in words while its run is shown, and the window lives on', async () => {
    const batch = await startSlow('3');
    await batch.waitForBatch('Finished');
    await batch.select('run 0');
    await batch.log().waitFor();
    const runs = join(batchFolder(batch), 'runs');
    const run = readdirSync(runs).find((name) => name.startsWith('0-')) ?? '';
    renameSync(join(runs, run), join(folder, 'gone'));
    await batch.tab('Details');
    await expect
      .poll(() => batch.page.locator('section[aria-label$=", run 0"]').innerText(), PATIENCE)
      .toContain('run.json is missing');
    await batch.select('run 1');
    await batch.tab('Log');
    await expect.poll(() => batch.log().innerText(), PATIENCE).toContain('line for step');
    expect(window.complaints).toEqual([]);
  });
});

describe('a log of the worst kind', () => {
  it('is shown with a line of 50 MB in it', async () => {
    const launch = await window.launch();
    await launch.chooseWorkload('Steps');
    await launch.choosePreset('wide');
    await launch.plan();
    const batch = await launch.start(1);
    await batch.waitForBatch('Finished');
    await batch.select('run 0');
    await batch.log().getByText('behind').waitFor();
    await expect.poll(() => batch.log().innerText(), PATIENCE).toContain('line cut at 16 kB');
    expect(window.complaints).toEqual([]);
  });
});

describe('a core that was started again', () => {
  it('has another address, and the page says so', async () => {
    await app.end();
    const banner = window.page.getByRole('alert').getByText('open the one that it printed');
    await banner.waitFor();
  });
});
