import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import type { SchedulerOptions } from '../../src/main/scheduler/batch-scheduler.ts';
import type { ExperimentRecord } from '../../src/shared/model/run.ts';
import { watchForLeaks } from './leaks.ts';
import { openParts, type Parts, type PartsOptions } from './scheduler-parts.ts';
import { createStillMachine, type StillMachine } from './still-machine.ts';

/** A real store and a real scheduler over a workspace of their own, with the tiny workload. */
export interface Bench {
  readonly workspace: string;
  readonly machine: StillMachine;
  readonly notices: string[];
  readonly store: Parts['store'];
  readonly scheduler: Parts['scheduler'];
  experiment(batch: string, index: number): ExperimentRecord;
  /** Waits until the experiment is in one of these states. */
  until(
    batch: string,
    index: number,
    kinds: readonly ExperimentRecord['state']['kind'][],
  ): Promise<ExperimentRecord>;
  /** Closes scheduler and store, and opens new ones over the same folders. */
  reopen(options?: Partial<SchedulerOptions>): Promise<void>;
  /** The same, with something to be done while nobody is there. */
  whileClosed(work: () => Promise<void>): Promise<void>;
  /** Closes everything, checks for leaks and removes the workspace. */
  close(): Promise<void>;
}

export async function openBench(options: PartsOptions & { workspace?: string } = {}): Promise<Bench> {
  const leaks = watchForLeaks();
  const workspace = options.workspace ?? mkdtempSync(join(tmpdir(), 'minibatch-bench-'));
  const machine = createStillMachine();
  const notices: string[] = [];

  const open = (more: Partial<SchedulerOptions>): Promise<Parts> =>
    openParts({ workspace, hardware: machine, notices }, { ...options, ...more });

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
    async whileClosed(work) {
      await parts.scheduler.close();
      parts.store.close();
      await work();
      parts = await open({});
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
