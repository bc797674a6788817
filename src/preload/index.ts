import { contextBridge, ipcRenderer } from 'electron';
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
    can: { reveal: true, open: true, menu: true },
    reveal: (target: HostTarget) => ipcRenderer.invoke(CHANNELS.host, 'reveal', target),
    open: (target: HostTarget) => ipcRenderer.invoke(CHANNELS.host, 'open', target),
    onCommand: (listener) => listen(commands, listener),
  },
};

contextBridge.exposeInMainWorld('minibatch', bridge);
