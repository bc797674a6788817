import { ExpectedError } from '../../shared/model/error.ts';
import type { Transport } from '../../shared/transport.ts';

/** A transport over a WebSocket of the page's own origin. Rejects with `disconnected` when it cannot open. */
export function openWebSocket(url: string): Promise<Transport> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url);
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

    socket.addEventListener('open', () => resolve(transport));
    socket.addEventListener('message', (event) => {
      for (const listener of messages) listener(String(event.data));
    });
    socket.addEventListener('close', (event) => {
      const reason = event.reason === '' ? 'The connection to Minibatch was lost.' : event.reason;
      reject(new ExpectedError('disconnected', reason));
      for (const listener of closes) listener(reason);
    });
  });
}

/** Address of the core's socket for a page served over HTTP. */
export function socketAddress(location: Location): string {
  const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
  return `${scheme}//${location.host}/socket`;
}
