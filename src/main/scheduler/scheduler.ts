import type { StartMove } from '../../shared/domain/start-order.ts';
import type { LaunchPreview } from '../../shared/model/launch-preview.ts';
import type { Plan } from '../../shared/model/plan.ts';
import type { ProcessSample } from '../../shared/model/hardware.ts';

/**
 * The only thing that starts or stops a run. It reads the store, asks `domain/queue` what to do, acts, and
 * records; screens learn of it from the store's change feed. Every method may throw ExpectedError.
 */
export interface Scheduler {
  /** Freezes the plan as a batch folder and begins to work on it. Returns the batch id. */
  start(plan: Plan): Promise<string>;
  /** What `start` would run; nothing is written. `indices` absent = all that would run. */
  preview(plan: Plan, indices?: readonly number[]): Promise<readonly LaunchPreview[]>;
  pause(batch: string): Promise<void>;
  resume(batch: string): Promise<void>;
  stop(batch: string, mode: 'checkpoint' | 'cancel'): Promise<void>;
  /** Returns how many experiments were queued again. */
  retry(batch: string, indices?: readonly number[]): Promise<number>;
  /** New attempts at what is done; the results that there are stay. */
  runAnew(batch: string, indices: readonly number[]): Promise<void>;
  setWorkers(batch: string, workers: number): Promise<void>;
  postpone(batch: string, indices: readonly number[], reason: string): Promise<void>;
  release(batch: string, indices: readonly number[]): Promise<void>;
  cancel(batch: string, indices: readonly number[]): Promise<void>;
  /** Queued experiments only. `before`: the one that they come before; null = behind all others. */
  reorder(batch: string, move: StartMove): Promise<void>;
  remove(batch: string): Promise<void>;
  /** Types into the terminal of a live run, for a debugger that waits there. */
  type(run: { batch: string; index: number }, text: string): Promise<void>;
  processes(): Promise<{ batch: string; index: number; name: string; processes: ProcessSample[] }[]>;
  /** Resolves when no hook of this batch is running. */
  hooksSettled(batch: string): Promise<void>;
  /** Resolves when no batch of this workspace is running, pausing or stopping. */
  idle(): Promise<void>;
  /** Lets go of everything, once hooks that run have ended; live runs go on under their supervisors. */
  close(): Promise<void>;
}
