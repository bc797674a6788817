import { ExpectedError } from '../../shared/model/error.ts';
import type { Transport } from '../../shared/transport.ts';

/** A transport over a WebSocket of the page's own origin. Rejects with `disconnected` when it cannot open. */
export function openWebSocket(url: string): Promise<Transport> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url);
    let opened = false;
    const messages = new Set<(text: string) => void>();
    const closes = new Set<(reason: string) => void>();

    const transport: Transport = {
      send(text) {
        if (socket.readyState === WebSocket.OPEN) socket.send(text);
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
        socket.close();
      },
    };

    socket.addEventListener('open', () => {
      opened = true;
      resolve(transport);
    });
    socket.addEventListener('message', (event) => {
      for (const listener of messages) listener(String(event.data));
    });
    socket.addEventListener('close', (event) => {
      const reason = event.reason === '' ? 'The connection to Minibatch was lost.' : event.reason;
      if (opened) for (const listener of closes) listener(reason);
      // A browser does not tell a page why a socket could not be opened.
      else void whyClosed(reason).then((sentence) => reject(new ExpectedError('disconnected', sentence)));
    });
  });
}

/** Asks the page's own origin, which a core that was started again answers differently from the old one. */
async function whyClosed(reason: string): Promise<string> {
  try {
    const { status } = await fetch('/', { method: 'HEAD', cache: 'no-store' });
    return status === 403
      ? 'Minibatch was started again and this page has the old key: open the address that it printed.'
      : reason;
  } catch {
    return 'Minibatch does not answer here. If it was started again, it has a new address: open the one that it printed.';
  }
}

/** Address of the core's socket for a page served over HTTP. */
export function socketAddress(location: Location): string {
  const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
  return `${scheme}//${location.host}/socket`;
}
