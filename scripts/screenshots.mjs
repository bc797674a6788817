import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureChromium } from './lib/chromium.mjs';
import { asProgram, must, report, SetupError } from './lib/command.mjs';
import { HEADLESS, ROOT } from './lib/paths.mjs';
import { setUp } from './setup.mjs';

const FOLDER = join(ROOT, 'docs', 'screenshots');
const SIZE = { width: 1440, height: 900 };
/** Milliseconds for anything that waits for a training; a busy machine takes its time. */
const PATIENCE = 240_000;

/** The served app with a workspace of its own. Resolves to its address and how to stop it. */
async function serve({ node, env }) {
  // In the home folder, which pictures call `~`.
  const workspace = mkdtempSync(join(homedir(), 'Minibatch-'));
  const args = [HEADLESS, 'serve', '--workspace', workspace];
  const child = spawn(node, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const address = await new Promise((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (part) => {
      text += part;
      const found = /http:\/\/\S+\/login\S+/.exec(text)?.[0];
      if (found) resolve(found);
    });
    child.once('close', () => reject(new SetupError('The app could not be served.')));
  });
  const stop = async () => {
    const gone = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGTERM');
    await gone;
    rmSync(workspace, { recursive: true, force: true });
  };
  return { address, workspace, stop };
}

/** Starts the preset `custom` through the form, as a person would. `fields` by label. */
async function startBatch(page, fields) {
  await page.goto(new URL('/#/launch?workload=memorization&preset=custom', page.url()).href);
  await page.getByRole('heading', { level: 1, name: 'Memorization' }).waitFor();
  for (const [label, text] of Object.entries(fields)) {
    await page.getByLabel(label, { exact: true }).fill(text);
  }
  await page.locator('.plan-body:not([data-stale])').waitFor({ timeout: PATIENCE });
  await page.getByRole('button', { name: /^Start \d+ experiment/ }).click({ timeout: PATIENCE });
  await page.waitForURL(/#\/batch\//);
}

function experiments(page) {
  return page.getByRole('grid', { name: /^Experiments of/ });
}

function rowOf(page, index) {
  return experiments(page).locator(`tr[data-key="${index}"]`);
}

/** Waits until so many rows of the batch are in a state. */
async function waitForRows(page, state, count) {
  await experiments(page)
    .locator(`[data-state="${state}"]`)
    .nth(count - 1)
    .waitFor({ timeout: PATIENCE });
}

/**
 * Kills every attempt at an experiment, as the system does when memory runs out, until the batch counts it as failed:
 * the first kill alone would be answered with another attempt.
 */
async function killTraining(page, { workspace, batch, index }) {
  const runs = join(workspace, 'batches', batch, 'runs');
  const state = rowOf(page, index).locator('[data-state]');
  for (let word = ''; word !== 'Failed'; word = await state.getAttribute('data-state')) {
    const run = readdirSync(runs).find((name) => name.startsWith(`${index}-`));
    for (const attempt of run ? readdirSync(join(runs, run)) : []) killLive(join(runs, run, attempt));
    await page.waitForTimeout(100);
  }
}

function killLive(folder) {
  const path = join(folder, 'status.json');
  if (!existsSync(path)) return;
  const { state, process: training } = JSON.parse(readFileSync(path, 'utf8'));
  if (state === 'running' && training) process.kill(training.pid, 'SIGKILL');
}

/** One picture in each theme. The page follows the system's theme; graphs draw themselves anew in it. */
async function takeBoth(page, name) {
  const toast = page.getByRole('button', { name: 'Dismiss' });
  while ((await toast.count()) > 0) await toast.first().click();
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.locator(`html[data-theme="${colorScheme}"]`).waitFor();
    await page.evaluate(() => document.fonts.ready);
    // Two samples of the machine: every curve has been fetched and drawn in the new colours by then.
    await page.waitForTimeout(2_500);
    await page.screenshot({ path: join(FOLDER, `${name}-${colorScheme}.png`), animations: 'disabled' });
    report(`docs/screenshots/${name}-${colorScheme}.png`);
  }
}

