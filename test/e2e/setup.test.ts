import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServedApp, serveApp } from '../support/served-app.ts';
import { AppWindow } from './pages/app-window.ts';
import type { SetupPage } from './pages/setup-page.ts';

const PATIENCE = { timeout: 60_000 };
const python = process.env['MINIBATCH_PYTHON'] ?? '';
/** Where the packages of the training Python lie. */
const packages = execFileSync(
  python,
  ['-c', 'import numpy, os; print(os.path.dirname(os.path.dirname(numpy.__file__)))'],
  {
    encoding: 'utf8',
  },
).trim();

let folder: string;
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'minibatch-setup-')));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A real environment that finds the packages of the training Python. */
function makeEnvironment(place: string): void {
  execFileSync(python, ['-m', 'venv', '--without-pip', place]);
  const [version = ''] = readdirSync(join(place, 'lib'));
  writeFileSync(join(place, 'lib', version, 'site-packages', 'real.pth'), `${packages}\n`);
}

describe('a machine that can train', () => {
  let app: ServedApp;
  let window: AppWindow;
  let setup: SetupPage;

  beforeAll(async () => {
    const home = join(folder, 'home 🧪');
    makeEnvironment(join(home, '.pyenv', 'versions', '3.11.9'));
    app = await serveApp({ env: { HOME: home, PYENV_ROOT: '', PATH: '/usr/bin:/bin' } });
    window = await AppWindow.open(app);
    setup = await window.setup();
    await setup.ready();
  });
  afterAll(async () => {
    await window?.close();
    await app?.stop();
  });

  it('says so in one glance, and why, with a state and a sentence for everything', async () => {
    expect(await setup.headline()).toBe('This machine can train');
    expect(await setup.check('python')).toMatchObject({
      state: 'Ready',
      text: expect.stringContaining('is used: Minibatch prepared it.'),
    });
    expect(await setup.check('cpu')).toMatchObject({
      state: 'Ready',
      text: expect.stringMatching(/Measured: [\d,]+\s*GFLOP\/s with \d+ threads?/),
    });
    expect(await setup.check('mps')).toMatchObject({
      state: process.platform === 'darwin' ? 'Ready' : 'Not there',
    });
    for (const id of ['workspace', 'space', 'index', 'terminal', 'files'])
      expect([id, (await setup.check(id)).state]).toEqual([id, 'Ready']);
    expect((await setup.pythons())[0]).toMatchObject({ word: 'In use' });
    expect(await window.unnamed()).toEqual([]);
  });

  it('trains with another Python that is chosen here, until Minibatch chooses again', async () => {
    const other = '~/.pyenv/versions/3.11.9/bin/python';
    expect(await setup.pythons()).toContainEqual({ word: 'Can train', path: other });
    await setup.press(`Use ${other}`);
    await setup.page.getByText('chosen by you').waitFor(PATIENCE);
    await expect
      .poll(async () => (await setup.pythons())[0], PATIENCE)
      .toEqual({ word: 'In use', path: other });
    const second = await AppWindow.open(app, { dark: true, width: 1024, height: 700 });
    try {
      const there = await second.setup();
      await there.page.getByText('chosen by you').waitFor(PATIENCE);
      // What one window asks for, the other sees.
      await there.press('Choose automatically');
      await setup.page.getByText('Minibatch chooses').waitFor(PATIENCE);
      expect(second.complaints).toEqual([]);
    } finally {
      await second.close();
    }
  });

  it('copies a report without the home of the person', async () => {
    await window.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await setup.press('Copy report');
    await setup.page.getByText('Copied: the setup report.').waitFor(PATIENCE);
    const text = await setup.page.evaluate(() => navigator.clipboard.readText());
    expect(text).toContain('Minibatch setup report');
    expect(text).toContain('[Ready] Terminal: ');
    expect(text).toContain('~/.pyenv/versions/3.11.9/bin/python');
    expect(text).not.toContain(join(folder, 'home 🧪'));
  });

  it('rebuilds its index at the press of a button', async () => {
    await setup.line('index').getByRole('button', { name: 'Reindex' }).click();
    await setup.page.getByText('Reindexed: 0 batches, 0 runs.').waitFor(PATIENCE);
  });

  it('installs nothing while runs are live, and says so', async () => {
    const launch = await window.launch();
    await launch.chooseWorkload('Steps');
    await launch.choosePreset('slow');
    await launch.fill('Workers', '2');
    await launch.plan();
    const batch = await launch.start(2);
    await batch.waitForState('run 1', 'Running');
    await expect.poll(() => window.page.title(), PATIENCE).toMatch(/^\d+\s% · .* · Minibatch$/);
    setup = await window.setup();
    const repair = setup.line('managed').getByRole('button', { name: 'Repair' });
    await expect.poll(() => repair.isDisabled(), PATIENCE).toBe(true);
    expect((await setup.check('managed')).text).toContain('nothing is installed until they have ended');
    // Open again once they have, without a reload.
    await expect.poll(() => repair.isEnabled(), PATIENCE).toBe(true);
    await expect.poll(() => window.page.title(), PATIENCE).toBe('Minibatch');
    expect(window.complaints).toEqual([]);
  });

  it('is found by the keyboard and in the palette', async () => {
    await window.go('#/machine');
    await window.page.getByRole('heading', { name: 'Machine', level: 1 }).waitFor(PATIENCE);
    await window.page.keyboard.press('Control+5');
    await setup.ready();
    await window.page.keyboard.press('Control+k');
    await window.page.getByRole('combobox', { name: 'Command' }).fill('check this machine');
    await window.page
      .getByRole('option', { name: /Check this machine again/ })
      .first()
      .waitFor(PATIENCE);
    await window.page.keyboard.press('Escape');
  });
});

