import { EventEmitter } from 'node:events';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { serveConnection } from '../../src/main/api/connection.ts';
import { openPreload } from '../../src/renderer/doors/preload.ts';
import { createClient } from '../../src/shared/client.ts';
import { type Bridge, CHANNELS } from '../../src/shared/host.ts';
import type { Transport } from '../../src/shared/transport.ts';
import { createTestRouter, type TestRouter } from '../support/contract-router.ts';
import { describeConformance, type DoorUnderTest } from './conformance.ts';

/** Main process and pages of a made-up Electron: messages are cloned and arrive in a later turn, in order. */
class Hub {
  readonly main = new EventEmitter();
  readonly pages: PageDouble[] = [];
}

class PageDouble extends EventEmitter {
  readonly renderer = new EventEmitter();
  readonly #hub: Hub;
  readonly #frame: object;
  bridge: Bridge | null = null;
  constructor(hub: Hub, frame: object) {
    super();
    this.#hub = hub;
    this.#frame = frame;
    hub.pages.push(this);
  }
  isDestroyed(): boolean {
    return false;
  }
  /** To the page. */
  send(channel: string, ...args: unknown[]): void {
    const copy = structuredClone(args);
    setImmediate(() => this.renderer.emit(channel, {}, ...copy));
  }
  /** To the core. */
  tell(channel: string, ...args: unknown[]): void {
    const copy = structuredClone(args);
    setImmediate(() => this.#hub.main.emit(channel, { sender: this, senderFrame: this.#frame }, ...copy));
  }
}

const OURS = { url: 'app://minibatch/', parent: null };

/** A page with the preload script of its own. */
async function openPage(hub: Hub, frame: object = OURS): Promise<PageDouble> {
  const page = new PageDouble(hub, frame);
  vi.resetModules();
  vi.doMock('electron', () => ({
    contextBridge: { exposeInMainWorld: (_name: string, bridge: Bridge) => void (page.bridge = bridge) },
    ipcRenderer: {
      send: page.tell.bind(page),
      on: page.renderer.on.bind(page.renderer),
      invoke: async (...args: unknown[]) => {
        if (args[1] === 'choose-suite')
          throw new Error("Error invoking remote method 'minibatch:host': Error: There is no such file.");
        return args;
      },
    },
    webUtils: { getPathForFile: (file: File) => (file.name === 'made.yaml' ? '' : `/suites/${file.name}`) },
  }));
  await import('../../src/preload/index.ts');
  return page;
}

function bridgeOf(page: PageDouble): Bridge {
  if (page.bridge === null) throw new Error('The preload script exposed nothing.');
  return page.bridge;
}

async function openDoor(hub: Hub, connect: (transport: Transport) => void): Promise<() => void> {
  vi.resetModules();
  vi.doMock('electron', () => ({ ipcMain: hub.main }));
  const { openElectronDoor } = await import('../../src/main/doors/electron-ipc.ts');
  return openElectronDoor(connect);
}

afterEach(() => {
  vi.doUnmock('electron');
});

async function openElectron(router: TestRouter): Promise<DoorUnderTest> {
  const hub = new Hub();
  const close = await openDoor(hub, (transport) => serveConnection(router, transport));
  return {
    connect: async () => openPreload(bridgeOf(await openPage(hub))),
    breakAll: close,
    async close() {
      close();
    },
  };
}

describeConformance('Electron IPC', openElectron);

describe('the window’s door', () => {
  it.each([
    ['another page', { url: 'https://example.test/', parent: null }],
    ['a page of another host', { url: 'app://other/', parent: null }],
    ['a frame in our page', { url: 'app://minibatch/', parent: OURS }],
  ])('drops messages of %s', async (_who, frame) => {
    const hub = new Hub();
    const connect = vi.fn<(transport: Transport) => void>();
    const close = await openDoor(hub, connect);
    const foreign = bridgeOf(await openPage(hub, frame));
    foreign.onMessage(() => {});
    const ours = bridgeOf(await openPage(hub));
    ours.onMessage(() => {});
    await vi.waitFor(() => expect(connect).toHaveBeenCalledTimes(1));
    close();
  });

  it('begins a new pipe when the page is loaded again, and ends the old one', async () => {
    const hub = new Hub();
    const closed: string[] = [];
    const opened: Transport[] = [];
    const close = await openDoor(hub, (transport) => {
      opened.push(transport);
      transport.onClose((reason) => closed.push(reason));
    });
    const page = await openPage(hub);
    const stop = bridgeOf(page).onMessage(() => {});
    await vi.waitFor(() => expect(opened).toHaveLength(1));
    page.tell(CHANNELS.toCore, { kind: 'open' });
    await vi.waitFor(() => expect(opened).toHaveLength(2));
    expect(closed).toEqual(['The page was loaded again.']);
    stop();
    await vi.waitFor(() => expect(closed).toEqual(['The page was loaded again.', 'The page let go.']));
    close();
  });

  it('drops what is not a message', async () => {
    const hub = new Hub();
    const router = createTestRouter();
    const close = await openDoor(hub, (transport) => serveConnection(router, transport));
    const page = await openPage(hub);
    const client = createClient(openPreload(bridgeOf(page)));
    for (const rubbish of [
      null,
      7,
      { kind: 'message' },
      { kind: 'message', text: 'x', more: 1 },
      { kind: 'exec' },
    ]) {
      page.tell(CHANNELS.toCore, rubbish);
    }
    expect(await client.call('app.info', {})).toMatchObject({ platform: 'test' });
    close();
  });

  it('opens a dropped file by its path, and none that a script has made', async () => {
    const { host } = bridgeOf(await openPage(new Hub()));
    expect(await host.openSuite(new File([''], 'a.yaml'))).toEqual([
      CHANNELS.host,
      'open-suite',
      '/suites/a.yaml',
    ]);
    expect(await host.openSuite(new File([''], 'made.yaml'))).toBeNull();
  });

  it('tells a refusal in its own words', async () => {
    const { host } = bridgeOf(await openPage(new Hub()));
    await expect(host.chooseSuite()).rejects.toThrow(/^There is no such file\.$/);
  });

  it('carries the ids of menu commands to the page', async () => {
    const page = await openPage(new Hub());
    const chosen: string[] = [];
    const stop = bridgeOf(page).host.onCommand((id) => chosen.push(id));
    page.send(CHANNELS.toPage, { kind: 'command', id: 'go.results' });
    await vi.waitFor(() => expect(chosen).toEqual(['go.results']));
    stop();
  });
});
