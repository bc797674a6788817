import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ServedApp, serveApp } from '../support/served-app.ts';
import { AppWindow } from './pages/app-window.ts';
import { BatchPage } from './pages/batch-page.ts';
import { ResultsPage } from './pages/results-page.ts';

const PATIENCE = { timeout: 15_000 };
/** Width 1 ends with the smaller loss, width 2 once had a smaller one. */
const SUITE = `name: two-metrics
command: "sh -c 'echo step=1 loss=0.{width} accuracy=0.{width}; echo step=2 loss=0.{end} accuracy=0.3'"
sweep: {list: [{width: 8, end: 4}, {width: 2, end: 9}]}
metrics: {main: loss, patterns: ['step=(?P<step>\\d+) loss=(?P<loss>\\S+) accuracy=(?P<accuracy>\\S+)']}
`;

let folder: string;
let app: ServedApp;
let window: AppWindow;
let results: ResultsPage;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'minibatch-values-'));
  app = await serveApp();
  const path = join(folder, 'two-metrics.minibatch.yaml');
  writeFileSync(path, SUITE);
  const { output } = await app.commandLine('run', path);
  expect(output).toContain('2 succeeded');
  window = await AppWindow.open(app);
  results = new ResultsPage(window.page);
}, 60_000);
afterAll(async () => {
  await window?.close();
  await app?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Means of the two widths as the table has them. */
async function means(): Promise<string[]> {
  const [, ...rows] = await results.table();
  return rows.map((row) => row.at(-1)?.replace(/ .*/, '') ?? '');
}

it('a metric and its value are chosen on the screen and stay in the address', async () => {
  await window.go('#/results?workload=command');
  await expect.poll(means, PATIENCE).toEqual(['0.900', '0.400']);
  expect(await results.picker('Metric')).toEqual({ chosen: 'loss', offered: ['loss', 'accuracy'] });
  expect(await results.picker('Value')).toEqual({
    chosen: 'Last',
    offered: ['Last', 'Best', 'Min', 'Max'],
  });

  await results.choose('Value', 'Best');
  await expect.poll(means, PATIENCE).toEqual(['0.200', '0.400']);
  expect(await results.title()).toMatch(/^loss \(best\) against/);
  expect(window.page.url()).toContain('value=best');

  await results.choose('Metric', 'accuracy');
  await expect.poll(() => results.title(), PATIENCE).toMatch(/^accuracy \(best\) against/);
  await expect.poll(means, PATIENCE).toEqual(['0.300', '0.800']);
  const { bytes } = await results.export('Statistics as CSV');
  expect(bytes.toString()).toContain('accuracy (best)');

  await window.page.reload();
  await expect.poll(means, PATIENCE).toEqual(['0.300', '0.800']);
  await results.choose('Metric', 'loss');
  await results.choose('Value', 'Last');
  await expect.poll(means, PATIENCE).toEqual(['0.900', '0.400']);
  expect(window.page.url()).not.toMatch(/metric|value/);
  for (const width of [1_024, 1_440]) expect((await results.pickersAt(width)).cut).toBe(false);
});

it('an address of what the results lack shows the others, with a sentence', async () => {
  await window.go('#/results?workload=command&metric=accurcy&value=best');
  const note = window.page.getByText('cannot be compared by the metric "accurcy". Did you mean "accuracy"?');
  await note.waitFor();
  await expect.poll(means, PATIENCE).toEqual(['0.200', '0.400']);
  await results.choose('Metric', 'accuracy');
  await note.waitFor({ state: 'detached' });
  expect(window.complaints).toEqual([]);
});

it('the curves of a run begin with the metric of its suite, and know its best by what the suite says', async () => {
  const path = join(folder, 'heights.minibatch.yaml');
  const text = `name: heights
command: "sh -c 'for height in 3 9 4; do echo area=1 height=$height; done'"
metrics: {main: height, patterns: ['area=(?P<area>\\d+) height=(?P<height>\\d+)']}
compare: {better: higher}
`;
  writeFileSync(path, text);
  const { output } = await app.commandLine('run', path);
  const id = /(\d{8}-\d{6}-heights-\w{4}): 1 succeeded/.exec(output)?.[1] ?? output;
  await window.go(`#/batch/${id}`);
  const batch = new BatchPage(window.page);
  await batch.select('heights');
  await batch.tab('Curves');
  const curves = window.page.locator('.curves figure');
  await expect.poll(() => curves.count(), PATIENCE).toBe(2);
  expect(await curves.first().innerText()).toContain('best 9.00');
  expect(await curves.first().innerText()).toContain('last 4.00');
  expect(await curves.last().innerText()).not.toContain('best');
});
