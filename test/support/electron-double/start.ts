import { createRequire, registerHooks } from 'node:module';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Page } from 'playwright-core';
import { findChromium } from '../../../scripts/lib/chromium.mjs';
import { OUT } from '../../../scripts/lib/paths.mjs';
import { createElectronDouble, type ElectronDouble } from './double.ts';

/** A data folder of its own, so that no choice of a test outlives it. */
function useTrainingPython(data: string): void {
  const python = process.env['MINIBATCH_PYTHON'];
  if (!python) throw new Error('Set MINIBATCH_PYTHON to an interpreter with torch.');
  process.env['MINIBATCH_DATA'] = data;
  mkdirSync(join(data, 'python'), { recursive: true });
  const current = { version: 1, python, createdAt: 1, requirements: '' };
  writeFileSync(join(data, 'python', 'current.json'), JSON.stringify(current));
}

export interface StartedApp extends ElectronDouble {
  readonly page: Page;
  readonly folder: string;
  stop(): Promise<void>;
}

/**
 * Starts the built app with the double in this process; once per process, since the bundle is a module. Workspace and data
 * folder are temporary.
 */
export async function startWithDouble(): Promise<StartedApp> {
  const folder = mkdtempSync(join(tmpdir(), 'minibatch-double-'));
  process.env['MINIBATCH_WORKSPACE'] = join(folder, 'workspace');
  useTrainingPython(join(folder, 'data'));
  const executablePath = findChromium();
  if (executablePath === null) throw new Error('No Chromium was found.');
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  const double = createElectronDouble(await browser.newContext({ colorScheme: 'light' }), folder);
  Object.assign(globalThis, { [Symbol.for('minibatch.electron-double')]: double.module });

  const electron = pathToFileURL(join(import.meta.dirname, 'electron.mjs')).href;
  const hooks = registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'electron'
        ? { url: electron, format: 'module', shortCircuit: true }
        : next(specifier, context),
  });
  createRequire(import.meta.url)(join(OUT, 'main', 'index.js'));

  while (double.windows.length === 0 && double.recording.exitCode === null) await new Promise(setImmediate);
  const [window] = double.windows;
  if (!window) throw new Error(`The app did not open a window. ${double.recording.errorBoxes.join(' ')}`);
  return {
    ...double,
    page: await window.opened,
    folder,
    async stop() {
      if (double.recording.exitCode === null) double.quit();
      await double.quitted;
      hooks.deregister();
      await browser.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
