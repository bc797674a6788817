import { accessSync, constants } from 'node:fs';
import { availableParallelism } from 'node:os';
import { ExpectedError } from '../../shared/model/error.ts';
import type { MachineSample } from '../../shared/model/hardware.ts';
import type { Plan, PlanRequest } from '../../shared/model/plan.ts';
import type { Hardware } from '../hardware/hardware.ts';
import type { Clock } from '../platform/clock.ts';
import { runProgram } from '../platform/process-runner.ts';
import { type SpawnPty, spawnPty } from '../platform/pty.ts';
import { type BatchFile, readBatchFolder } from '../store/batch-file.ts';
import { batchFolder } from '../store/batch-folder.ts';
import type { Store } from '../store/store.ts';
import { createWorkers } from '../worker/workers.ts';
import { createBatchFolder, moveToTrash, stageCode } from './batch-place.ts';
import { type BatchWork, loadWork, type Running, setExperiment, type WorkloadFacts } from './batch-work.ts';
import { createEngine } from './engine.ts';
import { createHookRunner } from './hooks.ts';
import type { LaunchContext } from './launch.ts';
import { previewLaunches } from './launch-preview.ts';
import { createMemoryWatch } from './memory-watch.ts';
import { createProcessMeter } from './process-meter.ts';
import { createRecorder } from './recorder.ts';
import { recover } from './recovery.ts';
import {
  cancelWork,
  pauseWork,
  postponeWork,
  releaseWork,
  reorderWork,
  resumeWork,
  retryWork,
  runAnewWork,
  setWorkersOf,
  stopWork,
  typeInto,
} from './requests.ts';
import type { Scheduler } from './scheduler.ts';
import { createSmokeRuns } from './smoke.ts';

/** Samples older than this are not trusted when a batch starts, in seconds. */
const FRESH_SECONDS = 2;

