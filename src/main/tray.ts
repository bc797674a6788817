import { app, Menu, nativeImage, powerMonitor, powerSaveBlocker, Tray } from 'electron';
import { type Activity, activitySentence } from './activity.ts';

export interface TrayOptions {
  /** Path of the 16 px image; its double-size twin lies beside it as `…@2x.png`. */
  readonly image: string;
  readonly showWindow: () => void;
}

export interface Presence {
  show(activity: Activity): void;
  /** Whether somebody is looking at the window; the app is kept from napping only then. */
  watched(watched: boolean): void;
  close(): void;
}

/** Shows what goes on outside the window: tray, Dock badge, and no nap while live work is being watched. */
export function createPresence({ image, showWindow }: TrayOptions): Presence {
  const picture = nativeImage.createFromPath(image);
  picture.setTemplateImage(true);
  const tray = new Tray(picture);
  let activity: Activity = { batches: [], live: 0 };
  let isWatched = false;
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
    keepAwake(isWatched && activity.live > 0);
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
    watched(watched) {
      isWatched = watched;
      keepAwake(isWatched && activity.live > 0);
    },
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
