import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Hardware } from '../../src/main/hardware/hardware.ts';
import { systemClock } from '../../src/main/platform/clock.ts';
import { createScheduler, type SchedulerOptions } from '../../src/main/scheduler/batch-scheduler.ts';
import type { Scheduler } from '../../src/main/scheduler/scheduler.ts';
import { createStore } from '../../src/main/store/sqlite-store.ts';
import type { Store } from '../../src/main/store/store.ts';
import { writeBehaviourWorkload } from './behaviour-workload.ts';
import { findPython } from './system-python.ts';

export const RESOURCES = resolve(import.meta.dirname, '../../resources');

export interface Parts {
  readonly store: Store;
  readonly scheduler: Scheduler;
}

/** `requires`: modules that the behaviour workload asks for; with any, its runs are no business of relays. */
export type PartsOptions = Partial<SchedulerOptions> & { readonly requires?: readonly string[] };

/** A real store and scheduler over a workspace, with the behaviour workload written into it. */
export async function openParts(
  place: { workspace: string; hardware: Hardware; notices: string[] },
  { requires = [], ...options }: PartsOptions = {},
): Promise<Parts> {
  const folder = join(place.workspace, 'tiny-workload');
  mkdirSync(folder, { recursive: true });
  const workload = { ...writeBehaviourWorkload(folder), requires };
  const notice = (level: string, text: string): void => void place.notices.push(`${level}: ${text}`);
  const store = createStore({ workspace: place.workspace, clock: systemClock, notice });
  const scheduler = await createScheduler({
    store,
    hardware: place.hardware,
    clock: systemClock,
    resources: RESOURCES,
    python: async () => findPython(),
    workload: () => workload,
    standby: false,
    notice,
    graceSeconds: 1,
    ...options,
  });
  return { store, scheduler };
}
