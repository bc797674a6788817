import { join } from 'node:path';
import { decideQueue, type QueueDecision } from '../../shared/domain/queue.ts';
import { ExpectedError } from '../../shared/model/error.ts';
import type { MachineSample } from '../../shared/model/hardware.ts';
import type { ExperimentRecord } from '../../shared/model/run.ts';
import type { Clock } from '../platform/clock.ts';
import { restingState } from '../store/derived-state.ts';
import { readRunFile } from '../store/run-file.ts';
import type { StoredResult } from '../store/store.ts';
import type { LiveRun } from '../worker/live-run.ts';
import type { Workers } from '../worker/workers.ts';
import {
  anewAfter,
  type BatchWork,
  freeLane,
  hookBatch,
  type Running,
  setExperiment,
  setRun,
  takeChanges,
} from './batch-work.ts';
import { giveWay } from './give-way.ts';
import { type LaunchContext, planLaunch, workerKind } from './launch.ts';
import type { HookRunner } from './hooks.ts';
import { refreshLive, refreshState } from './live-facts.ts';
import type { MemoryWatch } from './memory-watch.ts';
import { deviceOf, expectedMemoryMb, queueFacts } from './queue-facts.ts';
import type { Recorder } from './recorder.ts';
import { skipWork } from './requests.ts';
import { nextQueued, tellWaits } from './queued-work.ts';
import { readEnd, settle } from './settle.ts';

/** Live facts and remaining times are renewed this often, in seconds: for those who look, and for nobody. */
const REFRESH_SECONDS = { watched: 1, unwatched: 5 };
/** A run that shows no step for this long is not importing any more, it is just silent. */
const LONGEST_IMPORT_SECONDS = 5;
/** A sample that comes this much before its time renews the live facts all the same. */
const SAMPLE_SLACK_SECONDS = 0.5;
/** The last of these says whether what lives was told to end, or finishes. */
const STOPS: ReadonlySet<string> = new Set(['stop', 'halt']);

export interface EngineOptions {
  readonly clock: Clock;
  readonly cores: number;
  readonly launch: LaunchContext;
  readonly workers: Workers;
  readonly recorder: Recorder;
  readonly memory: MemoryWatch;
  readonly notice: (level: 'info' | 'warning' | 'error', text: string) => void;
  readonly machine: () => MachineSample | null;
  /** Whether anybody looks at what is recorded. */
  readonly watched: () => boolean;
  /** The valid result of an identity, if there is one. */
  readonly findResult: (identity: string) => StoredResult | null;
  readonly hooks: Pick<HookRunner, 'runEnded' | 'batchEnded'>;
  /** A batch has come to rest or has been taken up. */
  readonly onWorksChanged: () => void;
}

/** The loop: gather, decide, act, record. It turns whenever something has changed. */
export interface Engine {
  readonly works: ReadonlyMap<string, BatchWork>;
  /** Takes up a batch. */
  add(work: BatchWork): void;
  /** Takes over a run that lives already. */
  adopt(work: BatchWork, experiment: ExperimentRecord, folder: string): void;
  turn(): void;
  /** The machine was sampled: gives way where memory runs out, then turns. */
  onSample(): void;
  close(): void;
}

