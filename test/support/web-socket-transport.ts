import type { Transport } from '../../src/shared/transport.ts';

interface SocketHeaders {
  readonly headers: Readonly<Record<string, string>>;
}

/** Opens a WebSocket as a browser page of `origin` would, and rejects when the server refuses it. */
export async function openWebSocket(
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<Transport> {
  // Node's WebSocket takes headers as an extension that the DOM's types do not know.
  const socket = new WebSocket(url, { headers } satisfies SocketHeaders as unknown as string[]);
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve(), { once: true });
    socket.addEventListener('error', () => reject(new Error(`The server refused ${url}.`)), { once: true });
  });
  return {
    send: (text) => socket.send(text),
    onMessage(listener) {
      const receive = (event: MessageEvent): void => listener(String(event.data));
      socket.addEventListener('message', receive);
      return () => socket.removeEventListener('message', receive);
    },
    onClose(listener) {
      const receive = (): void => listener('The connection to the core was lost.');
      socket.addEventListener('close', receive, { once: true });
      return () => socket.removeEventListener('close', receive);
    },
    close: () => socket.close(),
  };
}
