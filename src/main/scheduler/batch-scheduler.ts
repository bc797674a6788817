import { randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { isLive } from '../../shared/domain/status.ts';
import type { BatchState } from '../../shared/model/batch.ts';
import { ExpectedError } from '../../shared/model/error.ts';
import type { ProcessSample } from '../../shared/model/hardware.ts';
import type { Plan, PlanRequest } from '../../shared/model/plan.ts';
import type { Hardware } from '../hardware/hardware.ts';
import { asDiskFull } from '../platform/atomic-file.ts';
import type { Clock } from '../platform/clock.ts';
import { type SpawnPty, spawnPty } from '../platform/pty.ts';
import { type BatchFile, readBatchFolder, writeBatchFile } from '../store/batch-file.ts';
import { batchFolder, listBatchFolders } from '../store/batch-folder.ts';
import type { Store } from '../store/store.ts';
import { createWorkers } from '../worker/workers.ts';
import { type BatchWork, loadWork, type Running, type WorkloadFacts } from './batch-work.ts';
import { createEngine } from './engine.ts';
import { createMemoryWatch } from './memory-watch.ts';
import { createProcessMeter } from './process-meter.ts';
import { createRecorder } from './recorder.ts';
import {
  cancelWork,
  pauseWork,
  postponeWork,
  releaseWork,
  resumeWork,
  retryWork,
  setWorkersOf,
  stopWork,
} from './requests.ts';
import type { Scheduler } from './scheduler.ts';

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

  const engine = createEngine({
    clock,
    cores: hardware.facts.cores || availableParallelism(),
    launch: {
      workspace,
      resources: options.resources,
      hardware: hardware.facts,
      base: options.environment ?? process.env,
      graceSeconds: options.graceSeconds ?? 20,
    },
    workers,
    recorder,
    memory,
    notice,
    machine: () => hardware.latest(),
    onWorksChanged,
  });

  function onWorksChanged(): void {
    const busy = engine.works.size > 0;
    if (busy) stopSampling ??= hardware.onSample(onSample);
    if (!busy) stopWatching();
    if ([...engine.works.values()].some((work) => work.state.kind !== 'paused')) return;
    for (const resolve of [...idlers]) resolve();
    idlers.clear();
  }

  function onSample(sample: Parameters<Parameters<Hardware['onSample']>[0]>[0]): void {
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

  /** A batch in hand: the one under way, or a resting one taken up in the given state. */
  async function take(id: string, state?: BatchState): Promise<BatchWork> {
    const active = engine.works.get(id);
    if (active) return active;
    const record = store.batch(id);
    if (!record)
      throw new ExpectedError(
        'not-found',
        `There is no batch ${id} in ${workspace}. "minibatch list" names them.`,
      );
    const read = readBatchFolder(batchFolder(workspace, id));
    if (read.kind === 'damaged')
      throw new ExpectedError('not-possible-now', `The batch ${id} is damaged: ${read.sentence}`);
    const workload = await options.workload(read.file.plan.request.workload);
    const python = await interpreterOf(read.file);
    await freshSample();
    // Somebody else may have taken it up while we waited.
    const meanwhile = engine.works.get(id);
    if (meanwhile) return meanwhile;
    const work = loadWork({ store, id, workload, python, state: state ?? record.state });
    if (!work) throw new ExpectedError('not-possible-now', `The batch ${id} can no longer be read.`);
    return work;
  }

  function underWay(id: string): BatchWork {
    const work = engine.works.get(id);
    if (work) return work;
    if (!store.batch(id))
      throw new ExpectedError(
        'not-found',
        `There is no batch ${id} in ${workspace}. "minibatch list" names them.`,
      );
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
    const createdAt = clock.now();
    const id = batchId(createdAt, plan.request.preset);
    const folder = batchFolder(workspace, id);
    try {
      mkdirSync(join(folder, 'runs'), { recursive: true });
      const title = `${plan.workloadTitle} ${plan.request.preset}`;
      writeBatchFile(folder, { version: 1, id, title, createdAt, python, plan, hardware: hardware.facts });
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      throw asDiskFull(error, folder);
    }
    store.reindexBatch(id);
    const work = loadWork({ store, id, workload, python, state: { kind: 'running' } });
    if (!work) throw new Error(`The batch ${id} cannot be read back.`);
    for (const index of work.experiments.keys()) work.queuedAt.set(index, createdAt);
    engine.add(work);
    engine.turn();
    return id;
  }

  /** What the folders say counts, not what the index last heard. */
  async function open(): Promise<void> {
    const found = listBatchFolders(workspace);
    for (const { id } of store.batches())
      if (!found.includes(id)) store.commit([{ kind: 'batch-removed', id }]);
    for (const id of found) {
      const known = store.batch(id)?.state.kind;
      if (known === 'finished' || known === 'damaged') continue;
      for (const problem of store.reindexBatch(id)) notice('warning', problem);
      await openBatch(id);
    }
    engine.turn();
  }

  async function openBatch(id: string): Promise<void> {
    const record = store.batch(id);
    if (!record || record.state.kind === 'finished' || record.state.kind === 'damaged') return;
    const live = store.runs(id).filter((run) => isLive(run.state));
    const goOn = options.continueBatches === true && record.state.kind === 'interrupted' && !wasStopped(id);
    if (live.length === 0 && !goOn) return;
    try {
      const work = await take(id);
      engine.add(work);
      for (const run of live) {
        const experiment = work.experiments.get(run.index);
        if (experiment?.attempt === run.attempt) engine.adopt(work, experiment, join(workspace, run.folder));
      }
      if (goOn) resumeWork(work, clock.now());
    } catch (error) {
      // A missing interpreter or workload must not keep the other batches from opening.
      if (!(error instanceof ExpectedError)) throw error;
      notice('warning', `${record.title} cannot go on: ${error.message}`);
    }
  }

  function wasStopped(id: string): boolean {
    const read = readBatchFolder(batchFolder(workspace, id));
    return (
      read.kind === 'ok' &&
      read.journal.findLast((entry) => entry.kind === 'stop' || entry.kind === 'resume')?.kind === 'stop'
    );
  }

  const scheduler: Scheduler = {
    start,
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
      act(work, () => resumeWork(work, clock.now()));
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
    async remove(batch) {
      if (engine.works.has(batch))
        throw new ExpectedError(
          'not-possible-now',
          `The batch ${batch} is running. Stop it before it is removed.`,
        );
      if (!store.batch(batch))
        throw new ExpectedError('not-found', `There is no batch ${batch} in ${workspace}.`);
      moveToTrash(workspace, batch);
      store.commit([{ kind: 'batch-removed', id: batch }]);
    },
    async processes() {
      const all = allRunning();
      const trees = await hardware.trees(all.map(rootOf));
      return all.map((running) => {
        const { batch, index, name } = running.live.file;
        return { batch, index, name, processes: trees.get(rootOf(running)) ?? ([] as ProcessSample[]) };
      });
    },
    idle() {
      return new Promise((resolve) => {
        idlers.add(resolve);
        onWorksChanged();
      });
    },
    async close() {
      stopWatching();
      recorder.close();
      engine.close();
      for (const resolve of [...idlers]) resolve();
      idlers.clear();
    },
  };
  await open();
  return scheduler;
}

function rootOf(running: Running): number {
  return running.live.status?.process?.pid ?? 0;
}

function batchId(createdAt: number, preset: string): string {
  const date = new Date(createdAt * 1000);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}${two(date.getMonth() + 1)}${two(date.getDate())}`;
  const time = `${two(date.getHours())}${two(date.getMinutes())}${two(date.getSeconds())}`;
  return `${day}-${time}-${preset}-${randomBytes(2).toString('hex')}`;
}

/** Nothing is deleted: the folder goes to the workspace's trash under a free name. */
function moveToTrash(workspace: string, batch: string): void {
  const trash = join(workspace, 'trash');
  mkdirSync(trash, { recursive: true });
  const source = batchFolder(workspace, batch);
  if (!existsSync(source)) return;
  let target = join(trash, batch);
  for (let number = 2; existsSync(target); number += 1) target = join(trash, `${batch}-${number}`);
  renameSync(source, target);
}
