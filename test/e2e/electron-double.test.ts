import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type StartedApp, startWithDouble } from '../support/electron-double/start.ts';
import type { WindowDouble } from '../support/electron-double/window.ts';
import { LaunchPage } from './pages/launch-page.ts';
import { MachinePage } from './pages/machine-page.ts';

const PATIENCE = { timeout: 30_000 };

let app: StartedApp;
let page: Page;

beforeAll(async () => {
  app = await startWithDouble();
  page = app.page;
});
afterAll(() => app?.stop());

function current(): WindowDouble {
  const found = app.windows.find(({ destroyed }) => !destroyed);
  if (!found) throw new Error('No window is open.');
  return found;
}

/** A call over the page's own pipe, as raw messages. */
function call(
  method: string,
  input: object,
): Promise<{ ok: boolean; value?: unknown; error?: { message: string } }> {
  return page.evaluate(
    ([name, data]) =>
      new Promise((resolve) => {
        const bridge = window.minibatch;
        if (!bridge) throw new Error('The page has no pipe.');
        const id = 1_000_000 + Math.floor(Math.random() * 1_000_000);
        const stop = bridge.onMessage((text) => {
          const message = JSON.parse(text);
          if (message.type !== 'reply' || message.id !== id) return;
          stop();
          resolve(message.reply);
        });
        bridge.send(JSON.stringify({ type: 'call', id, method: name, input: data }));
      }),
    [method, input] as const,
  );
}

describe('the window', () => {
  it('is locked: isolated, sandboxed, without Node', () => {
    expect(app.recording.sandboxed).toBe(true);
    expect(current().options.webPreferences).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
    });
    expect(current().options).toMatchObject({ width: 1440, height: 900, minWidth: 1024, minHeight: 640 });
    expect(app.recording.schemes).toEqual([
      { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
    ]);
  });

  it('raises the limit of descriptors before anything opens one', () => {
    expect(app.recording.descriptors).toBe(8192);
  });

  it('shows the app with real data, without a breach of its policy', async () => {
    await page
      .getByRole('link', { name: 'Launch' })
      .or(page.getByRole('button', { name: 'Launch' }))
      .first()
      .waitFor();
    await page
      .getByText(/memorization/i)
      .first()
      .waitFor();
    expect(current().violations).toEqual([]);
    expect(current().visible).toBe(true);
  });

  it('reaches the core', async () => {
    const reply = await call('app.info', {});
    expect(reply).toMatchObject({ ok: true, value: { workspace: join(app.folder, 'workspace') } });
  });

  it('gives the page a pipe and a host, and nothing of Electron', async () => {
    const shape = await page.evaluate(() => {
      return [Object.keys(window.minibatch ?? {}), 'require' in globalThis, 'process' in globalThis];
    });
    expect(shape).toEqual([['send', 'onMessage', 'onClose', 'host'], false, false]);
  });

  it('stays on its own pages', async () => {
    const before = page.url();
    await page.evaluate(() => location.assign('https://example.test/'));
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
    expect(page.url()).toBe(before);
    const open = current().webContents.openHandler;
    expect(open?.({ url: 'https://example.test/' })).toEqual({ action: 'deny' });
    expect(open?.({ url: 'file:///etc/passwd' })).toEqual({ action: 'deny' });
    expect(app.recording.opened).toEqual([]);
    expect(open?.({ url: 'https://docs.pytorch.org/docs' })).toEqual({ action: 'deny' });
    expect(app.recording.opened).toEqual(['https://docs.pytorch.org/docs']);
  });

  it('may copy text and nothing else', () => {
    for (const permission of ['media', 'geolocation', 'notifications', 'clipboard-read', 'openExternal']) {
      expect([
        permission,
        app.permissions.request?.(permission),
        app.permissions.check?.(permission),
      ]).toEqual([permission, false, false]);
    }
    expect(app.permissions.request?.('clipboard-sanitized-write')).toBe(true);
    expect(app.permissions.check?.('clipboard-sanitized-write')).toBe(true);
  });

  it('refuses to show a folder of an unknown batch', async () => {
    const answer = page.evaluate(() =>
      window.minibatch?.host.reveal({ batch: '../../etc' }).catch((error: Error) => error.message),
    );
    expect(await answer).toContain('../../etc');
    expect(app.recording.revealed).toEqual([]);
  });

  it('has a menu that reaches the page', async () => {
    const view = app.recording.menu.find(({ label }) => label === 'View')
      ?.submenu as Electron.MenuItemConstructorOptions[];
    const received = page.evaluate(() => new Promise((resolve) => window.minibatch?.host.onCommand(resolve)));
    const results = view.find(({ label }) => label === 'Results');
    await vi.waitFor(async () => {
      results?.click?.({} as Electron.MenuItem, undefined, {} as Electron.KeyboardEvent);
      expect(await Promise.race([received, Promise.resolve(null)])).toBe('go.results');
    });
  });

  it('comes back where it was after it was closed, and nothing ended', async () => {
    await current().close();
    expect(JSON.parse(readFileSync(join(app.folder, 'window.json'), 'utf8'))).toMatchObject({
      maximized: false,
    });
    if (process.platform === 'darwin') expect(app.recording.exitCode).toBeNull();
    app.emit('activate');
    expect(current().options).toMatchObject({ x: 10, y: 20, width: 1440, height: 900 });
    page = await current().opened;
    await page
      .getByText(/memorization/i)
      .first()
      .waitFor();
    expect(await call('app.info', {})).toMatchObject({ ok: true });
  });
});

