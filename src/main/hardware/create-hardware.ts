import { statfs } from 'node:fs/promises';
import { arch, cpus, release, totalmem } from 'node:os';
import type { Clock } from '../platform/clock.ts';
import { type RunProgram, runProgram } from '../platform/process-runner.ts';
import type { HardwareFacts, MachineSample } from '../../shared/model/hardware.ts';
import { type CoreTimes, cpuSource } from './cpu-load.ts';
import type { Hardware } from './hardware.ts';
import { readLinuxFacts } from './linux/linux-facts.ts';
import { linuxProcesses } from './linux/linux-processes.ts';
import { linuxSources } from './linux/linux-sources.ts';
import { type NvidiaWatch, watchNvidia } from './linux/nvidia-watch.ts';
import { readMacFacts } from './macos/mac-facts.ts';
import { macProcesses } from './macos/mac-processes.ts';
import { macSources } from './macos/mac-sources.ts';
import { createProcessTable, type ProcessReader } from './process-table.ts';
import { createSampleHistory } from './sample-history.ts';
import { createSampler } from './sampler.ts';
import { type Source, watchSource, within } from './source.ts';
import { askSystem, fillGaps, isIncomplete, type StaticFacts } from './static-facts.ts';

export interface HardwareOptions {
  readonly clock: Clock;
  /** A folder on the volume whose space matters: the workspace. Without it there are no disk figures. */
  readonly workspace?: string;
  /** True while runs are live: then the machine is sampled every second even if nobody looks. */
  readonly busy?: () => boolean;
  /** Seconds between samples while somebody looks or runs are live, and otherwise. Default 1 and 10. */
  readonly intervals?: { readonly busy: number; readonly idle: number };
  /** Seconds that the start waits for a program that tells of the GPU; a later answer is taken in when it comes. Default 0.5. */
  readonly gpuPatience?: number;
  readonly platform?: NodeJS.Platform;
  readonly run?: RunProgram;
  readonly procFolder?: string;
  readonly cgroupFolder?: string;
  readonly coreTimes?: () => CoreTimes;
  /** Fills what detection left open. Default: `askSystem`. */
  readonly staticFacts?: () => Promise<StaticFacts | null>;
}

/** Seconds. A driver that is awake answers in a tenth of it. */
const GPU_PATIENCE = 0.5;
/** Gaps in the facts are filled this long after the start, when there is nothing better to do; in milliseconds. */
const FILL_AFTER_MS = 1_500;

/** Detects the machine, then samples it until `close`. Whatever the machine lacks is null, never an error. */
export async function createHardware(options: HardwareOptions): Promise<Hardware> {
  const { clock } = options;
  const system = await lookAt(options);
  const sources = [
    cpuSource(options.coreTimes),
    ...system.sources,
    ...(options.workspace === undefined ? [] : [diskSource(options.workspace)]),
  ].map((source) => watchSource(source, clock));
  const sampler = createSampler({
    sources,
    absent: system.absent,
    totalBytes: system.facts.memoryBytes,
    clock,
  });
  const processes = createProcessTable(system.processes, clock.monotonic);
  const history = createSampleHistory();
  const listeners = new Set<(sample: MachineSample) => void>();
  const intervals = options.intervals ?? { busy: 1, idle: 10 };
  let timer: NodeJS.Timeout | null = null;
  let closed = false;
  let { facts } = system;
  const fill = async (): Promise<void> => {
    const found = await (options.staticFacts ?? askSystem)();
    if (found !== null) facts = fillGaps(facts, found);
  };
  void system.gpu?.first.then(() => {
    facts = { ...facts, gpu: system.gpu?.gpu ?? null };
  });
  const filling = isIncomplete(facts) ? setTimeout(() => void fill(), FILL_AFTER_MS).unref() : undefined;

  const record = (sample: MachineSample): MachineSample => {
    if (closed) return sample;
    history.add(sample);
    for (const listener of listeners) listener(sample);
    return sample;
  };
  const schedule = (from: number): void => {
    if (closed) return;
    if (timer) clearTimeout(timer);
    const lively = listeners.size > 0 || options.busy?.() === true;
    // Measured from the start of the last sample, so that slow sources do not stretch the interval.
    const due = from + (lively ? intervals.busy : intervals.idle) - clock.monotonic();
    timer = setTimeout(() => void tick(), Math.max(0, due) * 1000);
    timer.unref();
  };
  let lastTick = clock.monotonic();
  const tick = async (): Promise<void> => {
    lastTick = clock.monotonic();
    // The next one is planned only afterwards: samples never pile up.
    record(await sampler.take(false));
    schedule(lastTick);
  };
  schedule(lastTick - intervals.idle);
  return {
    get facts() {
      return facts;
    },
    latest: () => history.latest(),
    sample: async () => record(await sampler.take(true)),
    history: (seconds, points) => history.since({ now: clock.now(), seconds, points }),
    onSample(listener) {
      // Its own function for each subscription: the same listener may come twice.
      const own = (sample: MachineSample): void => listener(sample);
      listeners.add(own);
      if (listeners.size === 1) schedule(lastTick);
      return () => {
        listeners.delete(own);
      };
    },
    trees: (roots) => processes.trees(roots),
    close() {
      closed = true;
      clearTimeout(filling);
      if (timer) clearTimeout(timer);
      listeners.clear();
    },
  };
}

interface System {
  readonly facts: HardwareFacts;
  readonly sources: Source[];
  readonly absent: Record<string, string>;
  /** Where the GPU may become known after the start. */
  readonly gpu?: NvidiaWatch;
  readonly processes: ProcessReader;
}

async function lookAt(options: HardwareOptions): Promise<System> {
  const run = options.run ?? runProgram;
  const platform = options.platform ?? process.platform;
  if (platform === 'darwin') {
    const facts = await readMacFacts(run);
    return {
      facts,
      sources: macSources({ run, memoryBytes: facts.memoryBytes }),
      absent: {},
      processes: macProcesses(run, options.clock.monotonic),
    };
  }
  if (platform === 'linux') {
    const folders = {
      procFolder: options.procFolder ?? '/proc',
      cgroupFolder: options.cgroupFolder ?? '/sys/fs/cgroup',
    };
    const gpu = watchNvidia({ run, clock: options.clock });
    const facts = readLinuxFacts(folders);
    await within(gpu.first, options.gpuPatience ?? GPU_PATIENCE);
    return {
      facts: { ...facts, gpu: gpu.gpu },
      sources: [...linuxSources(folders), gpu.source],
      absent: { thermal: 'not read on Linux' },
      gpu,
      processes: linuxProcesses(folders.procFolder),
    };
  }
  const count = cpus().length;
  return {
    facts: {
      platform: 'other',
      osVersion: `${platform} ${release()}`,
      model: null,
      chip: cpus()[0]?.model ?? 'unknown processor',
      architecture: arch(),
      memoryBytes: totalmem(),
      cores: count,
      coreLevels: [{ name: 'CPU', count, cpus: Array.from({ length: count }, (_, index) => index) }],
      gpu: null,
      translated: false,
      notes: [`Minibatch does not know how to watch memory and GPU on ${platform}.`],
    },
    sources: [],
    absent: { memory: `not read on ${platform}`, gpu: `not read on ${platform}` },
    processes: { rows: async () => [], details: async () => new Map() },
  };
}

function diskSource(folder: string): Source {
  return {
    name: 'disk',
    every: 10,
    timeout: 2,
    read: async () => {
      const found = await statfs(folder);
      return { disk: { freeBytes: found.bavail * found.bsize, totalBytes: found.blocks * found.bsize } };
    },
  };
}
