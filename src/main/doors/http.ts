import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { type WebSocket, WebSocketServer } from 'ws';
import { ExpectedError } from '../../shared/model/error.ts';
import type { Transport } from '../../shared/transport.ts';
import { readBearer, readCookie, refusal, SECURITY_HEADERS, sameSecret } from './http-guard.ts';
import type { Connect } from './in-process.ts';
import { openStaticFile } from './static-files.ts';

/** Where the WebSocket lives; the renderer's door uses the same path. */
export const SOCKET_PATH = '/socket';

const MAXIMUM_MESSAGE_BYTES = 4 * 1024 * 1024;
const MAXIMUM_CONNECTIONS = 32;
/** A reader that lets this much pile up is cut off; it comes back and resumes from its `seq`. */
const MAXIMUM_BACKLOG_BYTES = 64 * 1024 * 1024;
const PING_MILLISECONDS = 20_000;

export interface HttpDoorOptions {
  readonly connect: Connect;
  /** Folder of the built renderer. */
  readonly rendererFolder: string;
  /** 0 = any free port. */
  readonly port?: number;
  readonly token?: string;
}

export interface HttpDoor {
  readonly port: number;
  readonly token: string;
  /** Address with the token, to be shown once. */
  readonly loginUrl: string;
  readonly address: string;
  close(): Promise<void>;
}

/** Serves the renderer and the contract on 127.0.0.1, to whoever has the token. */
export async function openHttpDoor(options: HttpDoorOptions): Promise<HttpDoor> {
  const token = options.token ?? randomBytes(32).toString('base64url');
  // The cookie is not the token itself, so a leaked cookie ends with this process and cannot log in again.
  const session = randomBytes(32).toString('base64url');
  const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000, maxHeaderSize: 16_384 });
  await listen(server, options.port ?? 0);
  const { port } = server.address() as AddressInfo;
  const cookieName = `minibatch-${port}`;

  function isKnown(request: IncomingMessage): boolean {
    const bearer = readBearer(request.headers);
    if (bearer !== null) return sameSecret(bearer, token);
    const cookie = readCookie(request.headers, cookieName);
    return cookie !== null && sameSecret(cookie, session);
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const method = request.method ?? '';
    const reason = refusal({ method, headers: request.headers, upgrade: false }, port);
    if (reason !== null) return answer(response, 403, reason);
    // Nothing here takes a body: whatever a request brings along is not read.
    if (method !== 'GET' && method !== 'HEAD') return answer(response, 405, 'Only GET is answered here.');
    const url = new URL(request.url ?? '/', `http://127.0.0.1:${port}`);
    if (url.pathname === '/login') return login(url, response);
    if (!isKnown(request)) {
      return answer(
        response,
        403,
        'Open the address that "minibatch serve" printed: it carries the key to this page.',
      );
    }
    await sendFile({ folder: options.rendererFolder, path: url.pathname, method, response });
  }

  function login(url: URL, response: ServerResponse): void {
    if (!sameSecret(url.searchParams.get('token') ?? '', token)) {
      return answer(
        response,
        403,
        'This key is not valid (any more). Use the address that "minibatch serve" printed last.',
      );
    }
    const cookie = `${cookieName}=${session}; HttpOnly; SameSite=Strict; Path=/`;
    // 303 takes the token out of the address bar and the history.
    answer(response, 303, '', { Location: '/', 'Set-Cookie': cookie });
  }

  server.on('request', (request, response) => {
    handle(request, response).catch(() => {
      // The browser went away, or a file vanished while it was sent.
      if (response.headersSent) response.destroy();
      else answer(response, 500, 'The file could not be read.');
    });
  });
  const closeSockets = acceptSockets({ server, port, connect: options.connect, isKnown });

  return {
    port,
    token,
    address: `http://127.0.0.1:${port}`,
    loginUrl: `http://127.0.0.1:${port}/login?token=${token}`,
    async close() {
      closeSockets();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const busy = error.code === 'EADDRINUSE' || error.code === 'EACCES';
      reject(
        busy
          ? new ExpectedError(
              'usage',
              `Port ${port} cannot be used here (${error.code}); choose another with --port.`,
            )
          : error,
      );
    });
    server.listen(port, '127.0.0.1', resolve);
  });
}

function answer(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, {
    ...SECURITY_HEADERS,
    'Content-Type': 'text/plain; charset=utf-8',
    'Cache-Control': 'no-store',
    ...headers,
  });
  response.end(text === '' ? text : `${text}\n`);
}

interface FileRequest {
  readonly folder: string;
  readonly path: string;
  readonly method: string;
  readonly response: ServerResponse;
}

async function sendFile({ folder, path, method, response }: FileRequest): Promise<void> {
  const file = await openStaticFile(folder, path);
  if (file === null) {
    const missing =
      path === '/'
        ? 'The window is not built yet: run "npm run build", then reload.'
        : 'There is no such file.';
    return answer(response, 404, missing);
  }
  response.writeHead(200, {
    ...SECURITY_HEADERS,
    'Content-Type': file.type,
    'Content-Length': file.bytes,
    'Cache-Control': file.immutable ? 'private, max-age=31536000, immutable' : 'no-cache',
  });
  if (method === 'HEAD') {
    response.end();
    return file.handle.close();
  }
  await pipeline(file.handle.createReadStream(), response);
}

interface SocketDoor {
  readonly server: Server;
  readonly port: number;
  readonly connect: Connect;
  readonly isKnown: (request: IncomingMessage) => boolean;
}

function acceptSockets({ server, port, connect, isKnown }: SocketDoor): () => void {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAXIMUM_MESSAGE_BYTES });

  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const reason = refusal({ method: request.method ?? '', headers: request.headers, upgrade: true }, port);
    if (reason !== null || !isKnown(request)) return deny(socket, '403 Forbidden');
    if (request.url !== SOCKET_PATH) return deny(socket, '404 Not Found');
    if (sockets.clients.size >= MAXIMUM_CONNECTIONS) return deny(socket, '503 Service Unavailable');
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      connect(createSocketTransport(webSocket));
    });
  });

  return () => {
    for (const webSocket of sockets.clients) webSocket.terminate();
    sockets.close();
  };
}

function deny(socket: Socket, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

/** The server's end of one WebSocket. A peer that answers no ping for two rounds is taken for gone. */
export function createSocketTransport(webSocket: WebSocket): Transport {
  const listeners = new Set<(reason: string) => void>();
  let alive = true;
  const pinging = setInterval(() => {
    if (!alive) return webSocket.terminate();
    alive = false;
    webSocket.ping();
  }, PING_MILLISECONDS);
  webSocket.on('pong', () => {
    alive = true;
  });
  webSocket.on('close', () => {
    clearInterval(pinging);
    for (const listener of listeners) listener('The connection to the page was closed.');
    listeners.clear();
  });
  // "close" follows; without a listener an oversized message would end the process.
  webSocket.on('error', () => webSocket.terminate());

  return {
    send(text) {
      if (webSocket.readyState !== webSocket.OPEN) return;
      if (webSocket.bufferedAmount > MAXIMUM_BACKLOG_BYTES) return webSocket.terminate();
      webSocket.send(text);
    },
    onMessage(listener) {
      const receive = (data: Buffer | ArrayBuffer | Buffer[], binary: boolean): void => {
        if (binary) webSocket.close(1003, 'Text only.');
        else listener(data.toString());
      };
      webSocket.on('message', receive);
      return () => webSocket.off('message', receive);
    },
    onClose(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      webSocket.close(1000);
    },
  };
}
