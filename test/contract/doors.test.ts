import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serveConnection } from '../../src/main/api/connection.ts';
import { openHttpDoor, SOCKET_PATH } from '../../src/main/doors/http.ts';
import { createTransportPair } from '../../src/main/doors/in-process.ts';
import { connectLocal, openLocalDoor } from '../../src/main/doors/local-socket.ts';
import type { Transport } from '../../src/shared/transport.ts';
import type { TestRouter } from '../support/contract-router.ts';
import { openWebSocket } from '../support/web-socket-transport.ts';
import { describeConformance, type DoorUnderTest } from './conformance.ts';

async function openInProcess(router: TestRouter): Promise<DoorUnderTest> {
  const stops = new Set<() => void>();
  const stopAll = (): void => {
    for (const stop of stops) stop();
  };
  return {
    async connect() {
      const [ours, theirs] = createTransportPair();
      stops.add(serveConnection(router, theirs));
      return ours;
    },
    breakAll: stopAll,
    async close() {
      stopAll();
    },
  };
}

async function openOverHttp(router: TestRouter): Promise<DoorUnderTest> {
  const served: Transport[] = [];
  const door = await openHttpDoor({
    connect(transport) {
      served.push(transport);
      return serveConnection(router, transport);
    },
    rendererFolder: tmpdir(),
  });
  return {
    connect: () =>
      openWebSocket(`ws://127.0.0.1:${door.port}${SOCKET_PATH}`, {
        Origin: door.address,
        Authorization: `Bearer ${door.token}`,
      }),
    breakAll: () => {
      for (const transport of served) transport.close();
    },
    close: () => door.close(),
  };
}

async function openLocally(router: TestRouter): Promise<DoorUnderTest> {
  const folder = mkdtempSync(join(tmpdir(), 'minibatch-door-'));
  const path = join(folder, 'door.sock');
  const served: Transport[] = [];
  const close = await openLocalDoor(path, (transport) => {
    served.push(transport);
    return serveConnection(router, transport);
  });
  return {
    connect: () => connectLocal(path),
    breakAll: () => {
      for (const transport of served) transport.close();
    },
    async close() {
      await close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

describeConformance('the in-process pair', openInProcess);
describeConformance('WebSocket', openOverHttp);
describeConformance('the local socket', openLocally);
