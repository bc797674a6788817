import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ServedApp, serveApp } from '../support/served-app.ts';
import { AppWindow } from './pages/app-window.ts';

const PATIENCE = { timeout: 15_000 };
const METRICS = `metrics: {main: loss, patterns: ['step=(?P<step>\\d+) loss=(?P<loss>[\\d.]+)']}\n`;

let folder: string;
let app: ServedApp;
let window: AppWindow;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'minibatch-seeds-'));
  app = await serveApp();
  const seeded = `command: "sh -c 'echo step=1 loss={lr}{seed}; echo step=2 loss={lr}{seed}'"\nsweep: {grid: {lr: [1, 2]}}\nseeds: 3\n`;
  for (const [name, text] of [
    ['single', `command: echo step=1 loss={x}\nsweep: {grid: {x: [5, 6]}}\n`],
    ['seeded', seeded],
  ] as const) {
    const path = join(folder, `${name}.minibatch.yaml`);
    writeFileSync(path, text + METRICS);
    const { output } = await app.commandLine('run', path);
    expect(output).toContain('0 failed');
  }
  window = await AppWindow.open(app);
}, 60_000);
afterAll(async () => {
  await window?.close();
  await app?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function table(): Promise<string[]> {
  const rows = window.page.getByRole('table', { name: 'The figure as a table' }).getByRole('row');
  return (await rows.allInnerTexts()).slice(1).map((row) => row.replaceAll(/\s+/g, ' ').trim());
}

it('the results of the newest suite are shown over its seeds, of another one where it is chosen', async () => {
  await window.go('#/results?workload=command');
  await expect
    .poll(table, PATIENCE)
    .toEqual(['1 1 11.0 ± 1.0 (n = 3)', '2 2 21.0 ± 1.0 (n = 3)'].map((row) => `lr=${row}`));
  await window.page.getByText('3 seeds each', { exact: false }).waitFor();

  await window.page.getByLabel('Grouped by').selectOption('seed');
  await expect.poll(async () => (await table()).length, PATIENCE).toBe(6);

  await window.page.getByLabel(/^Suite/).selectOption('single');
  await expect
    .poll(table, PATIENCE)
    .toEqual([expect.stringMatching(/^x=5 /), expect.stringMatching(/^x=6 /)]);
  expect(await window.page.getByLabel('Results of').locator('option').allInnerTexts()).toEqual([
    'all batches, the newest of each experiment',
    expect.stringContaining('single'),
  ]);
});
