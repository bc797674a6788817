import { describe, expect, it } from 'vitest';
import { serveConnection } from '../../src/main/api/connection.ts';
import type { Caller } from '../../src/main/api/router.ts';
import { createTransportPair } from '../../src/main/doors/in-process.ts';
import { type Client, createClient } from '../../src/shared/client.ts';
import { createTestRouter } from '../support/contract-router.ts';

function connect(caller?: Caller): Client {
  const [ours, theirs] = createTransportPair();
  serveConnection(createTestRouter(), theirs, caller);
  return createClient(ours);
}

const request = { workload: 'memorization', preset: 'quick' };

describe('a path in a call', () => {
  it.each([
    ['python', (client: Client) => client.call('plans.make', { ...request, python: '/bin/sh' })],
    [
      'suite',
      (client: Client) => client.call('batches.start', { ...request, suite: '/tmp/a.minibatch.yaml' }),
    ],
    ['suite', (client: Client) => client.call('plans.make', { ...request, suite: '/etc/passwd' })],
    ['path', (client: Client) => client.call('suites.open', { path: '/tmp/a.minibatch.yaml' })],
    ['python', (client: Client) => client.call('app.doctor', { python: '/bin/sh' })],
    ['folder', (client: Client) => client.call('archive.import', { folder: '/' })],
  ])('named "%s" is refused to a page and heard from the command line', async (key, call) => {
    const sentence = `A page may not name "${key}"`;
    await expect(call(connect())).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining(sentence),
    });
    const heard = await call(connect('command-line')).then(
      () => '',
      (error: Error) => error.message,
    );
    expect(heard).not.toContain(sentence);
  });
});
