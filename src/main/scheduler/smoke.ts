import { join } from 'node:path';
import { ExpectedError } from '../../shared/model/error.ts';
import type { Clock } from '../platform/clock.ts';
import { smokeRun } from '../worker/smoke-run.ts';
import type { WorkerKind } from '../worker/standby-pool.ts';
import { type BatchWork, note } from './batch-work.ts';
import type { Engine } from './engine.ts';
import { type LaunchContext, workerKind } from './launch.ts';
import { deviceOf } from './queue-facts.ts';

/** Batches that are done sooner show their errors soon enough by themselves; estimated wall time in seconds. */
const WORTHWHILE_SECONDS = 60;

export interface SmokeOptions {
  readonly launch: LaunchContext;
  readonly clock: Clock;
  readonly engine: Engine;
  readonly notice: (level: 'info' | 'warning' | 'error', text: string) => void;
}

/** Holds long batches back until one tiny step of each kind of run has worked. */
export interface SmokeRuns {
  /** Holds the batch and begins, if it is long; it goes on, or comes to rest, by itself. */
  begin(work: BatchWork): void;
  close(): void;
}

export function createSmokeRuns({ launch, clock, engine, notice }: SmokeOptions): SmokeRuns {
  const closing = new AbortController();

  async function run(work: BatchWork, kinds: readonly WorkerKind[]): Promise<void> {
    const began = clock.monotonic();
    const folder = join(launch.workspace, '.minibatch');
    const { resources } = launch;
    // A worker on standby is being prepared beside it, so that the first run loses no time.
    const problems = await Promise.all(
      kinds.map((kind) => smokeRun({ kind, resources, folder, signal: closing.signal })),
    );
    if (closing.signal.aborted) return;
    work.held = false;
    // Stopped by a person in the meantime.
    if (engine.works.get(work.id) !== work || work.state.kind === 'stopping') return;
    const at = problems.findIndex((problem) => problem !== null);
    const devices = kinds.map(({ device }) => device).join(' and ');
    if (at < 0) {
      const seconds = (clock.monotonic() - began).toFixed(1);
      notice('info', `The smoke run on ${devices} passed in ${seconds} s.`);
    } else {
      fail(
        work,
        `The smoke run on ${kinds[at]?.device} failed, so nothing was started. ${problems[at]} Then resume ${work.id}.`,
      );
    }
    engine.turn();
  }

  function fail(work: BatchWork, sentence: string): void {
    work.state = { kind: 'interrupted', sentence, cause: 'smoke-run' };
    notice('error', `${work.file.title} was not started: its smoke run failed.`);
    try {
      note(work, { t: clock.now(), kind: 'smoke-failed', sentence });
    } catch (error) {
      // Without room for the journal the batch rests all the same; resuming it starts the runs without another look.
      if (!(error instanceof ExpectedError)) throw error;
    }
  }

  return {
    begin(work) {
      const { plan } = work.file;
      const kinds = new Map<string, WorkerKind>();
      for (const experiment of plan.experiments) {
        const device = deviceOf(work, experiment);
        if (experiment.action === 'run') kinds.set(device, workerKind(launch, work, device));
      }
      if (plan.totals.wallSeconds <= WORTHWHILE_SECONDS || kinds.size === 0) return;
      work.held = true;
      void run(work, [...kinds.values()]);
    },
    close: () => closing.abort(),
  };
}
