import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServedApp, serveApp } from '../support/served-app.ts';
import { AppWindow } from './pages/app-window.ts';
import { BatchPage } from './pages/batch-page.ts';

const PATIENCE = { timeout: 30_000 };

const SUITE = `name: greetings
command: echo "hello {who}, {times} times"
parameters: {times: 2}
sweep:
  grid: {who: [ann, bob]}
resources: {threads: 2}
`;

let folder: string;
let path: string;
let app: ServedApp;
let window: AppWindow;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'minibatch-suite-'));
  path = join(folder, 'greetings.minibatch.yaml');
  writeFileSync(path, SUITE);
  app = await serveApp();
  window = await AppWindow.open(app);
});
afterAll(async () => {
  await window?.close();
  await app?.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('a suite file dropped on a browser', () => {
  it('is shown with what is wrong, at its line', async () => {
    await window.drop('greetings.minibatch.yaml', SUITE.replace('grid:', 'gird:'));
    const launch = window.onLaunch();
    expect(await launch.suiteProblem()).toEqual({
      line: '  gird: {who: [ann, bob]}',
      words: 'sweep.gird The key "gird" is not known under "sweep". Did you mean "grid"?',
    });
  });

  it('is explained when it is right, with the way to start it', async () => {
    await window.drop('greetings.minibatch.yaml', SUITE);
    const launch = window.onLaunch();
    await expect
      .poll(() => launch.droppedExperiments(), PATIENCE)
      .toEqual([
        ['0', 'who=ann', 'main', 'main'],
        ['1', 'who=bob', 'main', 'main'],
      ]);
    await window.page.getByText('minibatch run greetings.minibatch.yaml', { exact: true }).waitFor();
  });

  it('is refused when it is something else, and nothing is left of it', async () => {
    await window.drop('data.csv', 'a,b');
    await window.page.getByText('data.csv is no suite').waitFor();
    await window.page.getByRole('button', { name: 'Close' }).click();
    expect(await window.page.getByRole('region', { name: 'Dropped suite' }).count()).toBe(0);
  });
});

describe('a suite that was run from the command line', () => {
  it('is listed and can be run again with other values', async () => {
    const first = await app.commandLine('run', path);
    expect(first.output).toContain('2 succeeded');
    await window.batches();
    const launch = await window.launch();
    await launch.chooseWorkload('Command');
    await expect.poll(() => launch.card('greetings').innerText(), PATIENCE).toContain('all 2 results here');
    await launch.card('greetings').click();
    await expect
      .poll(async () => (await launch.plan()).map((row) => row.at(-1)?.split('\n')[0]), PATIENCE)
      .toEqual(['Skip', 'Skip']);
    expect(await launch.value('who')).toBe('[ann, bob]');
    await launch.fill('who', '[eve]');
    await launch.fill('times', '7');
    await expect.poll(async () => (await launch.plan()).map((row) => row[1]), PATIENCE).toEqual(['who=eve']);
    await window.page.getByRole('row', { name: 'who=eve' }).click();
    const told = window.page.getByRole('region', { name: 'What who=eve would start' });
    await expect.poll(() => told.innerText(), PATIENCE).toContain('eve');
    expect(await told.innerText()).toContain(join('batches', '<batch>', 'runs'));
    expect(await told.innerText()).toContain('MINIBATCH_SEED=');
    const batch = await launch.start(1);
    await batch.waitForBatch('Finished');
    await batch.select('who=eve');
    await expect.poll(() => batch.log().innerText(), PATIENCE).toContain('hello eve, 7 times');
  });

  it('comes back with its values when its batch is edited and launched again', async () => {
    await new BatchPage(window.page).press('Edit and launch again');
    const launch = window.onLaunch();
    await expect.poll(() => launch.value('who'), PATIENCE).toBe('[eve]');
    expect(await launch.value('times')).toBe('7');
    await expect.poll(async () => (await launch.plan()).length, PATIENCE).toBe(1);
  });

  it('is recognized by its text when it is dropped', async () => {
    await window.go('#/batches');
    await window.drop('greetings.minibatch.yaml', SUITE);
    const launch = window.onLaunch();
    await expect.poll(() => launch.card('greetings').getAttribute('aria-checked'), PATIENCE).toBe('true');
    expect(await launch.value('times')).toBe('2');
  });

  it('shows its mistakes beside its text when the file has changed', async () => {
    writeFileSync(path, SUITE.replace('echo', 'ehco'));
    await window.page.getByRole('button', { name: 'Read again' }).click();
    const launch = window.onLaunch();
    const problem = await launch.suiteProblem();
    expect(problem.line).toContain('command: ehco');
    expect(problem.words).toContain('there is no program "ehco" in the PATH');
    expect(await launch.refusal()).toContain('ehco');
  });

  it('says what the form leaves open, and nothing of what is chosen there', async () => {
    writeFileSync(path, SUITE);
    const launch = await window.launch();
    await launch.chooseWorkload('Command');
    await launch.card('greetings').click();
    await launch.fill('times', '3');
    await window.page.getByText('2 a run').waitFor();
    await window.page.getByText('More settings').click();
    const threads = window.page.getByLabel('Threads per run');
    expect(await threads.getAttribute('placeholder')).toBe('as the suite says');
    await threads.fill('1');
    await window.page.getByText('1 a run').waitFor();
    await threads.fill('');
    await window.page.getByText('2 a run').waitFor();
  });

  it('is not found under an id that nobody gave out', async () => {
    await window.go('#/launch?workload=command&suite=0123456789abcdef');
    await window.page.getByText('This suite is not open any more').waitFor();
    expect(window.complaints).toEqual([]);
  });
});
