import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, vi } from 'vitest';
import { systemClock } from '../../src/main/platform/clock.ts';
import { createScheduler, type SchedulerOptions } from '../../src/main/scheduler/batch-scheduler.ts';
import type { Scheduler } from '../../src/main/scheduler/scheduler.ts';
import { createStore } from '../../src/main/store/sqlite-store.ts';
import type { Store } from '../../src/main/store/store.ts';
import type { ExperimentRecord } from '../../src/shared/model/run.ts';
import { watchForLeaks } from './leaks.ts';
import { createStillMachine, type StillMachine } from './still-machine.ts';
import { findPython } from './system-python.ts';
import { writeBehaviourWorkload } from './behaviour-workload.ts';

/** A real store and a real scheduler over a workspace of their own, with the tiny workload. */
export interface Bench {
  readonly workspace: string;
  readonly machine: StillMachine;
  readonly notices: string[];
  readonly store: Store;
  readonly scheduler: Scheduler;
  experiment(batch: string, index: number): ExperimentRecord;
  /** Waits until the experiment is in one of these states. */
  until(
    batch: string,
    index: number,
    kinds: readonly ExperimentRecord['state']['kind'][],
  ): Promise<ExperimentRecord>;
  /** Closes scheduler and store, and opens new ones over the same folders. */
  reopen(options?: Partial<SchedulerOptions>): Promise<void>;
  /** Closes everything, checks for leaks and removes the workspace. */
  close(): Promise<void>;
}

export const RESOURCES = resolve(import.meta.dirname, '../../resources');

export async function openBench(
  options: Partial<SchedulerOptions> & { workspace?: string } = {},
): Promise<Bench> {
  const leaks = watchForLeaks();
  const workspace = options.workspace ?? mkdtempSync(join(tmpdir(), 'minibatch-bench-'));
  const workloadFolder = join(workspace, 'tiny-workload');
  mkdirSync(workloadFolder, { recursive: true });
  const workload = writeBehaviourWorkload(workloadFolder);
  const machine = createStillMachine();
  const notices: string[] = [];

  async function open(more: Partial<SchedulerOptions>): Promise<{ store: Store; scheduler: Scheduler }> {
    const notice = (level: string, text: string): void => void notices.push(`${level}: ${text}`);
    const store = createStore({ workspace, clock: systemClock, notice });
    const scheduler = await createScheduler({
      store,
      hardware: machine,
      clock: systemClock,
      resources: RESOURCES,
      python: async () => findPython(),
      workload: () => workload,
      standby: false,
      notice,
      graceSeconds: 5,
      ...options,
      ...more,
    });
    return { store, scheduler };
  }

  let parts = await open({});
  const bench: Bench = {
    workspace,
    machine,
    notices,
    get store() {
      return parts.store;
    },
    get scheduler() {
      return parts.scheduler;
    },
    experiment(batch, index) {
      const found = parts.store.experiments(batch).find((one) => one.index === index);
      if (!found) throw new Error(`There is no experiment ${index}.`);
      return found;
    },
    async until(batch, index, kinds) {
      await vi.waitFor(() => expect(kinds).toContain(bench.experiment(batch, index).state.kind), {
        timeout: 15_000,
        interval: 10,
      });
      return bench.experiment(batch, index);
    },
    async reopen(more = {}) {
      await parts.scheduler.close();
      parts.store.close();
      parts = await open(more);
    },
    async close() {
      await parts.scheduler.close();
      parts.store.close();
      await leaks.expectNone();
      expect(machine.listeners).toBe(0);
      rmSync(workspace, { recursive: true, force: true });
    },
  };
  return bench;
}
