import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type StartedApp, startWithDouble } from '../support/electron-double/start.ts';
import type { WindowDouble } from '../support/electron-double/window.ts';

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
