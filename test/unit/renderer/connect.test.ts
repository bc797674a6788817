import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { serveConnection } from '../../../src/main/api/connection.ts';
import { createTransportPair } from '../../../src/main/doors/in-process.ts';
import { connect } from '../../../src/renderer/connect.ts';
import { createAppStore } from '../../../src/renderer/state/store.ts';
import { createTestRouter } from '../../support/contract-router.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A window on a core, and a switch that hides it. */
function openWindow() {
  const router = createTestRouter();
  const listeners = new Set<() => void>();
  let visible = true;
  const connection = connect(
    {
      host: 'browser',
      async open() {
        const [ours, theirs] = createTransportPair();
        serveConnection(router, theirs);
        return ours;
      },
    },
    createAppStore(),
    {
      get visible() {
        return visible;
      },
      onChange(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
  );
  return {
    connection,
    listeners,
    show(wanted: boolean) {
      visible = wanted;
      for (const listener of listeners) listener();
    },
  };
}

describe('a page that nobody sees', () => {
  it('lets go of what it follows, but for what is lasting, and takes it up again', async () => {
    const { connection, listeners, show } = openWindow();
    const log: string[] = [];
    const follow = (name: string) => () => {
      log.push(`${name} starts`);
      return () => log.push(`${name} stops`);
    };
    connection.attach(follow('curve'));
    const detach = connection.attach(follow('notices'), { lasting: true });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(log.splice(0)).toEqual(['curve starts', 'notices starts']);

    show(false);
    await vi.advanceTimersByTimeAsync(5_000);
    show(true);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(log).toEqual([]);

    show(false);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(log.splice(0)).toEqual(['curve stops']);
    connection.attach(follow('new one'));
    expect(log).toEqual([]);
    show(true);
    expect(log.splice(0)).toEqual(['curve starts', 'new one starts']);

    detach();
    expect(log.splice(0)).toEqual(['notices stops']);
    connection.close();
    expect(log).toEqual(['curve stops', 'new one stops']);
    expect(listeners.size).toBe(0);
  });
});
