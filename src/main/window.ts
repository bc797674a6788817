import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { app, BrowserWindow, dialog, protocol, type Rectangle, screen, session } from 'electron';
import { z } from 'zod';
import { answerAppRequest, APP_ADDRESS, APP_SCHEME } from './doors/app-scheme.ts';
import { guardPermissions } from './guards.ts';

const SIZE = { width: 1440, height: 900 };
const MINIMUM = { minWidth: 1024, minHeight: 640 };
/** A page that crashes again sooner than this, in milliseconds, would crash for ever. */
const CRASH_LOOP_MS = 30_000;

const savedState = z.object({
  bounds: z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() }),
  maximized: z.boolean(),
});
type SavedState = z.infer<typeof savedState>;

/** Must run before the app is ready. */
export function declareScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

export function serveRenderer(folder: string): void {
  protocol.handle(APP_SCHEME, (request) => answerAppRequest(folder, request));
  guardPermissions(session.defaultSession);
}

/** Opens the main window where it was last, or in the middle if that screen is gone. `screenHash`: what it shows first. */
export function createWindow(preload: string, screenHash = ''): BrowserWindow {
  const state = readState();
  const window = new BrowserWindow({
    ...SIZE,
    ...MINIMUM,
    ...(state && isVisible(state.bounds) ? state.bounds : {}),
    show: false,
    title: 'Minibatch',
    titleBarStyle: process.platform === 'darwin' ? 'hiddenInset' : 'default',
    webPreferences: {
      preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
    },
  });
  if (state?.maximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.on('close', () => writeState({ bounds: window.getNormalBounds(), maximized: window.isMaximized() }));
  reloadAfterCrash(window);
  void window.loadURL(`${APP_ADDRESS}${screenHash}`);
  return window;
}

/** The page holds nothing that the core does not, so a crash costs a reload; a second one soon after is reported. */
function reloadAfterCrash(window: BrowserWindow): void {
  let last = Number.NEGATIVE_INFINITY;
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit' || window.isDestroyed()) return;
    const now = performance.now();
    const again = now - last < CRASH_LOOP_MS;
    last = now;
    if (!again) {
      window.webContents.reload();
      return;
    }
    dialog.showErrorBox(
      'The window crashed twice',
      `Reason: ${reason}. Your runs go on. Close the window and open it again; if that does not help, start Minibatch again.`,
    );
  });
}

function stateFile(): string {
  return join(app.getPath('userData'), 'window.json');
}

function readState(): SavedState | null {
  if (!existsSync(stateFile())) return null;
  try {
    return savedState.parse(JSON.parse(readFileSync(stateFile(), 'utf8')));
  } catch {
    // A damaged file costs the position of a window, nothing more.
    return null;
  }
}

function writeState(state: SavedState): void {
  writeFileSync(stateFile(), JSON.stringify(state));
}

/** Whether the middle of the title bar lies on a screen, so that the window can be moved. */
function isVisible({ x, y, width }: Rectangle): boolean {
  const middle = x + width / 2;
  return screen
    .getAllDisplays()
    .some(
      ({ workArea: area }) =>
        middle >= area.x && middle < area.x + area.width && y >= area.y && y < area.y + area.height,
    );
}
