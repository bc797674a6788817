import { type IpcMainEvent, type IpcMainInvokeEvent, ipcMain, type WebContents } from 'electron';
import { z } from 'zod';
import { CHANNELS, type ToPage } from '../../shared/host.ts';
import type { Transport } from '../../shared/transport.ts';
import { isAppAddress } from './app-scheme.ts';

const toCore = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('open') }),
  z.strictObject({ kind: z.literal('close') }),
  z.strictObject({ kind: z.literal('message'), text: z.string() }),
]);

interface Pipe {
  readonly transport: Transport;
  receive(text: string): void;
  /** The page is gone or has let go: nothing more is sent to it. */
  finish(reason: string): void;
}

/** Whether a message comes from the top frame of a page of ours; anything else is dropped unread. */
export function isOurSender(event: IpcMainEvent | IpcMainInvokeEvent): boolean {
  const frame = event.senderFrame;
  return frame !== null && frame.parent === null && isAppAddress(frame.url);
}

export function sendToPage(contents: WebContents, message: ToPage): void {
  if (!contents.isDestroyed()) contents.send(CHANNELS.toPage, message);
}

/**
 * The window's door: one pipe per page at a time, over one pair of channels. Returns how to close all of them.
 */
export function openElectronDoor(connect: (transport: Transport) => void): () => void {
  const pipes = new Map<WebContents, Pipe>();

  function finish(contents: WebContents, reason: string): void {
    pipes.get(contents)?.finish(reason);
    pipes.delete(contents);
  }

  function open(contents: WebContents): void {
    const known = pipes.has(contents);
    finish(contents, 'The page was loaded again.');
    const pipe = createPipe(contents);
    pipes.set(contents, pipe);
    if (!known) {
      contents.once('destroyed', () => finish(contents, 'The window was closed.'));
      contents.on('render-process-gone', () => finish(contents, 'The page crashed.'));
    }
    connect(pipe.transport);
  }

  function listener(event: IpcMainEvent, data: unknown): void {
    if (!isOurSender(event)) return;
    const message = toCore.safeParse(data);
    if (!message.success) return;
    if (message.data.kind === 'open') open(event.sender);
    else if (message.data.kind === 'close') finish(event.sender, 'The page let go.');
    else pipes.get(event.sender)?.receive(message.data.text);
  }

  ipcMain.on(CHANNELS.toCore, listener);
  return () => {
    ipcMain.off(CHANNELS.toCore, listener);
    for (const pipe of pipes.values()) pipe.transport.close();
    pipes.clear();
  };
}

function createPipe(contents: WebContents): Pipe {
  const messages = new Set<(text: string) => void>();
  const closes = new Set<(reason: string) => void>();
  let open = true;

  function finish(reason: string): void {
    if (!open) return;
    open = false;
    for (const close of closes) close(reason);
  }

  return {
    receive(text) {
      if (open) for (const message of messages) message(text);
    },
    finish,
    transport: {
      send(text) {
        if (open) sendToPage(contents, { kind: 'message', text });
      },
      onMessage(listener) {
        messages.add(listener);
        return () => messages.delete(listener);
      },
      onClose(listener) {
        closes.add(listener);
        return () => closes.delete(listener);
      },
      close() {
        if (!open) return;
        sendToPage(contents, { kind: 'close', reason: 'Minibatch closed the connection.' });
        finish('The connection was closed.');
      },
    },
  };
}
