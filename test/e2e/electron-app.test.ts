import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { capture } from '../../scripts/lib/command.mjs';
import { electronBinary, hasDisplay } from '../../scripts/lib/electron.mjs';
import { ROOT } from '../../scripts/lib/paths.mjs';

const executablePath = electronBinary();
const obstacle =
  executablePath === null ? 'skipped: no Electron binary' : hasDisplay() ? null : 'skipped: no display';

describe.skipIf(obstacle !== null)(`the real app${obstacle === null ? '' : ` (${obstacle})`}`, () => {
  let folder: string;
  let app: ElectronApplication;
  let page: Page;

  function surroundings(): Record<string, string> {
    const known = Object.entries(process.env).filter(
      (pair): pair is [string, string] => pair[1] !== undefined,
    );
    return { ...Object.fromEntries(known), MINIBATCH_WORKSPACE: join(folder, 'workspace') };
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'minibatch-electron-'));
    app = await _electron.launch({
      executablePath: executablePath ?? '',
      args: [ROOT, `--user-data-dir=${join(folder, 'user')}`],
      env: surroundings(),
    });
    page = await app.firstWindow();
  });
  afterAll(async () => {
    await app?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('shows the app from its own scheme, with real data', async () => {
    expect(page.url()).toMatch(/^app:\/\/minibatch\//);
    await page
      .getByText(/memorization/i)
      .first()
      .waitFor();
  });

  it('keeps Node and Electron out of the page', async () => {
    const seen = await page.evaluate(() => [
      'require' in globalThis,
      'process' in globalThis,
      'module' in globalThis,
    ]);
    expect(seen).toEqual([false, false, false]);
  });

  it('runs the page in a world of its own and in a sandbox', async () => {
    // Playwright's evaluate reaches the page's world; a value of the preload's world must not be there.
    expect(await page.evaluate(() => 'ipcRenderer' in globalThis)).toBe(false);
    const sandboxed = await app.evaluate(
      ({ app: main }) => main.getAppMetrics().find(({ type }) => type === 'Tab')?.sandboxed,
    );
    expect(process.platform === 'linux' ? true : sandboxed).toBe(true);
  });

  it('allows no inline script', async () => {
    const breach = await page.evaluate(
      () =>
        new Promise<string>((resolve) => {
          document.addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective), {
            once: true,
          });
          const script = document.createElement('script');
          script.textContent = 'window.inline = true';
          document.body.append(script);
        }),
    );
    expect(breach).toContain('script-src');
  });

  it('opens SQLite and pseudo-terminals in Electron’s own Node', async () => {
    const version = await app.evaluate(() => process.versions.electron);
    expect(Number(version?.split('.')[0])).toBeGreaterThanOrEqual(45);
    await page
      .getByRole('link', { name: 'Batches' })
      .or(page.getByRole('button', { name: 'Batches' }))
      .first()
      .click();
    await page
      .getByText(/no batches|batch/i)
      .first()
      .waitFor();
  });

  it('starts, loads and ends with --smoke', async () => {
    const args = [ROOT, '--smoke', `--user-data-dir=${join(folder, 'smoke')}`];
    const env = { ...surroundings(), MINIBATCH_WORKSPACE: join(folder, 'smoke-workspace') };
    expect(await capture(executablePath ?? '', args, { env })).toMatchObject({ code: 0 });
  });
});