describe('a suite file', () => {
  const text = 'command: echo "hello {who}"\nsweep: {grid: {who: [ann, bob]}}\n';

  /** Drops a file that lies in the folder of the app on the window, as the system would. */
  async function drop(name: string, content: string): Promise<void> {
    const path = join(app.folder, name);
    writeFileSync(path, content);
    await page.evaluate(
      ([file, place]) => {
        const dropped = new File([], file);
        window.electronDouble?.cameFrom(dropped, place);
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(dropped);
        // A transfer hands out copies; Electron knows the path of each.
        const [copy] = dataTransfer.files;
        if (copy) window.electronDouble?.cameFrom(copy, place);
        document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
      },
      [name, path] as const,
    );
  }

  it('is opened, planned and run when it is dropped on the window', async () => {
    await drop('hello.minibatch.yaml', text);
    const launch = new LaunchPage(page);
    await expect.poll(() => launch.card('hello').getAttribute('aria-checked'), PATIENCE).toBe('true');
    expect(page.url()).not.toContain('yaml');
    await expect
      .poll(async () => (await launch.plan()).map((row) => row[1]), PATIENCE)
      .toEqual(['who=ann', 'who=bob']);
    const batch = await launch.start(2);
    await batch.waitForBatch('Finished');
    await batch.select('who=bob');
    await expect.poll(() => batch.log().innerText(), PATIENCE).toContain('hello bob');
    // One notification of the batch, whatever its runs did; a click leads to it.
    await expect.poll(() => app.recording.notifications.length, PATIENCE).toBe(1);
    const [ended] = app.recording.notifications;
    expect(ended).toMatchObject({
      title: expect.stringMatching(/ finished$/),
      body: expect.stringMatching(/^2 succeeded in /),
    });
    const address = page.url().replace(/\?.*$/, '');
    await page.getByRole('navigation').getByRole('link', { name: 'Machine' }).click();
    ended?.click();
    await expect.poll(() => page.url(), PATIENCE).toBe(address);
    expect(app.recording.progress.at(-1)).toBe(-1);
  });

  it('is chosen from the menu', async () => {
    app.recording.chosen = join(app.folder, 'other.minibatch.yaml');
    writeFileSync(app.recording.chosen, text);
    const file = app.recording.menu.find(({ label }) => label === 'File')
      ?.submenu as Electron.MenuItemConstructorOptions[];
    const open = file.find(({ label }) => label === 'Open Suite…');
    open?.click?.({} as Electron.MenuItem, undefined, {} as Electron.KeyboardEvent);
    await expect
      .poll(() => new LaunchPage(page).card('other').getAttribute('aria-checked'), PATIENCE)
      .toBe('true');
    expect(app.recording.questions.splice(0)).toEqual(['Open a suite']);
  });

  it('is refused in words when it is none, and no path is believed of a page', async () => {
    app.recording.chosen = null;
    await drop('hello.yml.txt', text);
    await page.getByText('hello.yml.txt is no suite').waitFor();
    const suite = join(app.folder, 'hello.minibatch.yaml');
    for (const [method, input] of [
      ['suites.open', { path: suite }],
      ['plans.make', { workload: 'command', preset: 'suite', suite }],
      ['plans.make', { workload: 'command', preset: 'suite', suiteId: suite }],
    ] as const)
      expect(await call(method, input)).toMatchObject({ ok: false });
  });
});

