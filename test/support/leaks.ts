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
  const before = held();
  return {
    async expectNone() {
      const until = performance.now() + PATIENCE_MS;
      // Turns of the loop, not timers: those would be counted themselves.
      while (surplus(held(), before).length > 0 && performance.now() < until)
        await new Promise((done) => setImmediate(done));
      expect(surplus(held(), before)).toEqual([]);
    },
  };
}

function held(): Held {
  // The test runner's own pipes come and go; its one timer for the running hook or test is there each time.
  const resources = process
    .getActiveResourcesInfo()
    .filter((name) => !/^(PipeWrap|MessagePort|TTYWrap|Immediate)$/.test(name));
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