export function createEngine(options: EngineOptions): Engine {
  const { clock, recorder, workers, notice } = options;
  const { workspace } = options.launch;
  const works = new Map<string, BatchWork>();
  let refreshTimer: NodeJS.Timeout | null = null;
  let refreshedAt = Number.NEGATIVE_INFINITY;
  let closed = false;
  let diskFull = false;

  function record(work: BatchWork): void {
    recorder.commit(takeChanges(work, clock.now()));
  }

  /** Renews what changes all the time: it costs a look at everything, so it is not done for each event of a run. */
  function refresh(): void {
    if (refreshTimer) clearTimeout(refreshTimer);
    refreshTimer = null;
    refreshedAt = clock.monotonic();
    for (const work of works.values()) {
      refreshLive(work);
      work.progress = null;
      record(work);
    }
    prepareNext();
  }

  function refreshWait(): number {
    const pace = options.watched() ? REFRESH_SECONDS.watched : REFRESH_SECONDS.unwatched;
    return Math.max(0, refreshedAt + pace - clock.monotonic());
  }

  function refreshSoon(): void {
    if (!closed) refreshTimer ??= setTimeout(refresh, refreshWait() * 1000);
  }

  /** A run has written something. Another state is told at once, everything else when its time has come. */
  function heard(work: BatchWork, index: number): void {
    const running = work.running.get(index);
    if (closed || !running || !refreshState(work, running)) return refreshSoon();
    record(work);
    prepareNext();
  }

  function follow(work: BatchWork, running: Running): void {
    work.running.set(running.index, running);
    void running.live.ended.then(async (how) => {
      if (closed) return;
      const attempt = how === 'ended' ? await readEnd(workspace, work, running) : null;
      if (closed) return;
      settle({ workspace, recorder, now: clock.now, notice }, { work, running, attempt });
      running.live.close();
      tellEnd(work, running);
      turn();
    });
  }

  /** The run as it ended: its experiment may be queued again already. */
  function tellEnd(work: BatchWork, { index, attempt, live }: Running): void {
    const run = work.runs.get(`${index}/${attempt}`);
    if (!run) return;
    const ended = { index, attempt, name: live.file.name, state: run.state, folder: live.folder };
    options.hooks.runEnded(hookBatch(work), ended);
  }

  function start(work: BatchWork, next: QueueDecision['start'][number], experiment: ExperimentRecord): void {
    const now = clock.now();
    const lane = freeLane(work);
    // A run that waited for more than a worker could not have begun before now.
    const free =
      experiment.state.kind === 'waiting'
        ? now
        : Math.max(work.laneFreeAt.get(lane) ?? 0, work.queuedAt.get(next.index) ?? now);
    const place = { device: next.device, lane, slotFreeAt: Math.min(now, free) };
    const { folder, file, kind } = planLaunch(options.launch, work, { experiment, place });
    const { mainMetric } = work.workload;
    const live = workers.start({
      folder: join(workspace, folder),
      file,
      kind,
      mainMetric,
      onChange: () => heard(work, next.index),
    });
    const state = { kind: 'starting' as const, since: now };
    setExperiment(work, { ...experiment, attempt: file.attempt, state, summary: null });
    setRun(work, {
      batch: work.id,
      index: experiment.index,
      attempt: file.attempt,
      folder,
      worker: lane,
      device: next.device,
      threads: file.threads,
      state,
      startedAt: now,
      endedAt: null,
      startupSeconds: null,
      peakMb: null,
      cpuSeconds: null,
      standby: live.file.standby,
    });
    follow(work, runningOf(work, live, { lane, device: next.device, experiment }));
  }

  /** Returns whether places were left free: an experiment is skipped whose result has come from elsewhere. */
  function act(decision: QueueDecision): boolean {
    let left = false;
    for (const next of decision.start) {
      const work = works.get(next.batch);
      const experiment = work?.experiments.get(next.index);
      if (!work || !experiment) continue;
      const anew = work.file.plan.request.forceOverwrite || anewAfter(work, next.index) !== null;
      const existing = anew ? null : options.findResult(experiment.identity);
      if (existing) skipWork(work, { experiment, existing, t: clock.now() });
      else start(work, next, experiment);
      left ||= existing !== null;
    }
    for (const work of works.values()) tellWaits(work, decision.waits);
    return left;
  }

  /**
   * A worker of the next run's kind is started ahead of need while something is still queued: not while a run
   * is still importing, which it would slow down, and not when memory is short.
   */
  function prepareNext(): void {
    const kinds = [...works.values()].flatMap((work) => {
      const next = work.state.kind === 'running' ? nextQueued(work) : undefined;
      // Which cards a run of several gets is not known before it starts.
      if (next === undefined) return [];
      const device = deviceOf(work, next);
      const unknown = (next.devices ?? 1) > 1 && device !== 'cpu';
      return unknown ? [] : [workerKind(options.launch, work, device)];
    });
    const pressure = options.machine()?.memory.pressure;
    const short = pressure === 'warning' || pressure === 'critical';
    workers.prepare(short ? [] : kinds, !isImporting());
  }

  function isImporting(): boolean {
    const now = clock.now();
    return [...works.values()].some((work) =>
      [...work.running.values()].some(({ live }) => {
        const age = now - (live.status?.startedAt ?? now);
        return live.progress.firstStepAt === null && age < LONGEST_IMPORT_SECONDS;
      }),
    );
  }

  function rest(): void {
    for (const work of [...works.values()]) {
      const open = work.running.size > 0 || (work.state.kind === 'running' && work.queued.size > 0);
      if (open || work.state.kind === 'paused') continue;
      tellWaits(work, []);
      work.state = restingState(work.journal, [...work.experiments.values()]);
      work.progress = null;
      record(work);
      works.delete(work.id);
      options.hooks.batchEnded(hookBatch(work));
    }
  }

  function decideAndAct(): void {
    // A full disk stops new work; what lives goes on.
    if (!recorder.healthy) return;
    const decide = (): QueueDecision =>
      decideQueue(
        queueFacts(works.values(), { machine: options.machine(), cores: options.cores, now: clock.now() }),
      );
    try {
      while (act(decide()));
      prepareNext();
      diskFull = false;
    } catch (error) {
      if (!(error instanceof ExpectedError) || error.code !== 'disk-full') throw error;
      if (!diskFull) notice('error', `${error.message} Nothing new starts until then.`);
      diskFull = true;
    }
  }

  function turn(): void {
    if (closed) return;
    decideAndAct();
    for (const work of works.values()) record(work);
    rest();
    options.onWorksChanged();
    if (works.size > 0) refreshSoon();
  }

  return {
    works,
    add(work) {
      works.set(work.id, work);
    },
    adopt(work, experiment, folder) {
      const read = readRunFile(folder);
      if (read.kind !== 'ok') return;
      const file = read.value;
      const live = workers.adopt({
        folder,
        file,
        mainMetric: work.workload.mainMetric,
        onChange: () => heard(work, experiment.index),
      });
      follow(
        work,
        runningOf(work, live, { lane: file.worker, device: file.hostDevice ?? file.device, experiment }),
      );
      // The app may have been killed between the request and the signal; a second one does no harm.
      const stop = work.journal.findLast((entry) => STOPS.has(entry.kind));
      if (work.state.kind === 'stopping' && stop?.kind === 'stop')
        live.signal(stop.mode === 'cancel' ? 'cancel' : 'stop');
    },
    turn,
    onSample() {
      const why = options.memory.alarm();
      if (why) giveWay({ works: works.values(), why, now: clock.now(), notice });
      turn();
      // In the same moment as the sample, so that a screen is drawn once for both.
      if (refreshWait() < SAMPLE_SLACK_SECONDS) refresh();
    },
    close() {
      closed = true;
      if (refreshTimer) clearTimeout(refreshTimer);
      for (const work of works.values()) for (const running of work.running.values()) running.live.close();
      workers.close();
    },
  };
}

function runningOf(
  work: BatchWork,
  live: LiveRun,
  place: { lane: number; device: string; experiment: ExperimentRecord },
): Running {
  return {
    live,
    index: live.file.index,
    attempt: live.file.attempt,
    lane: place.lane,
    device: place.device,
    memoryMb: expectedMemoryMb(work, place.experiment),
    usedMb: null,
    peakMb: null,
    cpuPercent: null,
    yielded: null,
  };
}