/** The table of a batch as a person may arrange it. */
async function takeTable(page) {
  await page.getByLabel('Group experiments').selectOption({ label: 'State' });
  await page.getByRole('button', { name: /^Columns/ }).click();
  await page.getByText('Find a column').or(page.getByPlaceholder('Find a column')).first().waitFor();
  await takeBoth(page, 'table');
  await page.keyboard.press('Escape');
}

async function go(page, hash) {
  await page.evaluate((to) => {
    location.hash = to;
  }, hash);
}

/** Shows another part of the panel of the chosen run. */
async function showTab(page, title) {
  await page.getByRole('radio', { name: title, exact: true }).click();
}

/** Runs a suite from the command line, so that the window knows it: the included example, in a folder of its own. */
async function runSuite({ node, env }, workspace) {
  const study = join(workspace, 'studies', 'fit-line');
  cpSync(join(ROOT, 'resources', 'workloads', 'command', 'example'), study, { recursive: true });
  const suite = join(study, 'fit-line.minibatch.yaml');
  const text = readFileSync(join(study, 'quick.minibatch.yaml'), 'utf8');
  writeFileSync(suite, text.replace(/^#.*\n/gm, '').replace('name: quick', 'name: learning rates'));
  await must(node, [HEADLESS, 'run', suite, '--workspace', workspace], {
    env,
    wayOut: 'Run the suite by itself to see why.',
  });
  return suite;
}

/** Drops a text on the page as a file, which a browser gives without its path. */
async function drop(page, name, text) {
  await page.evaluate(
    ([file, content]) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([content], file));
      document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
    },
    [name, text],
  );
}

/** A suite on the launch screen that was run before. */
async function takeSuites(page) {
  await openSuite(page);
  await page.getByLabel('steps', { exact: true }).fill('400');
  await page.locator('.plan-body:not([data-stale])').waitFor({ timeout: PATIENCE });
  await takeBoth(page, 'suite');
}

async function openSuite(page) {
  await go(page, '#/launch?workload=command');
  await page
    .getByRole('radiogroup', { name: 'Preset' })
    .getByRole('radio', { name: /^learning rates/ })
    .click();
  await page.getByRole('region', { name: 'Suite' }).waitFor();
}

async function takeDropped(page, suite) {
  await drop(page, 'my.minibatch.yaml', readFileSync(suite, 'utf8').replace('grid:', 'gird:'));
  await page.getByRole('region', { name: 'Dropped suite' }).waitFor();
  await takeBoth(page, 'suite-mistake');
  await page.getByRole('button', { name: 'Close', exact: true }).click();
}

/** Options kept as a preset of one's own, and a sweep that is built in the form. */
async function takeForms(page, suite) {
  await go(page, '#/launch?workload=memorization&preset=deep');
  await page.locator('.plan-body:not([data-stale])').waitFor({ timeout: PATIENCE });
  await page.getByLabel('Epochs', { exact: true }).fill('5000');
  await page.getByRole('button', { name: 'Save as preset…' }).click();
  const sheet = page.getByRole('dialog');
  await sheet.getByLabel('Name').fill('My night');
  await sheet.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('radio', { name: /^My night/ }).waitFor();
  await page.locator('.plan-body:not([data-stale])').waitFor({ timeout: PATIENCE });
  await takeBoth(page, 'presets');
  await openSuite(page);
  await page.getByLabel('How lr varies').selectOption('range');
  await page.locator('.plan-body:not([data-stale])').waitFor({ timeout: PATIENCE });
  await page.getByRole('region', { name: 'Suite' }).scrollIntoViewIfNeeded();
  await takeBoth(page, 'sweep');
  await takeDropped(page, suite);
}