describe('a hook that fails', () => {
  it('is a warning of its batch, which is finished all the same, also after a reload', async () => {
    const app = await serveApp();
    const window = await AppWindow.open(app);
    try {
      writeFileSync(
        join(app.workspace, 'settings.yaml'),
        'hooks: {batchEnded: [[sh, -c, "echo \u05e9\u05dc\u05d5\u05dd; exit 4"]]}\n',
      );
      const launch = await window.launch();
      await launch.chooseWorkload('Steps');
      await launch.choosePreset('short');
      await launch.plan();
      const batch = await launch.start(3);
      await batch.waitForBatch('Finished');
      const main = window.page.getByRole('main');
      await main.getByText('failed after the end of the batch: exit code 4.').waitFor(PATIENCE);
      await window.reload();
      await main.getByText('failed after the end of the batch: exit code 4.').waitFor(PATIENCE);
      expect(window.complaints).toEqual([]);
    } finally {
      await window.close();
      await app.stop();
    }
  });
});

describe('a machine that cannot train yet', () => {
  let app: ServedApp;
  let window: AppWindow;
  let gate: string;

  beforeAll(async () => {
    const bin = join(folder, 'bin');
    gate = join(folder, 'gate');
    mkdirSync(bin);
    // Stands for the installer alone: the environment that it makes is a real one.
    writeFileSync(
      join(bin, 'uv'),
      `#!/bin/sh
case "$1" in
--version) echo "uv 0.9.0";;
venv) for last; do :; done; exec "${python}" -m venv --without-pip "$last";;
pip)
  echo "Downloading torch (106.1MiB)"
  while [ ! -e "${gate}" ]; do sleep 0.05; done
  if [ "$(cat "${gate}")" = fail ]; then echo "error: No solution found when resolving dependencies" >&2; exit 1; fi
  echo " Downloaded torch"
  for site in "$(dirname "$(dirname "$4")")"/lib/python3*/site-packages; do echo "${packages}" > "$site/real.pth"; done
  echo "Installed 3 packages";;
esac
`,
    );
    chmodSync(join(bin, 'uv'), 0o755);
    app = await serveApp({
      bare: true,
      env: {
        HOME: join(folder, 'bare'),
        PYENV_ROOT: '',
        PATH: `${bin}:/usr/bin:/bin`,
        UV_FIND_LINKS: '/nowhere',
      },
    });
    window = await AppWindow.open(app);
  });
  afterAll(async () => {
    await window?.close();
    await app?.stop();
  });

  it('says so on Launch, with one button that leads to Setup', async () => {
    const launch = await window.launch();
    await launch.chooseWorkload('Memorization');
    await window.page
      .getByRole('heading', { name: 'Nothing can train on this machine yet' })
      .waitFor(PATIENCE);
    expect(await window.page.getByRole('button', { name: /^Start/ }).isDisabled()).toBe(true);
    await window.page.getByRole('button', { name: 'Open Setup' }).click();
    const setup = await window.setup();
    await setup.ready();
    expect(await setup.headline()).toBe('This machine cannot train yet');
    expect((await setup.check('python')).state).toBe('Not ready');
    expect(await setup.check('cpu')).toMatchObject({ state: 'Not known' });
  });

  it('prepares a Python with progress and log, and can be told to stop', async () => {
    const setup = await window.setup();
    await setup.press('Prepare Python');
    await setup.page.getByText('Downloading torch (106.1MiB)').waitFor(PATIENCE);
    const bar = setup.page.getByRole('progressbar', { name: 'Preparing Python' });
    expect(Number(await bar.getAttribute('aria-valuenow'))).toBeGreaterThan(0);
    await setup.press('Cancel');
    await setup.page.getByText('What was there before is unchanged.').waitFor(PATIENCE);
    expect(await setup.headline()).toBe('This machine cannot train yet');
  });

  it('tells in words why a preparation failed', async () => {
    const setup = await window.setup();
    writeFileSync(gate, 'fail');
    await setup.press('Try again');
    await setup.page.getByText('lacks a pinned package').waitFor(PATIENCE);
    expect(await setup.page.getByText('Installing torch, numpy and scipy failed').innerText()).not.toContain(
      homedir(),
    );
  });

  it('can train when it is done, on every screen, and a later repair keeps the old one until the new one is proved', async () => {
    const setup = await window.setup();
    writeFileSync(gate, 'go');
    await setup.press('Try again');
    await expect.poll(() => setup.headline(), PATIENCE).toBe('This machine can train');
    const before = (await setup.pythons())[0];
    expect(before).toMatchObject({ word: 'In use', path: expect.stringContaining('/python/env-') });
    rmSync(gate);
    await setup.line('managed').getByRole('button', { name: 'Repair' }).click();
    await setup.page.getByText('What is there now stays in use', { exact: false }).waitFor(PATIENCE);
    expect((await setup.pythons())[0]).toEqual(before);
    writeFileSync(gate, 'go');
    await expect.poll(async () => (await setup.pythons())[0]?.path, PATIENCE).not.toBe(before?.path);
    expect(await setup.headline()).toBe('This machine can train');
    const launch = await window.launch();
    await launch.chooseWorkload('Memorization');
    await expect.poll(async () => (await launch.plan()).length, PATIENCE).toBeGreaterThan(0);
    expect(window.complaints).toEqual([]);
  });
});
