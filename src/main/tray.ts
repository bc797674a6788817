import { app, BrowserWindow, Menu, nativeImage, powerMonitor, powerSaveBlocker, Tray } from 'electron';
import { type Activity, activityOf, activitySentence } from './activity.ts';

export interface TrayOptions {
  /** Path of the 16 px image; its double-size twin lies beside it as `…@2x.png`. */
  readonly image: string;
  readonly showWindow: () => void;
}

export interface Presence {
  show(activity: Activity): void;
  /** A window was opened: its icon shows how far the work is. */
  opened(): void;
  close(): void;
}

/** Shows what goes on outside the window: tray, Dock badge and bar. While runs live the app does not nap; the display may. */
export function createPresence({ image, showWindow }: TrayOptions): Presence {
  const picture = nativeImage.createFromPath(image);
  picture.setTemplateImage(true);
  const tray = new Tray(picture);
  let activity: Activity = activityOf([]);
  let blocker: number | null = null;

  function draw(): void {
    const sentence = activitySentence(activity) ?? 'Nothing is running';
    tray.setToolTip(`Minibatch: ${sentence}`);
    tray.setContextMenu(
      Menu.buildFromTemplate([
        { label: sentence, enabled: false },
        ...activity.batches.map(({ title, live }) => ({ label: `${title}: ${live} live`, enabled: false })),
        ...thermalItems(),
        { type: 'separator' as const },
        { label: 'Show Minibatch', click: showWindow },
        { label: 'Quit Minibatch', click: () => app.quit() },
      ]),
    );
    app.setBadgeCount(activity.live);
    drawProgress();
    keepAwake(activity.live > 0);
  }

  /** In the Dock and the taskbar; -1 takes it away. */
  function drawProgress(): void {
    const { fraction, paused } = activity;
    for (const window of BrowserWindow.getAllWindows())
      window.setProgressBar(fraction ?? -1, { mode: paused ? 'paused' : 'normal' });
  }

  function keepAwake(wanted: boolean): void {
    if (wanted && blocker === null) blocker = powerSaveBlocker.start('prevent-app-suspension');
    if (!wanted && blocker !== null) {
      powerSaveBlocker.stop(blocker);
      blocker = null;
    }
  }

  tray.on('click', showWindow);
  powerMonitor.on('thermal-state-change', draw);
  draw();
  return {
    show(next) {
      activity = next;
      draw();
    },
    opened: drawProgress,
    close() {
      powerMonitor.off('thermal-state-change', draw);
      keepAwake(false);
      app.setBadgeCount(0);
      tray.destroy();
    },
  };
}

/** A line only while the machine slows itself down; `unknown` is what every system but macOS answers. */
function thermalItems(): { label: string; enabled: false }[] {
  const state = powerMonitor.getCurrentThermalState();
  if (state !== 'serious' && state !== 'critical') return [];
  return [{ label: `Thermal state ${state}: the machine runs slower`, enabled: false }];
}
