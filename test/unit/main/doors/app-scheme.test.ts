import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { answerAppRequest, isAppAddress } from '../../../../src/main/doors/app-scheme.ts';

let folder: string;
let renderer: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'minibatch-scheme-'));
  renderer = join(folder, 'renderer');
  mkdirSync(join(renderer, 'assets'), { recursive: true });
  writeFileSync(join(renderer, 'index.html'), '<p>hello</p>');
  writeFileSync(join(renderer, 'assets', 'a.js'), 'export {};');
  writeFileSync(join(renderer, 'secret.key'), 'key');
  writeFileSync(join(folder, 'outside.html'), 'outside');
});
afterEach(() => rmSync(folder, { recursive: true }));

async function get(address: string, init?: RequestInit): Promise<Response> {
  return answerAppRequest(renderer, new Request(address, init));
}

describe('answerAppRequest', () => {
  it('serves the page at the root, under a policy that allows no foreign or inline script', async () => {
    const response = await get('app://minibatch/');
    expect(await response.text()).toBe('<p>hello</p>');
    expect(response.headers.get('Content-Type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('X-Content-Type-Options')).toBe('nosniff');
    const policy = response.headers.get('Content-Security-Policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(/script-src ([^;]*)/.exec(policy)?.[1]).toBe("'self'");
  });

  it('names the type of a script', async () => {
    expect((await get('app://minibatch/assets/a.js')).headers.get('Content-Type')).toBe(
      'text/javascript; charset=utf-8',
    );
  });

  it.each([
    'app://minibatch/../outside.html',
    'app://minibatch/%2e%2e/outside.html',
    'app://minibatch/..%2foutside.html',
    'app://minibatch/assets/%00',
    'app://minibatch/%ff',
    'app://minibatch/secret.key',
    'app://minibatch/assets',
    'app://minibatch/missing.js',
    'app://other/index.html',
  ])('finds nothing at %s', async (address) => {
    expect((await get(address)).status).toBe(404);
  });

  it('answers nothing but GET', async () => {
    expect((await get('app://minibatch/', { method: 'POST' })).status).toBe(404);
  });
});

describe('isAppAddress', () => {
  it.each(['app://minibatch/', 'app://minibatch/#/batches'])('knows %s', (address) => {
    expect(isAppAddress(address)).toBe(true);
  });
  it.each([
    'https://minibatch/',
    'app://minibatch.example.test/',
    'app://evil@minibatch:80/',
    'file:///minibatch/',
    'minibatch',
    '',
  ])('refuses %s', (address) => {
    expect(isAppAddress(address)).toBe(false);
  });
});