describe('a Python', () => {
  it('is chosen in a dialog of the system, by a person, and taken only if it can train', async () => {
    await page.getByRole('navigation').getByRole('link', { name: 'Setup' }).click();
    await page.getByRole('heading', { name: 'This machine can train' }).waitFor(PATIENCE);
    app.recording.chosen = join(app.folder, 'hello.minibatch.yaml');
    await page.getByRole('button', { name: 'Choose another…' }).click();
    await page.getByText('does not answer like a Python').first().waitFor(PATIENCE);
    app.recording.chosen = process.env['MINIBATCH_PYTHON'] ?? '';
    await page.getByRole('button', { name: 'Choose another…' }).click();
    await page.getByText('chosen by you').waitFor(PATIENCE);
    await page.getByRole('button', { name: 'Choose automatically' }).first().click();
    await page.getByText('Minibatch chooses').waitFor(PATIENCE);
    expect(app.recording.questions.splice(0)).toEqual(['Choose a Python', 'Choose a Python']);
    app.recording.chosen = null;
    const path = process.env['MINIBATCH_PYTHON'] ?? '';
    for (const [method, input] of [
      ['setup.open', { path }],
      ['setup.choose', { python: path }],
      ['batches.start', { workload: 'command', preset: 'suite', onEnd: { commands: ['id'], folder: '/' } }],
    ] as const)
      expect(await call(method, input)).toMatchObject({ ok: false });
  });
});

describe('every screen, with a real training', () => {
  it('launches it, follows it, shows the machine and compares what came out', async () => {
    await page.getByRole('navigation').getByRole('link', { name: 'Launch' }).click();
    const launch = new LaunchPage(page);
    await launch.chooseWorkload('Memorization');
    await launch.choosePreset('custom');
    for (const [label, value] of Object.entries({
      Architectures: '0, 1',
      'Target ratios': '10',
      Epochs: '30',
      N: '1',
      Workers: '1',
    }))
      await launch.fill(label, value);
    await expect.poll(async () => (await launch.plan()).length, PATIENCE).toBe(2);
    const batch = await launch.start(2);
    await batch.waitForState('[32, 32]', 'Running');
    await page.getByRole('navigation').getByRole('link', { name: 'Machine' }).click();
    const machine = new MachinePage(page);
    await expect.poll(() => machine.value('Memory'), PATIENCE).toMatch(/[MG]B of .*GB/);
    await expect.poll(() => machine.ink('CPU'), PATIENCE).toBeGreaterThan(3);
    await page.goBack();
    await batch.waitForBatch('Finished');
    expect(await batch.state('[64, 64]')).toBe('Succeeded');
    await batch.select('[32, 32]');
    await expect.poll(() => batch.log().innerText(), PATIENCE).toContain('ratio mean');
    await batch.tab('Details');
    await batch.press('Show in ');
    await expect.poll(() => app.recording.revealed.map((path) => existsSync(path)), PATIENCE).toEqual([true]);
    expect(app.recording.revealed[0]).toMatch(/runs\/0-[^/]+\/attempt-1$/);
    const results = await batch.compare();
    await results.drawn('scatter');
    expect((await results.table()).slice(1).map((row) => row.slice(0, 2))).toEqual([
      ['[32, 32]', '1,670'],
      ['[64, 64]', '5,382'],
    ]);
    await page.getByRole('navigation').getByRole('link', { name: 'Batches' }).click();
    await expect
      .poll(() => page.getByRole('grid', { name: 'Batches' }).locator('tbody tr').count(), PATIENCE)
      .toBe(2);
    expect(current().violations).toEqual([]);
  });
});

describe('quitting', () => {
  it('asks while runs live, and goes on if the person changes their mind', async () => {
    const request = { workload: 'memorization', preset: 'quick', device: 'cpu', workers: 1 };
    const started = await call('batches.start', request);
    expect(started.error?.message).toBeUndefined();
    await vi.waitFor(() => expect(app.recording.tooltips.at(-1)).toBe('Minibatch: 1 run in 1 batch'), {
      timeout: 60_000,
    });
    expect(app.recording.badges.at(-1)).toBe(1);
    expect(app.recording.blockers.size).toBe(1);
    expect(app.recording.progress.at(-1)).toBeGreaterThanOrEqual(0);
    expect(app.recording.progress.at(-1)).toBeLessThanOrEqual(1);

    app.recording.answer = 2;
    app.quit();
    await vi.waitFor(() =>
      expect(app.recording.questions).toEqual(['1 run in 1 batch would go on without the window.']),
    );
    expect(app.recording.exitCode).toBeNull();
    expect(await call('app.info', {})).toMatchObject({ ok: true });
  });

  it('stops at a checkpoint when asked to, and lets go of the workspace', async () => {
    app.recording.answer = 1;
    app.quit();
    await app.quitted;
    expect(app.recording.errorBoxes).toEqual([]);
    expect(app.recording.exitCode).toBe(0);
    expect(app.recording.blockers.size).toBe(0);
    expect(existsSync(join(app.folder, 'workspace', '.minibatch', 'lock.json'))).toBe(false);
  });
});
