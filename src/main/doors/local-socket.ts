import { chmodSync, rmSync } from 'node:fs';
import { createConnection, createServer, type Socket } from 'node:net';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ExpectedError } from '../../shared/model/error.ts';
import type { Transport } from '../../shared/transport.ts';
import type { Connect } from './in-process.ts';

/** `sun_path` holds 104 bytes on a Mac, the last one zero. */
const MAXIMUM_PATH_BYTES = 103;
const MAXIMUM_LINE_CHARACTERS = 64 * 1024 * 1024;
const MAXIMUM_BACKLOG_BYTES = 64 * 1024 * 1024;

/**
 * Where the holder of a workspace listens for the command line: in the workspace's own folder, or, when that
 * path is too long for a socket, under the temp folder by a hash of it.
 */
export function localSocketPath(workspace: string): string {
  const path = join(workspace, '.minibatch', 'door.sock');
  if (Buffer.byteLength(path) <= MAXIMUM_PATH_BYTES) return path;
  const hash = createHash('sha256').update(workspace).digest('hex').slice(0, 16);
  return join(tmpdir(), `minibatch-${process.getuid?.() ?? 0}-${hash}.sock`);
}

/** Listens for other processes of the same person. Returns how to stop. */
export async function openLocalDoor(path: string, connect: Connect): Promise<() => Promise<void>> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    connect(createLineTransport(socket), 'command-line');
  });
  // Whoever calls holds the workspace's lock, so a socket file that lies here is left over from a crash.
  rmSync(path, { force: true });
  const previous = process.umask(0o177);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(path, resolve);
    });
  } finally {
    process.umask(previous);
  }
  chmodSync(path, 0o600);
  return async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of sockets) socket.destroySoon();
    await closed;
    rmSync(path, { force: true });
  };
}

/** Connects to the process that holds a workspace. */
export async function connectLocal(path: string): Promise<Transport> {
  const socket = createConnection(path);
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', (error) => {
      reject(
        new ExpectedError(
          'disconnected',
          `The program that holds the workspace does not answer (${error.message}).`,
        ),
      );
    });
  });
  return createLineTransport(socket);
}

/** One message a line over a stream socket; JSON text never holds a bare line feed. */
export function createLineTransport(socket: Socket): Transport {
  const messages = new Set<(text: string) => void>();
  const closes = new Set<(reason: string) => void>();
  const early: string[] = [];
  let rest: string[] = [];
  let restLength = 0;

  function deliver(line: string): void {
    if (messages.size === 0) early.push(line);
    else for (const listener of messages) listener(line);
  }

  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => {
    const parts = chunk.split('\n');
    for (const part of parts.slice(0, -1)) {
      deliver(rest.join('') + part);
      rest = [];
      restLength = 0;
    }
    const last = parts.at(-1) ?? '';
    rest.push(last);
    restLength += last.length;
    if (restLength > MAXIMUM_LINE_CHARACTERS) socket.destroy();
  });
  // "close" follows every error.
  socket.on('error', () => {});
  socket.on('close', () => {
    for (const listener of closes) listener('The program that holds the workspace has ended.');
    closes.clear();
  });

  return {
    send(text) {
      if (!socket.writable) return;
      if (socket.writableLength > MAXIMUM_BACKLOG_BYTES) {
        socket.destroy();
        return;
      }
      socket.write(`${text}\n`);
    },
    onMessage(listener) {
      messages.add(listener);
      for (const text of early.splice(0)) listener(text);
      return () => messages.delete(listener);
    },
    onClose(listener) {
      closes.add(listener);
      return () => closes.delete(listener);
    },
    close() {
      socket.destroySoon();
    },
  };
}
