import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Client, createClient } from '../../src/shared/client.ts';
import type { CallName, TopicName } from '../../src/shared/contract/contract.ts';
import type { ChangeSet } from '../../src/shared/model/batch.ts';
import type { Transport } from '../../src/shared/transport.ts';
import { createTestRouter, type TestRouter } from '../support/contract-router.ts';

/** One door, opened on a router. `connect` gives the client's end of a new connection. */
export interface DoorUnderTest {
  connect(): Promise<Transport>;
  /** Breaks every connection the hard way, as a vanished process would. */
  breakAll(): void;
  close(): Promise<void>;
}
export type OpenDoor = (router: TestRouter) => Promise<DoorUnderTest>;

function set(seq: number): ChangeSet {
  return { seq, changes: [{ kind: 'batch-removed', id: `batch ${seq}` }] };
}

function until(check: () => void): Promise<void> {
  return vi.waitFor(check, { timeout: 15_000, interval: 5 });
}

/** What every door must do; a new transport passes all of it or is no door. */
export function describeConformance(name: string, open: OpenDoor): void {
  describe(`contract over ${name}`, () => {
    let router: TestRouter;
    let door: DoorUnderTest;
    let client: Client;

    async function start(options: Parameters<typeof createTestRouter>[0] = {}): Promise<void> {
      router = createTestRouter(options);
      door = await open(router);
      client = createClient(await door.connect());
    }

    beforeEach(() => start());
    afterEach(async () => {
      client.close();
      await door.close();
    });

    async function restart(options: Parameters<typeof createTestRouter>[0]): Promise<void> {
      client.close();
      await door.close();
      await start(options);
    }

    it('answers a call', async () => {
      expect(await client.call('app.info', {})).toEqual({
        version: '0.0.0-test',
        workspace: '/w',
        workspaceShown: '/w',
        platform: 'test',
        startedAt: 1,
      });
    });

    it('fills in defaults before a handler sees the input', async () => {
      const { rows } = await client.call('runs.rows', { batch: 'b', index: 0 });
      expect(rows).toHaveLength(1_000);
    });

    it('answers fast calls while a slow one waits', async () => {
      let slow = 'waiting';
      const pending = client.call('app.reindex', {}).then(() => {
        slow = 'answered';
      });
      await client.call('app.info', {});
      expect(slow).toBe('waiting');
      router.release();
      await pending;
    });

    it('sends an expected failure with its code and sentence', async () => {
      const error = { code: 'not-possible-now', message: 'The test core cannot do this.' };
      await expect(client.call('machine.facts', {})).rejects.toMatchObject(error);
      expect(router.bugs).toEqual([]);
    });

    it('sends a bug as internal and reports it', async () => {
      const error = { code: 'internal', message: 'a bug of the handler' };
      await expect(client.call('batches.pause', { batch: 'b' })).rejects.toMatchObject(error);
      expect(router.bugs).toHaveLength(1);
    });

    it('refuses an unknown call, also one that every object has', async () => {
      for (const method of ['batches.burn', 'constructor', '__proto__']) {
        await expect(client.call(method as CallName, {} as never)).rejects.toMatchObject({
          code: 'unknown-method',
        });
      }
    });

    it('refuses bad input and names the field', async () => {
      const tooMany = client.call('batches.set-workers', { batch: 'b', workers: 500 });
      await expect(tooMany).rejects.toMatchObject({
        code: 'usage',
        message: expect.stringContaining('workers must be at most 64'),
      });
      const unknown = client.call('app.info', { colour: 'red' } as never);
      await expect(unknown).rejects.toMatchObject({
        code: 'usage',
        message: expect.stringContaining('colour'),
      });
      const missing = client.call('batches.get', {} as never);
      await expect(missing).rejects.toMatchObject({
        code: 'usage',
        message: expect.stringContaining('batch'),
      });
    });

    it('carries non-finite numbers in their wire form', async () => {
      const { series } = await client.call('runs.metrics', { batch: 'b', index: 0 });
      expect(series[0]?.values).toEqual([0.5, 'NaN', 'Infinity', '-Infinity']);
    });

    it('makes a bare NaN an error, never a silent null', async () => {
      await expect(client.call('runs.metrics', { batch: 'bare', index: 0 })).rejects.toMatchObject({
        code: 'internal',
      });
      expect(router.bugs).toHaveLength(1);
    });

    it('fails pending calls and frees every stream when the connection breaks', async () => {
      const reasons: string[] = [];
      client.onClose((reason) => reasons.push(reason));
      client.subscribe('changes', () => {});
      client.watch('logs.follow', {
        key: { batch: 'b', index: 0 },
        from: 0,
        onItem: () => new Promise(() => {}),
      });
      await until(() => expect([router.topics.changes.listeners, router.pulled()]).toEqual([1, 8]));
      const pending = client.call('app.reindex', {});
      door.breakAll();
      await expect(pending).rejects.toMatchObject({ code: 'disconnected' });
      await until(() => expect([router.topics.changes.listeners, router.stopped()]).toEqual([0, 1]));
      expect(reasons).toHaveLength(1);
      await expect(client.call('app.info', {})).rejects.toMatchObject({ code: 'disconnected' });
    });

    it('delivers a topic in order until it is ended', async () => {
      const seen: number[] = [];
      const stop = client.subscribe('changes', (item) => seen.push(item.seq));
      await until(() => expect(router.topics.changes.listeners).toBe(1));
      for (const seq of [1, 2, 3]) router.topics.changes.publish(set(seq));
      await until(() => expect(seen).toEqual([1, 2, 3]));
      stop();
      await until(() => expect(router.topics.changes.listeners).toBe(0));
    });

    it('goes on behind a snapshot after a reconnection, with nothing lost or doubled', async () => {
      for (const seq of [1, 2, 3]) router.topics.changes.publish(set(seq));
      client.close();
      for (const seq of [4, 5]) router.topics.changes.publish(set(seq));
      client = createClient(await door.connect());
      const seen: number[] = [];
      const gap = vi.fn();
      client.subscribe('changes', (item) => seen.push(item.seq), { since: 3, onGap: gap });
      await until(() => expect(seen).toEqual([4, 5]));
      router.topics.changes.publish(set(6));
      await until(() => expect(seen).toEqual([4, 5, 6]));
      expect(gap).not.toHaveBeenCalled();
    });

    it('says so when the history does not reach back, and goes on live', async () => {
      await restart({ oldest: 100 });
      const seen: number[] = [];
      const gap = vi.fn();
      client.subscribe('changes', (item) => seen.push(item.seq), { since: 3, onGap: gap });
      await until(() => expect(gap).toHaveBeenCalledOnce());
      router.topics.changes.publish(set(101));
      await until(() => expect(seen).toEqual([101]));
    });

    it('delivers 50,000 items of a topic', async () => {
      for (let seq = 1; seq <= 50_000; seq += 1) router.topics.changes.publish(set(seq));
      let count = 0;
      let last = 0;
      client.subscribe(
        'changes',
        (item) => {
          expect(item.seq).toBe(last + 1);
          last = item.seq;
          count += 1;
        },
        { since: 0 },
      );
      await until(() => expect(count).toBe(50_000));
    });

    it('delivers 50,000 lines of a watch, then its end', async () => {
      const lines: string[] = [];
      const end = Promise.withResolvers<unknown>();
      client.watch('logs.follow', {
        key: { batch: 'b', index: 0 },
        from: 0,
        onItem: (page) => void lines.push(...page.lines),
        onEnd: end.resolve,
      });
      expect(await end.promise).toBeNull();
      expect(lines).toHaveLength(50_000);
      expect(lines[49_999]).toBe('line 49999 \u001b[31mé\u001b[0m');
    });

    it('pulls no more from a source than the reader has granted', async () => {
      const waiting: (() => void)[] = [];
      client.watch('logs.follow', {
        key: { batch: 'b', index: 0 },
        from: 0,
        onItem: () => new Promise<void>((resolve) => waiting.push(resolve)),
      });
      await until(() => expect(waiting).toHaveLength(8));
      // A full round trip later the source still stands where the credit ended.
      await client.call('app.info', {});
      expect(router.pulled()).toBe(8);
      waiting[0]?.();
      await until(() => expect(waiting).toHaveLength(9));
      await client.call('app.info', {});
      expect(router.pulled()).toBe(9);
    });

    it('resumes a watch from an offset', async () => {
      const first = Promise.withResolvers<number>();
      client.watch('logs.follow', {
        key: { batch: 'b', index: 0 },
        from: 1_500,
        onItem: (page) => first.resolve(page.firstLine),
      });
      expect(await first.promise).toBe(1_500);
    });

    it('stops a source when the reader ends its watch', async () => {
      const stop = client.watch('logs.follow', {
        key: { batch: 'b', index: 0 },
        from: 0,
        onItem: () => new Promise(() => {}),
      });
      await until(() => expect(router.pulled()).toBe(8));
      stop();
      await until(() => expect(router.stopped()).toBe(1));
    });

    it.each([
      [404, 'not-found'],
      [500, 'internal'],
    ])('ends a watch whose source fails (%i) with %s', async (index, code) => {
      const end = Promise.withResolvers<unknown>();
      client.watch('logs.follow', {
        key: { batch: 'b', index },
        from: 0,
        onItem: () => {},
        onEnd: end.resolve,
      });
      expect(await end.promise).toMatchObject({ code });
    });

    it('ends an unknown watch or a wrong key in words', async () => {
      for (const [watch, key, code] of [
        ['logs.burn', { batch: 'b', index: 0 }, 'unknown-method'],
        ['logs.follow', { batch: '', index: -1 }, 'usage'],
      ] as const) {
        const end = Promise.withResolvers<unknown>();
        client.watch(watch as 'logs.follow', { key, from: 0, onItem: () => {}, onEnd: end.resolve });
        expect(await end.promise).toMatchObject({ code });
      }
    });

    it('survives a subscription to an unknown topic', async () => {
      client.subscribe('weather' as TopicName, () => {});
      expect(await client.call('app.info', {})).toMatchObject({ workspace: '/w' });
    });

    it.each([
      ['rubbish', '{"type":'],
      ['an unknown message', '{"type":"sing","id":1}'],
      ['a call before hello', '{"type":"call","id":1,"method":"app.info","input":{}}'],
      ['another protocol', '{"type":"hello","protocol":99}'],
    ])('tells a client that sends %s and lets it go', async (_, text) => {
      const transport = await door.connect();
      const received: string[] = [];
      const closed = Promise.withResolvers<string>();
      transport.onMessage((message) => received.push(message));
      transport.onClose(closed.resolve);
      transport.send(text);
      await closed.promise;
      expect(received.at(-1)).toContain('"protocol"');
      // The others are not touched by it.
      expect(await client.call('app.info', {})).toMatchObject({ workspace: '/w' });
    });

    it('serves several clients at once', async () => {
      const other = createClient(await door.connect());
      const [a, b] = await Promise.all([
        client.call('app.info', {}),
        other.call('batches.retry', { batch: 'b', indices: [1, 2] }),
      ]);
      expect([a.workspace, b.retried]).toEqual(['/w', 2]);
      other.close();
    });
  });
}
