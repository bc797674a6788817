import { EventEmitter } from 'node:events';
import type { BrowserContext } from 'playwright-core';
import { createRecording, type Recording } from './recording.ts';
import { type ContentsDouble, type IpcHub, type SchemeHandler, WindowDouble } from './window.ts';

type Invocable = (event: object, ...args: unknown[]) => unknown;
type MenuTemplate = Electron.MenuItemConstructorOptions[];

export interface ElectronDouble {
  /** What `import 'electron'` gives to the bundles. */
  readonly module: object;
  readonly recording: Recording;
  readonly windows: WindowDouble[];
  readonly permissions: {
    request: ((permission: string) => boolean) | null;
    check: ((permission: string) => boolean) | null;
  };
  readonly ipc: IpcHub;
  readonly quitted: Promise<void>;
  /** Quits as Command-Q does; the app may refuse. */
  quit(): void;
  emit(event: string, ...args: unknown[]): void;
}

/** A fresh double whose windows are pages of the given context. `userData` is an empty folder. */
export function createElectronDouble(context: BrowserContext, userData: string): ElectronDouble {
  const recording = createRecording();
  const windows: WindowDouble[] = [];
  const events = new EventEmitter();
  const ipcEvents = new EventEmitter();
  const handlers = new Map<string, Invocable>();
  const permissions: ElectronDouble['permissions'] = { request: null, check: null };
  let schemeHandler: SchemeHandler = () => new Response(null, { status: 404 });
  let finish = (): void => {};
  const quitted = new Promise<void>((resolve) => {
    finish = resolve;
  });

  const ipc: IpcHub = {
    send: (event, channel, args) => void ipcEvents.emit(channel, event, ...args),
    async invoke(event, channel, args) {
      const handler = handlers.get(channel);
      if (!handler) throw new Error(`No handler registered for '${channel}'`);
      return handler(event, ...args);
    },
  };

  function quit(): void {
    let prevented = false;
    events.emit('before-quit', { preventDefault: () => void (prevented = true) });
    if (prevented) return;
    recording.exitCode = 0;
    void Promise.all(windows.map((window) => window.close())).then(finish);
  }

  const app = {
    isPackaged: false,
    requestSingleInstanceLock: () => true,
    enableSandbox: () => void (recording.sandboxed = true),
    whenReady: () => Promise.resolve(),
    getPath: () => userData,
    setBadgeCount: (count = 0) => recording.badges.push(count) > 0,
    quit,
    exit(code = 0) {
      recording.exitCode = code;
      finish();
    },
  } satisfies Pick<
    Electron.App,
    | 'isPackaged'
    | 'requestSingleInstanceLock'
    | 'enableSandbox'
    | 'whenReady'
    | 'getPath'
    | 'setBadgeCount'
    | 'quit'
    | 'exit'
  >;

  const dialog = {
    showErrorBox: (title: string, content: string) => void recording.errorBoxes.push(`${title}: ${content}`),
    showMessageBox(options: Electron.MessageBoxOptions) {
      recording.questions.push(options.message);
      return Promise.resolve({ response: recording.answer, checkboxChecked: false });
    },
    showOpenDialog(_window: WindowDouble, options: Electron.OpenDialogOptions) {
      recording.questions.push(options.title ?? '');
      const { chosen } = recording;
      return Promise.resolve({ canceled: chosen === null, filePaths: chosen === null ? [] : [chosen] });
    },
  } satisfies Pick<Electron.Dialog, 'showErrorBox'> & {
    showOpenDialog: (
      window: WindowDouble,
      options: Electron.OpenDialogOptions,
    ) => Promise<Electron.OpenDialogReturnValue>;
    showMessageBox: (options: Electron.MessageBoxOptions) => Promise<Electron.MessageBoxReturnValue>;
  };

  const shell = {
    openExternal: async (url: string) => void recording.opened.push(url),
    openPath: async (path: string) => {
      recording.opened.push(path);
      return '';
    },
    showItemInFolder: (path: string) => void recording.revealed.push(path),
  } satisfies Pick<Electron.Shell, 'openExternal' | 'openPath' | 'showItemInFolder'>;

  const powerSaveBlocker = {
    start(type: 'prevent-app-suspension' | 'prevent-display-sleep') {
      if (type === 'prevent-display-sleep') throw new Error('The display must be free to sleep.');
      const id = recording.blockers.size + 1;
      recording.blockers.add(id);
      return id;
    },
    stop: (id: number) => recording.blockers.delete(id),
  } satisfies Pick<Electron.PowerSaveBlocker, 'start' | 'stop'>;

  const defaultSession = {
    setPermissionRequestHandler(handler) {
      permissions.request = (permission) => {
        let granted = false;
        handler?.(
          {} as Electron.WebContents,
          permission as 'media',
          (answer) => void (granted = answer),
          {} as Electron.PermissionRequest,
        );
        return granted;
      };
    },
    setPermissionCheckHandler(handler) {
      permissions.check = (permission) =>
        handler?.(
          null,
          permission as 'media',
          'app://minibatch',
          {} as Electron.PermissionCheckHandlerHandlerDetails,
        ) ?? true;
    },
    setDevicePermissionHandler() {},
    setDisplayMediaRequestHandler() {},
  } satisfies Pick<
    Electron.Session,
    | 'setPermissionRequestHandler'
    | 'setPermissionCheckHandler'
    | 'setDevicePermissionHandler'
    | 'setDisplayMediaRequestHandler'
  >;

  const protocol = {
    registerSchemesAsPrivileged: (schemes: Electron.CustomScheme[]) =>
      void recording.schemes.push(...schemes),
    handle: (
      _scheme: string,
      handler: (request: GlobalRequest) => GlobalResponse | Promise<GlobalResponse>,
    ) => {
      schemeHandler = handler;
    },
  } satisfies Pick<Electron.Protocol, 'registerSchemesAsPrivileged' | 'handle'>;

  class BrowserWindow extends WindowDouble {
    static getAllWindows(): WindowDouble[] {
      return windows.filter(({ destroyed }) => !destroyed);
    }
    static fromWebContents(contents: ContentsDouble): WindowDouble | null {
      return windows.find(({ webContents }) => webContents === contents) ?? null;
    }
    constructor(options: Electron.BrowserWindowConstructorOptions) {
      const created = (contents: ContentsDouble) => void events.emit('web-contents-created', {}, contents);
      super(options, {
        context,
        ipc,
        created,
        handler: () => schemeHandler,
        progressed: (fraction) => recording.progress.push(fraction),
      });
      windows.push(this);
    }
  }

  class Notification extends EventEmitter {
    static isSupported(): boolean {
      return true;
    }
    readonly #options: Electron.NotificationConstructorOptions;
    constructor(options: Electron.NotificationConstructorOptions = {}) {
      super();
      this.#options = options;
    }
    show(): void {
      const { title = '', body = '' } = this.#options;
      recording.notifications.push({ title, body, click: () => void this.emit('click', {}) });
    }
    close(): void {}
  }
  Notification satisfies { isSupported: typeof Electron.Notification.isSupported } & (new (
    options?: Electron.NotificationConstructorOptions,
  ) => Pick<Electron.Notification, 'show' | 'close'>);

  class Tray extends EventEmitter {
    setToolTip(text: string): void {
      recording.tooltips.push(text);
    }
    setContextMenu(menu: MenuTemplate): void {
      recording.trayMenu = menu;
    }
    destroy(): void {}
  }

  Object.assign(process, { setFdLimit: (limit: number) => void (recording.descriptors = limit) });
  const on = (emitter: EventEmitter) => ({
    on: emitter.on.bind(emitter),
    once: emitter.once.bind(emitter),
    off: emitter.off.bind(emitter),
  });
  return {
    recording,
    windows,
    permissions,
    ipc,
    quitted,
    quit,
    emit: (event, ...args) => void events.emit(event, ...args),
    module: {
      app: { ...app, ...on(events) },
      BrowserWindow,
      dialog,
      ipcMain: {
        ...on(ipcEvents),
        handle: (channel: string, handler: Invocable) => void handlers.set(channel, handler),
        removeHandler: (channel: string) => void handlers.delete(channel),
      },
      Menu: {
        buildFromTemplate: (template: MenuTemplate) => template,
        setApplicationMenu: (menu: MenuTemplate) => void (recording.menu = menu),
      },
      nativeImage: { createFromPath: (path: string) => ({ path, setTemplateImage() {} }) },
      powerMonitor: { ...on(new EventEmitter()), getCurrentThermalState: () => 'nominal' },
      powerSaveBlocker,
      protocol,
      screen: { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 2560, height: 1440 } }] },
      session: { defaultSession },
      shell,
      Notification,
      Tray,
    },
  };
}