export interface SchedulerOptions {
  readonly store: Store;
  readonly hardware: Hardware;
  readonly clock: Clock;
  /** Absolute folder with `python/` and `workloads/`. */
  readonly resources: string;
  /** Absolute path of the interpreter for a request. Throws ExpectedError. */
  readonly python: (request: PlanRequest) => Promise<string>;
  /** Throws ExpectedError('not-found') for a workload that is not installed. */
  readonly workload: (name: string) => WorkloadFacts | Promise<WorkloadFacts>;
  /** Start workers ahead of need. */
  readonly standby: boolean;
  readonly notice: (level: 'info' | 'warning' | 'error', text: string) => void;
  /** Go on with batches that an end of the app interrupted. Default false: they wait to be resumed. */
  readonly continueBatches?: boolean;
  /** From the request to stop to SIGTERM, in seconds. Default 20. */
  readonly graceSeconds?: number;
  /** Default: this process's environment. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly spawn?: SpawnPty;
}

/** Builds the scheduler and takes up what the last one left: live runs are adopted, dead ones marked. */
export async function createScheduler(options: SchedulerOptions): Promise<Scheduler> {
  const { store, hardware, clock, notice } = options;
  const { workspace } = store;
  const memory = createMemoryWatch();
  const workers = createWorkers({
    ...options,
    workspace,
    spawn: options.spawn ?? spawnPty,
    observe: memory.observe,
  });
  const recorder = createRecorder({ store, notice, onRecovered: () => engine.turn() });
  const meter = createProcessMeter(hardware);
  const idlers = new Set<() => void>();
  let stopSampling: (() => void) | null = null;

  const launch: LaunchContext = {
    workspace,
    resources: options.resources,
    hardware: hardware.facts,
    base: options.environment ?? process.env,
    graceSeconds: options.graceSeconds ?? 20,
  };
  const hooks = createHookRunner({ workspace, clock, base: launch.base, run: runProgram, notice });
  const engine = createEngine({
    clock,
    cores: hardware.facts.cores || availableParallelism(),
    launch,
    workers,
    recorder,
    memory,
    notice,
    machine: () => hardware.latest(),
    watched: () => store.changes.watched,
    findResult: (identity) => store.findResults([identity]).get(identity) ?? null,
    hooks,
    onWorksChanged,
  });
  const smokeRuns = createSmokeRuns({ launch, clock, engine, notice });

  function onWorksChanged(): void {
    const busy = engine.works.size > 0;
    if (busy) stopSampling ??= hardware.onSample(onSample);
    if (!busy) stopWatching();
    if ([...engine.works.values()].some((work) => work.state.kind !== 'paused')) return;
    for (const resolve of [...idlers]) resolve();
    idlers.clear();
  }

  function onSample(sample: MachineSample): void {
    memory.take(sample);
    void meter
      .measure(allRunning())
      .catch((error: unknown) =>
        notice('warning', `Memory of the runs cannot be measured: ${String(error)}`),
      );
    engine.onSample();
  }

  function stopWatching(): void {
    stopSampling?.();
    stopSampling = null;
  }

  function allRunning(): Running[] {
    return [...engine.works.values()].flatMap((work) => [...work.running.values()]);
  }

  async function freshSample(): Promise<void> {
    const latest = hardware.latest();
    if (!latest || clock.now() - latest.t > FRESH_SECONDS) await hardware.sample();
  }

  async function interpreterOf(file: BatchFile): Promise<string> {
    try {
      accessSync(file.python, constants.X_OK);
      return file.python;
    } catch {
      return await options.python(file.plan.request);
    }
  }

  /** A batch in hand: the one under way, or a resting one. */
  async function take(id: string): Promise<BatchWork> {
    const active = engine.works.get(id);
    if (active) return active;
    requireBatch(id);
    const read = readBatchFolder(batchFolder(workspace, id));
    if (read.kind === 'damaged')
      throw new ExpectedError('not-possible-now', `The batch ${id} is damaged: ${read.sentence}`);
    const workload = await options.workload(read.file.plan.request.workload);
    const python = await interpreterOf(read.file);
    await freshSample();
    // Somebody else may have taken it up while we waited.
    const meanwhile = engine.works.get(id);
    if (meanwhile) return meanwhile;
    const detail = store.detail(id);
    const work = detail && loadWork({ workspace, detail, workload, python, state: detail.batch.state });
    if (!work) throw new ExpectedError('not-possible-now', `The batch ${id} can no longer be read.`);
    return work;
  }

  function requireBatch(id: string): void {
    if (store.batch(id)) return;
    throw new ExpectedError(
      'not-found',
      `There is no batch ${id} in ${workspace}. "minibatch list" names them.`,
    );
  }

  function underWay(id: string): BatchWork {
    const work = engine.works.get(id);
    if (work) return work;
    requireBatch(id);
    throw new ExpectedError('not-possible-now', `The batch ${id} is not running. Resume it first.`);
  }

  /** Does what was asked and goes on with the batch. */
  function act<T>(work: BatchWork, request: () => T): T {
    const answer = request();
    engine.add(work);
    engine.turn();
    return answer;
  }

  async function start(plan: Plan): Promise<string> {
    const python = await options.python(plan.request);
    const workload = await options.workload(plan.request.workload);
    await freshSample();
    if (!recorder.healthy)
      throw new ExpectedError('disk-full', 'The disk is full. Free some space, then start the batch again.');
    const code = await stageCode(workspace, plan);
    const createdAt = clock.now();
    const detail = createBatchFolder(workspace, { plan, python, createdAt, hardware: hardware.facts, code });
    const work = loadWork({ workspace, detail, workload, python, state: { kind: 'running' } });
    if (!work) throw new Error(`The batch ${detail.batch.id} cannot be read back.`);
    for (const experiment of work.experiments.values()) {
      work.queuedAt.set(experiment.index, createdAt);
      setExperiment(work, experiment);
    }
    engine.add(work);
    smokeRuns.begin(work);
    engine.turn();
    return work.id;
  }

  const scheduler: Scheduler = {
    start,
    async preview(plan, indices) {
      const python = await options.python(plan.request);
      const workload = await options.workload(plan.request.workload);
      return previewLaunches(launch, { plan, python, workload }, indices);
    },
    async pause(batch) {
      const work = underWay(batch);
      act(work, () => pauseWork(work, clock.now()));
    },
    async resume(batch) {
      if (store.batch(batch)?.state.kind === 'finished') {
        throw new ExpectedError(
          'not-possible-now',
          `The batch ${batch} is finished. Retry runs its failed experiments again.`,
        );
      }
      const work = await take(batch);
      const unproved = work.state.kind === 'interrupted' && work.state.cause === 'smoke-run';
      act(work, () => {
        resumeWork(work, clock.now());
        if (unproved) smokeRuns.begin(work);
      });
    },
    async stop(batch, mode) {
      const work = underWay(batch);
      act(work, () => stopWork(work, mode, clock.now()));
    },
    async retry(batch, indices) {
      const work = await take(batch);
      const retried = retryWork(work, clock.now(), indices);
      if (retried > 0) act(work, () => undefined);
      return retried;
    },
    async runAnew(batch, indices) {
      const work = await take(batch);
      act(work, () => runAnewWork(work, clock.now(), indices));
    },
    async setWorkers(batch, count) {
      const work = underWay(batch);
      act(work, () => setWorkersOf(work, count, clock.now()));
    },
    async postpone(batch, indices, reason) {
      const work = underWay(batch);
      act(work, () => postponeWork(work, { t: clock.now(), indices, reason }));
    },
    async release(batch, indices) {
      const work = await take(batch);
      act(work, () => releaseWork(work, indices, clock.now()));
    },
    async cancel(batch, indices) {
      const work = underWay(batch);
      act(work, () => cancelWork(work, indices, clock.now()));
    },
    async reorder(batch, move) {
      const work = underWay(batch);
      act(work, () => reorderWork(work, move, clock.now()));
    },
    async type({ batch, index }, text) {
      typeInto(underWay(batch), index, text);
    },
    async remove(batch) {
      if (engine.works.has(batch))
        throw new ExpectedError(
          'not-possible-now',
          `The batch ${batch} is running. Stop it before it is removed.`,
        );
      requireBatch(batch);
      moveToTrash(workspace, batch);
      store.commit([{ kind: 'batch-removed', id: batch }]);
    },
    async processes() {
      const all = allRunning();
      const trees = await hardware.trees(all.map(rootOf));
      return all.map((running) => {
        const { batch, index, name } = running.live.file;
        return { batch, index, name, processes: trees.get(rootOf(running)) ?? [] };
      });
    },
    idle() {
      return new Promise((resolve) => {
        idlers.add(resolve);
        onWorksChanged();
      });
    },
    hooksSettled: (batch) => hooks.settled(batch),
    async close() {
      stopWatching();
      recorder.close();
      smokeRuns.close();
      engine.close();
      for (const resolve of [...idlers]) resolve();
      idlers.clear();
      // Whoever is told of an end is told of the last one too.
      await hooks.settled();
    },
  };
  await recover({
    store,
    engine,
    clock,
    notice,
    hooks,
    take,
    continueBatches: options.continueBatches ?? false,
  });
  return scheduler;
}

function rootOf(running: Running): number {
  return running.live.status?.process?.pid ?? 0;
}
