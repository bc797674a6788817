import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { connectLocal, localSocketPath, openLocalDoor } from '../../../../src/main/doors/local-socket.ts';
import type { Transport } from '../../../../src/shared/transport.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'minibatch-socket-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('lies in the workspace, or under the temp folder where the path would be too long', () => {
  expect(localSocketPath('/w')).toBe('/w/.minibatch/door.sock');
  const long = localSocketPath(`/${'é'.repeat(50)}/workspace`);
  expect(long.startsWith(tmpdir())).toBe(true);
  expect(Buffer.byteLength(long)).toBeLessThan(104);
  expect(localSocketPath(`/${'é'.repeat(51)}/workspace`)).not.toBe(long);
});

it('replaces what a crash left behind, belongs to its owner, and is gone after the close', async () => {
  const path = join(folder, 'door.sock');
  writeFileSync(path, 'left over');
  const close = await openLocalDoor(path, () => () => {});
  expect(statSync(path).mode & 0o777).toBe(0o600);
  await close();
  await expect(connectLocal(path)).rejects.toMatchObject({ code: 'disconnected' });
});

it('puts messages together from any pieces, characters split in the middle included', async () => {
  const path = join(folder, 'door.sock');
  const served = Promise.withResolvers<Transport>();
  const close = await openLocalDoor(path, (transport) => {
    served.resolve(transport);
    return () => {};
  });
  const socket = createConnection(path);
  const received: string[] = [];
  const done = Promise.withResolvers<void>();
  (await served.promise).onMessage((text) => {
    received.push(text);
    if (received.length === 3) done.resolve();
  });
  const bytes = Buffer.from('{"a":"é🧪"}\n{"b":1}\n{"c":2}\n');
  for (const byte of bytes) {
    await new Promise<void>((written) => socket.write(Buffer.from([byte]), () => written()));
  }
  await done.promise;
  expect(received).toEqual(['{"a":"é🧪"}', '{"b":1}', '{"c":2}']);
  socket.destroy();
  await close();
});
