import type { Transport } from '../../shared/transport.ts';
import { openPreload } from './preload.ts';
import { openWebSocket, socketAddress } from './websocket.ts';

/** A way to the core that can be opened again after it was lost. */
export interface Door {
  readonly host: 'electron' | 'browser';
  open(): Promise<Transport>;
}

/** Electron's pipe where the preload script offers one, else the socket of the page's own origin. */
export function pickDoor(page: Window): Door {
  const bridge = page.minibatch;
  if (bridge) return { host: 'electron', open: () => Promise.resolve(openPreload(bridge)) };
  return { host: 'browser', open: () => openWebSocket(socketAddress(page.location)) };
}
