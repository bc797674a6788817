import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import type { BrowserContext, Page } from 'playwright-core';

/** The page's origin in Chromium, one to one with the app's own scheme. */
const ORIGIN = 'https://minibatch.double.test';
const APP = 'app://minibatch';

export type SchemeHandler = (request: Request) => Response | Promise<Response>;

export interface WindowSurroundings {
  readonly context: BrowserContext;
  readonly handler: () => SchemeHandler;
  readonly ipc: IpcHub;
  /** Called with each new page's contents, as `web-contents-created` is. */
  readonly created: (contents: ContentsDouble) => void;
  readonly progressed: (fraction: number) => void;
}

export interface IpcHub {
  /** A message of a page; the event is what the app sees. */
  send(event: object, channel: string, args: unknown[]): void;
  invoke(event: object, channel: string, args: unknown[]): Promise<unknown>;
}

/** The address as the app knows it. */
function toApp(url: string): string {
  return url.startsWith(ORIGIN) ? APP + url.slice(ORIGIN.length) : url;
}

export class ContentsDouble extends EventEmitter {
  page: Page | null = null;
  destroyed = false;
  openHandler: ((details: { url: string }) => { action: string }) | null = null;

  isDestroyed(): boolean {
    return this.destroyed;
  }

  send(channel: string, ...args: unknown[]): void {
    // A page that is just being loaded again has nobody to listen, as in Electron.
    this.page
      ?.evaluate(([name, list]) => window.electronDouble?.deliver(name, list), [channel, args] as const)
      .catch(() => {});
  }

  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.openHandler = handler;
  }

  reload(): void {
    void this.page?.reload();
  }
}

declare global {
  interface Window {
    electronDouble?: {
      deliver(channel: string, args: readonly unknown[]): void;
      /** Says where a file lies that a test drops on the page; one that a script made lies nowhere. */
      cameFrom(file: File, path: string): void;
    };
    electronDoubleSend(channel: string, args: readonly unknown[]): void;
    electronDoubleInvoke(channel: string, args: readonly unknown[]): Promise<unknown>;
  }
}

/** Runs in the page before anything else: a `require` that knows only `electron`, then the preload bundle. */
function preloadScript(source: string, platform: string): string {
  return `(() => {
    const listeners = new Map();
    const ipcRenderer = {
      send: (channel, ...args) => void window.electronDoubleSend(channel, args),
      invoke: (channel, ...args) => window.electronDoubleInvoke(channel, args).catch((error) => {
        throw new Error("Error invoking remote method '" + channel + "': " + error);
      }),
      on: (channel, listener) => void listeners.set(channel, [...(listeners.get(channel) ?? []), listener]),
    };
    const contextBridge = { exposeInMainWorld: (name, value) => Object.defineProperty(window, name, { value: Object.freeze(value) }) };
    const paths = new WeakMap();
    const webUtils = { getPathForFile: (file) => paths.get(file) ?? '' };
    window.electronDouble = { cameFrom: (file, path) => void paths.set(file, path), deliver: (channel, args) => (listeners.get(channel) ?? []).forEach((listener) => listener({}, ...args)) };
    const require = (name) => {
      if (name !== 'electron') throw new Error('A sandboxed preload script cannot require ' + name);
      return { contextBridge, ipcRenderer, webUtils };
    };
    const process = { platform: ${JSON.stringify(platform)} };
    const exports = {};
    const module = { exports };
    ${source}
  })();`;
}

export class WindowDouble extends EventEmitter {
  readonly webContents = new ContentsDouble();
  readonly options: Electron.BrowserWindowConstructorOptions;
  readonly opened: Promise<Page>;
  readonly violations: string[] = [];
  visible = false;
  destroyed = false;
  #open: (page: Page) => void = () => {};
  #surroundings: WindowSurroundings;

  constructor(options: Electron.BrowserWindowConstructorOptions, surroundings: WindowSurroundings) {
    super();
    this.options = options;
    this.#surroundings = surroundings;
    this.opened = new Promise((resolve) => {
      this.#open = resolve;
    });
    surroundings.created(this.webContents);
  }

  async loadURL(address: string): Promise<void> {
    const page = await this.#surroundings.context.newPage();
    this.webContents.page = page;
    const { width = 800, height = 600, webPreferences } = this.options;
    await page.setViewportSize({ width, height });
    await page.exposeBinding('electronDoubleSend', ({ frame }, channel: string, args: unknown[]) =>
      this.#surroundings.ipc.send(this.#event(frame.url(), frame.parentFrame()), channel, args),
    );
    await page.exposeBinding('electronDoubleInvoke', ({ frame }, channel: string, args: unknown[]) =>
      this.#surroundings.ipc.invoke(this.#event(frame.url(), frame.parentFrame()), channel, args),
    );
    await page.addInitScript(
      preloadScript(readFileSync(webPreferences?.preload ?? '', 'utf8'), process.platform),
    );
    await page.route('**/*', async (route) => {
      const request = route.request();
      if (!request.url().startsWith(ORIGIN)) {
        const event = { url: request.url(), preventDefault: () => void (prevented = true) };
        let prevented = false;
        if (request.isNavigationRequest()) this.webContents.emit('will-navigate', event);
        return prevented
          ? route.abort('aborted')
          : route.fulfill({ status: 599, body: 'reached the outside' });
      }
      const response = await this.#surroundings.handler()(new Request(toApp(request.url())));
      const body = Buffer.from(await response.arrayBuffer());
      return route.fulfill({ status: response.status, headers: Object.fromEntries(response.headers), body });
    });
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) this.violations.push(message.text());
    });
    page.on('load', () => this.webContents.emit('did-finish-load'));
    page.once('load', () => this.emit('ready-to-show'));
    this.#open(page);
    await page.goto(address.replace(APP, ORIGIN));
  }

  #event(url: string, parent: unknown): object {
    return { sender: this.webContents, senderFrame: { url: toApp(url), parent } };
  }

  async close(): Promise<void> {
    if (this.destroyed) return;
    this.emit('close');
    this.destroyed = true;
    this.webContents.destroyed = true;
    this.webContents.emit('destroyed');
    await this.webContents.page?.close();
    this.emit('closed');
  }

  show(): void {
    this.visible = true;
    this.emit('show');
  }
  setProgressBar(...[progress]: Parameters<Electron.BrowserWindow['setProgressBar']>): void {
    this.#surroundings.progressed(progress);
  }
  focus(): void {}
  restore(): void {}
  maximize(): void {}
  isMinimized(): boolean {
    return false;
  }
  isMaximized(): boolean {
    return false;
  }
  isDestroyed(): boolean {
    return this.destroyed;
  }
  getNormalBounds(): Electron.Rectangle {
    return { x: 10, y: 20, width: this.options.width ?? 0, height: this.options.height ?? 0 };
  }
}
