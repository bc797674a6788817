import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serveConnection } from '../../../../src/main/api/connection.ts';
import { type HttpDoor, openHttpDoor, SOCKET_PATH } from '../../../../src/main/doors/http.ts';
import { createTestRouter } from '../../../support/contract-router.ts';
import { openWebSocket } from '../../../support/web-socket-transport.ts';

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

let door: HttpDoor;
let root: string;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'minibatch-http-'));
  const rendererFolder = join(root, 'renderer');
  mkdirSync(join(rendererFolder, 'assets'), { recursive: true });
  writeFileSync(join(rendererFolder, 'index.html'), '<!doctype html><title>Minibatch</title>');
  writeFileSync(join(rendererFolder, 'assets', 'a-1234.js'), 'export {};');
  writeFileSync(join(rendererFolder, 'notes.exe'), 'no');
  writeFileSync(join(root, 'secret.txt'), 'secret');
  const router = createTestRouter();
  door = await openHttpDoor({ connect: (transport) => serveConnection(router, transport), rendererFolder });
});

afterEach(async () => {
  await door.close();
  rmSync(root, { recursive: true, force: true });
});

/** Sends exactly the given headers, Host included, which `fetch` would not. */
function send(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: door.port, path, method, headers }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      );
    });
    sent.on('error', reject);
    sent.end();
  });
}

async function cookie(): Promise<string> {
  const login = await send(`/login?token=${door.token}`);
  const [value = ''] = login.headers['set-cookie'] ?? [];
  return value.split(';')[0] ?? '';
}

function bearer(): Record<string, string> {
  return { Authorization: `Bearer ${door.token}` };
}

describe('getting in', () => {
  it('exchanges the token for a cookie and takes it out of the address bar', async () => {
    const login = await send(`/login?token=${door.token}`);
    expect(login.status).toBe(303);
    expect(login.headers.location).toBe('/');
    expect(login.headers['referrer-policy']).toBe('no-referrer');
    const [value = ''] = login.headers['set-cookie'] ?? [];
    expect(value).toMatch(
      new RegExp(`^minibatch-${door.port}=[\\w-]{43}; HttpOnly; SameSite=Strict; Path=/$`),
    );
    expect(value).not.toContain(door.token);
  });

  it('opens the page with the cookie or the bearer header only', async () => {
    expect((await send('/')).status).toBe(403);
    expect((await send('/', { Cookie: `minibatch-${door.port}=wrong` })).status).toBe(403);
    expect((await send('/', { Authorization: 'Bearer wrong' })).status).toBe(403);
    expect((await send('/', { Cookie: await cookie() })).status).toBe(200);
    expect((await send('/', bearer())).status).toBe(200);
  });

  it('refuses a wrong or missing token, and never sets a cookie for it', async () => {
    for (const path of ['/login', '/login?token=', '/login?token=wrong', `/login?token=${door.token}x`]) {
      const login = await send(path);
      expect([login.status, login.headers['set-cookie']]).toEqual([403, undefined]);
    }
  });

  it('has a token of 32 random bytes', () => {
    expect(Buffer.from(door.token, 'base64url')).toHaveLength(32);
  });
});

describe('who may ask', () => {
  it.each([
    ['a rebinding host name', { Host: 'evil.example' }],
    ['a page of another host', { Origin: 'http://evil.example' }],
    ['a page on another port of localhost', { Origin: 'http://127.0.0.1:1' }],
    ['a sandboxed page', { Origin: 'null' }],
    ['a foreign site by the browser’s word', { 'Sec-Fetch-Site': 'cross-site' }],
    ['another local port by the browser’s word', { 'Sec-Fetch-Site': 'same-site' }],
  ])('refuses %s, even with the key', async (_, headers) => {
    expect((await send('/', { ...bearer(), ...headers })).status).toBe(403);
  });

  it('lets its own page pass', async () => {
    const headers = { ...bearer(), Origin: door.address, 'Sec-Fetch-Site': 'same-origin' };
    expect((await send('/', headers)).status).toBe(200);
  });

  it('demands an origin on everything that is not reading', async () => {
    expect((await send('/', bearer(), 'POST')).status).toBe(403);
    expect((await send('/', { ...bearer(), Origin: door.address }, 'POST')).status).toBe(405);
  });

  it.each([
    ['no origin', () => bearer()],
    ['a foreign origin', () => ({ ...bearer(), Origin: 'http://evil.example' })],
    ['no key', () => ({ Origin: door.address })],
    ['a wrong key', () => ({ Origin: door.address, Authorization: 'Bearer wrong' })],
  ])('refuses a WebSocket with %s', async (_, headers) => {
    await expect(openWebSocket(`ws://127.0.0.1:${door.port}${SOCKET_PATH}`, headers())).rejects.toThrow(
      'refused',
    );
  });

  it('opens a WebSocket for its own page with the cookie, at one path', async () => {
    const headers = { Origin: door.address, Cookie: await cookie() };
    const transport = await openWebSocket(`ws://127.0.0.1:${door.port}${SOCKET_PATH}`, headers);
    transport.close();
    await expect(openWebSocket(`ws://127.0.0.1:${door.port}/other`, headers)).rejects.toThrow('refused');
  });

  it('ends a connection whose message is too large and serves on', async () => {
    const headers = { ...bearer(), Origin: door.address };
    const transport = await openWebSocket(`ws://127.0.0.1:${door.port}${SOCKET_PATH}`, headers);
    const closed = Promise.withResolvers<string>();
    transport.onClose(closed.resolve);
    transport.send('x'.repeat(5 * 1024 * 1024));
    await closed.promise;
    expect((await send('/', bearer())).status).toBe(200);
  });
});

describe('what is served', () => {
  it.each(['/', '/assets/a-1234.js', '/missing.js'])('sends the security headers with %s', async (path) => {
    const { headers } = await send(path, bearer());
    expect(headers['content-security-policy']).toContain("default-src 'none'; script-src 'self';");
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['cross-origin-resource-policy']).toBe('same-origin');
    expect(headers['cross-origin-opener-policy']).toBe('same-origin');
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });

  it('names types and keeps hashed files', async () => {
    const script = await send('/assets/a-1234.js', bearer());
    expect([script.status, script.headers['content-type'], script.body]).toEqual([
      200,
      'text/javascript; charset=utf-8',
      'export {};',
    ]);
    expect(script.headers['cache-control']).toContain('immutable');
    expect((await send('/', bearer())).headers['cache-control']).toBe('no-cache');
  });

  it.each([
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/%00',
    '/%zz',
    '/assets',
    '/notes.exe',
  ])('never leaves its folder for %s', async (path) => {
    const answer = await send(path, bearer());
    expect(answer.status).toBe(404);
    expect(answer.body).not.toContain('secret');
  });

  it('answers HEAD without a body', async () => {
    const answer = await send('/', bearer(), 'HEAD');
    expect([answer.status, answer.body]).toEqual([200, '']);
  });

  it('says in words that a port is taken', async () => {
    const again = openHttpDoor({ connect: () => () => {}, rendererFolder: root, port: door.port });
    await expect(again).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining(String(door.port)),
    });
  });
});