/** A small batch first, so that there are results and something to skip; then one to look at while it trains. */
async function takeAll(page, { machine, workspace }) {
  await go(page, '#/batches');
  await page.getByText('No batch yet').waitFor();
  await takeBoth(page, 'first-start');
  const suite = await runSuite(machine, workspace);
  const options = { 'Target ratios': '400', Epochs: '1000', N: '1, 2, 5, 10', Workers: '2' };
  await startBatch(page, { ...options, Architectures: '0, 1, 2, 10, 15' });
  await page.locator('[data-state^="Finished"]').first().waitFor({ timeout: PATIENCE });
  await page.getByRole('heading', { name: 'Verification' }).click();
  await page.getByText(/expected results? were read again/).waitFor();
  await page.getByRole('heading', { name: 'Verification' }).scrollIntoViewIfNeeded();
  await takeBoth(page, 'verification');

  await startBatch(page, {
    ...options,
    Architectures: '0, 1, 2, 3, 4, 5, 6, 7, 10, 11, 15, 16',
    Workers: '3',
  });
  const batch = /batch\/([^?]+)/.exec(page.url())[1];
  await waitForRows(page, 'Running', 3);
  await killTraining(page, { workspace, batch, index: 16 });
  // The scheduler takes such an end for want of memory and lowers the worker count; here memory was never short.
  const workers = page.getByRole('group', { name: 'Workers' });
  while ((await workers.getByRole('status', { name: 'Workers' }).innerText()) !== '3') {
    await workers.getByRole('button', { name: 'One more worker' }).click();
    await page.waitForTimeout(300);
  }
  await waitForRows(page, 'Succeeded', 2);
  await waitForRows(page, 'Running', 3);
  await takeBoth(page, 'batch');
  // While runs live: the table of processes is part of the picture.
  await go(page, '#/machine');
  await page.getByText('No run is alive').waitFor({ state: 'hidden' });
  await takeBoth(page, 'machine');
  await go(page, `#/batch/${batch}`);
  for (const title of ['Grid', 'Merged', 'Curves', 'Terminal', 'Details']) {
    await showTab(page, title);
    await takeBoth(page, title.toLowerCase());
  }
  await go(page, '#/launch?workload=memorization&preset=deep');
  await page.locator('.plan-body:not([data-stale])').waitFor({ timeout: PATIENCE });
  await takeBoth(page, 'launch');
  await page.getByText('More options').click();
  await page.getByText('More settings').click();
  await page.getByLabel('Time limit per run').scrollIntoViewIfNeeded();
  await takeBoth(page, 'options');
  await takeSuites(page);
  await takeForms(page, suite);
  await go(page, '#/setup');
  await page.getByText('This machine can train').waitFor({ timeout: PATIENCE });
  await takeBoth(page, 'setup');
  await go(page, '#/batches');
  await takeBoth(page, 'batches');
  await go(page, `#/batch/${batch}`);
  await waitForRows(page, 'Succeeded', 5);
  await takeTable(page);
  await go(page, '#/results?workload=memorization');
  await page.locator('.js-plotly-plot').first().waitFor();
  await takeBoth(page, 'results');
}

/** Pictures of every screen in both themes, of trainings that really run. Takes a few minutes. */
async function main() {
  const machine = await setUp();
  const chromium = await ensureChromium();
  if (!chromium.path) throw new SetupError(`Pictures need a browser: ${chromium.sentence}.`);
  await takePictures(machine, chromium.path);
  return 0;
}

/** With the app as it is built. */
export async function takePictures(machine, executablePath) {
  const library = await import('playwright-core');
  mkdirSync(FOLDER, { recursive: true });
  const app = await serve(machine);
  const browser = await library.chromium.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage({ viewport: SIZE, colorScheme: 'light' });
    page.setDefaultTimeout(30_000);
    await page.goto(app.address);
    await page.getByRole('navigation').waitFor();
    await takeAll(page, { machine, workspace: app.workspace });
  } finally {
    await browser.close();
    await app.stop();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await asProgram(main);
