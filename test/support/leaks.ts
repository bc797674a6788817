import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect } from 'vitest';

/** For children that are just ending and handles that close with the next turn. */
const PATIENCE_MS = 5_000;

/** What keeps this process busy: timers, watchers, sockets, and child processes by name. */
interface Held {
  readonly resources: readonly string[];
  readonly children: readonly string[];
}

export interface LeakCheck {
  /** Fails when something is held that was not held at the start. Waits a moment for what is being let go of. */
  expectNone(): Promise<void>;
}

/** Take one before anything is built, and ask it after `close()`. */
export function watchForLeaks(): LeakCheck {
  const timers = trackTimers();
  const before = held();
  return {
    async expectNone() {
      const until = performance.now() + PATIENCE_MS;
      const found = (): string[] => [...surplus(held(), before), ...timers.pending()];
      while (found().length > 0 && performance.now() < until) await new Promise((done) => setImmediate(done));
      timers.restore();
      expect(found()).toEqual([]);
    },
  };
}

/**
 * Notes the timers that the product's own code sets from now on. Node's list of active resources cannot be used
 * for them: the test runner's timers come and go in it, and have no names.
 */
function trackTimers(): { pending: () => string[]; restore: () => void } {
  const real = { setTimeout, setInterval, clearTimeout, clearInterval };
  const open = new Map<unknown, string>();
  const origin = (): string | undefined =>
    new Error('origin').stack?.split('\n').find((line) => line.includes('/src/'));
  const note = <T>(timer: T): T => {
    const from = origin();
    if (from !== undefined) open.set(timer, `timer ${from.trim()}`);
    return timer;
  };
  const timeout = (task: () => void, milliseconds?: number): NodeJS.Timeout => {
    const timer: NodeJS.Timeout = real.setTimeout(() => {
      open.delete(timer);
      task();
    }, milliseconds);
    return note(timer);
  };
  const interval = (task: () => void, milliseconds?: number): NodeJS.Timeout =>
    note(real.setInterval(task, milliseconds));
  const clear = (timer: NodeJS.Timeout): void => {
    open.delete(timer);
    real.clearTimeout(timer);
  };
  Object.assign(globalThis, {
    setTimeout: timeout,
    setInterval: interval,
    clearTimeout: clear,
    clearInterval: clear,
  });
  return { pending: () => [...open.values()], restore: () => void Object.assign(globalThis, real) };
}

function held(): Held {
  // The test runner's own pipes come and go.
  const resources = process
    .getActiveResourcesInfo()
    .filter((name) => !/^(PipeWrap|MessagePort|TTYWrap|Immediate|Timeout)$/.test(name));
  return { resources, children: children() };
}

function surplus(now: Held, before: Held): string[] {
  return [...minus(now.resources, before.resources), ...minus(now.children, before.children)];
}

function minus(now: readonly string[], before: readonly string[]): string[] {
  const rest = [...before];
  return now.filter((name) => {
    const at = rest.indexOf(name);
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  });
}

/** Command lines of this process's children; an empty list where there is no /proc. */
function children(): string[] {
  if (!existsSync('/proc')) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        if (Number(fields[1]) !== process.pid || fields[0] === 'Z') return [];
        return [`child ${pid} ${readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')}`];
      } catch {
        return [];
      }
    });
}
