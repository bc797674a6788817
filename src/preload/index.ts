import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { type Bridge, CHANNELS, type HostTarget, type ToCore, type ToPage } from '../shared/host.ts';

const messages = new Set<(text: string) => void>();
const closes = new Set<(reason: string) => void>();
const commands = new Set<(id: string) => void>();

function tell(message: ToCore): void {
  ipcRenderer.send(CHANNELS.toCore, message);
}

/** Adds a listener; returns how to remove it. The IPC event itself never reaches the page. */
function listen<T>(listeners: Set<T>, listener: T): () => boolean {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

ipcRenderer.on(CHANNELS.toPage, (_event, message: ToPage) => {
  if (message.kind === 'message') for (const listener of messages) listener(message.text);
  if (message.kind === 'command') for (const listener of commands) listener(message.id);
  if (message.kind === 'close') {
    messages.clear();
    for (const listener of closes) listener(message.reason);
    closes.clear();
  }
});

/** Asks the main process. Electron puts its own words before a refusal; people get the sentence alone. */
async function ask(...args: unknown[]): Promise<never> {
  try {
    return await (ipcRenderer.invoke(CHANNELS.host, ...args) as Promise<never>);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new Error(message.replace(/^Error invoking remote method '[^']*': (\w*Error: )?/, ''), {
      cause: error,
    });
  }
}

/** The path of a file that a person dropped never reaches the page. A file that a script made has none. */
async function openSuite(file: File): Promise<string | null> {
  const path = webUtils.getPathForFile(file);
  return path === '' ? null : ask('open-suite', path);
}

const bridge: Bridge = {
  send: (text) => tell({ kind: 'message', text }),
  onMessage(listener) {
    if (messages.size === 0) tell({ kind: 'open' });
    const remove = listen(messages, listener);
    return () => {
      if (remove() && messages.size === 0) tell({ kind: 'close' });
    };
  },
  onClose: (listener) => listen(closes, listener),
  host: {
    kind: 'electron',
    platform: process.platform,
    can: { reveal: true, open: true, menu: true, openSuite: true, choosePython: true },
    reveal: (target: HostTarget) => ask('reveal', target),
    open: (target: HostTarget) => ask('open', target),
    openSuite,
    chooseSuite: () => ask('choose-suite'),
    choosePython: () => ask('choose-python'),
    onCommand: (listener) => listen(commands, listener),
  },
};

contextBridge.exposeInMainWorld('minibatch', bridge);
