import { join } from 'node:path';
import { app, BrowserWindow, dialog } from 'electron';
import { type Activity, activityOf, followActivity } from './activity.ts';
import { createApp } from './app.ts';
import { endedBatch } from './ended-batch.ts';
import { openElectronDoor, sendToPage } from './doors/electron-ipc.ts';
import { connectInProcess } from './doors/in-process.ts';
import { guardPages } from './guards.ts';
import { serveHost } from './host.ts';
import { setMenu } from './menu.ts';
import { createNotifier } from './notifier.ts';
import { askBeforeQuit } from './quit.ts';
import { createPresence } from './tray.ts';
import { createWindow, declareScheme, serveRenderer } from './window.ts';

/** macOS gives a process 256 descriptors, too few for a window and six workers; children inherit the limit. */
const DESCRIPTORS = 8192;
const OUT = join(import.meta.dirname, '..');
/** `--smoke`: open the window, load the page, exit 0; how a packaged app is checked. */
const isSmoke = process.argv.includes('--smoke');

async function start(): Promise<void> {
  const core = await createApp({ packagedFolder: app.isPackaged ? process.resourcesPath : undefined });
  const client = connectInProcess(core.connect);

  serveRenderer(join(OUT, 'renderer'));
  const closeDoor = openElectronDoor(core.connect);
  const closeHost = serveHost(client);
  setMenu((id) => sendToPage(showWindow().webContents, { kind: 'command', id }));

  const icons = app.isPackaged ? join(process.resourcesPath, 'icons') : join(OUT, '..', 'resources', 'icons');
  const presence = createPresence({ image: join(icons, 'trayTemplate.png'), showWindow });
  let activity: Activity = activityOf([]);
  const notifier = createNotifier(showBatch);
  const stopFollowing = await followActivity(
    client,
    (next) => {
      activity = next;
      presence.show(next);
    },
    (batch) => {
      const ended = endedBatch(batch);
      if (ended !== null) notifier.show(ended);
    },
  );

  function showWindow(): BrowserWindow {
    const window = BrowserWindow.getAllWindows()[0] ?? openWindow();
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
    return window;
  }

  /** A page that is only being opened hears no command yet. */
  function showBatch(batch: string): void {
    const [window] = BrowserWindow.getAllWindows();
    if (window === undefined) {
      openWindow(`#/batch/${encodeURIComponent(batch)}`);
      return;
    }
    sendToPage(showWindow().webContents, { kind: 'command', id: `go.batch.${batch}` });
  }

  function openWindow(screenHash = ''): BrowserWindow {
    const window = createWindow(join(OUT, 'preload', 'index.cjs'), screenHash);
    presence.opened();
    if (isSmoke) window.webContents.once('did-finish-load', () => app.quit());
    return window;
  }

  openWindow();
  app.on('second-instance', showWindow);
  app.on('activate', showWindow);
  // The tray keeps the app: closing the window never touches runs.
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin' && activity.batches.length === 0) app.quit();
  });
  askBeforeQuit({
    client,
    activity: () => activity,
    resting: () => core.idle(),
    async close() {
      stopFollowing();
      closeHost();
      closeDoor();
      notifier.close();
      presence.close();
      client.close();
      await core.close();
    },
  });
}

function fail(error: unknown): void {
  dialog.showErrorBox('Minibatch could not start', error instanceof Error ? error.message : String(error));
  app.exit(1);
}

process.setFdLimit(DESCRIPTORS);
if (app.requestSingleInstanceLock()) {
  app.enableSandbox();
  declareScheme();
  guardPages();
  app.whenReady().then(start).catch(fail);
} else {
  app.quit();
}
